#pragma once
#include "xcs/Ops/OpTable.h"
#include "xcs/Ops/Value.h"

namespace xcs {

/// Produces the bytes from which identities are digested. Equal things give equal bytes, however they are
/// written and on every machine. Lengths keep the parts apart.
class CanonicalBytes {
public:
  virtual ~CanonicalBytes() = default;

  void number(uint64_t v);
  void text(std::string_view v);
  /// A value with everything in it; floats as their bits, with all nans equal. In preorder, without
  /// recursion.
  void value(const Value &v);
  /// The attributes that are part of the request (AttrClass::Request), in the order of their names. Numbers
  /// are converted to the type of their row, a flag that is off is omitted, a secret is represented by its
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
