#pragma once
#include "xcs/Ops/OpTable.h"
#include "xcs/Ops/Value.h"
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace xcs {

/// The attributes that are part of a request (AttrClass::Request): name, and value as canonical text, in the
/// order of the names. Numbers are converted to the type of their row, a flag that is off is omitted, a
/// secret is represented by its name.
using RequestAttributes = std::vector<std::pair<std::string_view, std::string>>;
RequestAttributes requestAttributes(const ConstantView &view, OpCode code, DictId attributes);
RequestAttributes requestAttributes(const ConstantView &view, ResourceKind kind, DictId attributes);

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
  /// What `requestAttributes` gives.
  void request(const ConstantView &view, OpCode code, DictId attributes);
  void request(const ConstantView &view, ResourceKind kind, DictId attributes);

protected:
  virtual void put(std::string_view bytes) = 0;

private:
  void head(const Value &v);
  void request(const RequestAttributes &attributes);
};

} // namespace xcs
