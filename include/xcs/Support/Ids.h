#pragma once
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace xcs {

/// A dense 32-bit index with its own type: ids of different tables do not mix. Trivially copyable; owns
/// nothing. The all-ones index means "none".
template <class Tag> struct Id {
  static constexpr uint32_t noneIndex = UINT32_MAX;
  uint32_t index = noneIndex;

  constexpr Id() = default;
  constexpr explicit Id(uint32_t i) : index(i) {}
  constexpr explicit Id(size_t i) : index(static_cast<uint32_t>(i)) {}
  constexpr bool valid() const { return index != noneIndex; }
  constexpr explicit operator bool() const { return valid(); }
  constexpr auto operator<=>(const Id &) const = default;
};

/// Interned text; see Ops/ConstantPool.h.
using StringId = Id<struct StringTag>;
/// Interned type; see Ops/ConstantPool.h.
using TypeId = Id<struct TypeTag>;
/// Interned attribute value (a literal); see Ops/ConstantPool.h.
using AttrId = Id<struct AttrTag>;
/// Interned attribute dictionary; see Ops/ConstantPool.h.
using DictId = Id<struct DictTag>;

} // namespace xcs

template <class Tag> struct std::hash<xcs::Id<Tag>> {
  size_t operator()(xcs::Id<Tag> id) const { return std::hash<uint32_t>()(id.index); }
};
