#pragma once
#include "xcs/Ops/Kernel.h"
#include "llvm/Support/JSON.h"
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace xcs {

/// Members of a request's JSON that have no operand or attribute of their own: what `extra` of a model, of an
/// operation and of an options record say. Of entries with the same name the one that is added last counts.
class ExtraMembers {
public:
  ExtraMembers(const ConstantView &constants, const Limits &limits) : c(constants), limits(limits) {}

  /// Adds the attribute `extra` of a resource or an operation, if there is one; the verifiers have checked
  /// it. False, with the error, when its JSON exceeds a limit.
  bool addAttribute(DictId owner, OpError &error);
  /// Adds the members of an option, which is a JSON value. False, with the error, when it is not an object,
  /// or has a member that operands and attributes say.
  bool addOption(const Value &value, OpError &error);
  bool has(std::string_view name) const;
  /// Writes all of them into the object that is open.
  void write(llvm::json::OStream &json) const;

private:
  bool add(std::string_view name, const Value &value, OpError &error);

  const ConstantView &c;
  const Limits &limits;
  std::vector<std::pair<std::string, std::string>> members; // name, JSON
};

} // namespace xcs
