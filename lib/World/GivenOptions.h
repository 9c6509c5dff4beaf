#pragma once
#include "World/Access.h"
#include "xcs/Ops/RequestForm.h"

namespace xcs {

/// What an `http.request` or `exec.run` is given after its first operand: what it sends, and options, each of
/// which takes the place of the attribute of its name. The operation must outlive it.
class GivenOptions {
public:
  explicit GivenOptions(const WorldOp::Site &site);

  /// What is sent; null: nothing is given.
  const Value *content() const { return sent; }
  /// The value of an option; null: it is not given.
  const Value *find(std::string_view name) const;
  /// A deadline: the option, or else the attribute of the operation or of its resource; 0: none.
  int64_t deadline(Attribute attribute) const;
  /// An option that no run could follow.
  std::optional<AccessError> wrong() const;

private:
  const WorldOp::Site &site;
  const Value *sent = nullptr, *record = nullptr;
  std::span<const TypeField> fields;
};

} // namespace xcs
