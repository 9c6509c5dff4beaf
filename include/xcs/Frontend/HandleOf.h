#pragma once
#include "xcs/Frontend/Record.h"

namespace xcs {

/// The handle that a value of the host program becomes.
template <class X> struct HandleForm {};
template <class X>
  requires(IsHandle<X> || IsRecord<X>)
struct HandleForm<X> {
  using type = X;
};
template <std::same_as<bool> X> struct HandleForm<X> {
  using type = Bool;
};
template <std::integral X>
  requires(!std::same_as<X, bool>)
struct HandleForm<X> {
  using type = I64;
};
template <std::floating_point X> struct HandleForm<X> {
  using type = F64;
};
template <class X>
  requires(std::is_convertible_v<const X &, std::string_view> && !IsHandle<X>)
struct HandleForm<X> {
  using type = Str;
};
template <class Count, class Unit> struct HandleForm<std::chrono::duration<Count, Unit>> {
  using type = Duration;
};
template <> struct HandleForm<std::vector<std::byte>> {
  using type = Bytes;
};
template <> struct HandleForm<JsonText> {
  using type = Json;
};
template <> struct HandleForm<std::monostate> {
  using type = None;
};
template <class X> using HandleOf = typename HandleForm<std::remove_cvref_t<X>>::type;

} // namespace xcs
