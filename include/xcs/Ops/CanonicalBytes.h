#pragma once
#include "xcs/Ops/OpTable.h"
#include "xcs/Ops/Value.h"

namespace xcs {

/// Takes the bytes that identities are digests of. The bytes are equal for equal things, however those are
/// written, and the same on every machine; parts are told apart by their lengths.
class CanonicalBytes {
public:
  virtual ~CanonicalBytes() = default;

  void number(uint64_t v);
  void text(std::string_view v);
  /// A value with all that is in it: of a float its bits, with one nan. In preorder, without recursion.
  void value(const Value &v);
  /// The attributes that are part of what is asked for (AttrClass::Request), by name: in the order of their
  /// names, numbers as their row wants them, a flag that is off as one that is not there, a secret as its
  /// name.
  void request(const ConstantView &view, OpCode code, DictId attributes);
  void request(const ConstantView &view, ResourceKind kind, DictId attributes);

protected:
  virtual void put(std::string_view bytes) = 0;

private:
  void head(const Value &v);
  template <class FindRow> void requestOf(const ConstantView &view, DictId attributes, FindRow findRow);
};

} // namespace xcs
