#include "xcs/Analysis/ValueNumbers.h"
#include "xcs/IR/Walk.h"
#include "xcs/Ops/CanonicalBytes.h"
#include "xcs/Ops/ConstantPool.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/xxhash.h"
#include <unordered_map>

using namespace xcs;

namespace {
/// xxh3 (https://xxhash.com) of the bytes put since the last digest.
class Hasher : public CanonicalBytes {
public:
  uint64_t finish() {
    uint64_t digest = llvm::xxh3_64bits(llvm::StringRef(bytes));
    bytes.clear();
    return digest;
  }

private:
  void put(std::string_view more) override { bytes += more; }
  std::string bytes; // kept, so that operations do not allocate
};

/// The visitor of walk().
class Numberer {
public:
  Numberer(const Module &module, const ComputationGraph &graph, std::vector<uint64_t> &numbers)
      : view(module.pool.view()), graph(graph), numbers(numbers), values(graph.valueCount()) {}

  void beginRegion(RegionId region);
  void endRegion(RegionId) { --depth; }
  bool beginOp(OpId op);
  void endOp(OpId) {}

private:
  uint64_t typeNumber(TypeId type);
  uint64_t requestNumber(const Operation &op);
  uint64_t constantNumber(const Operation &op);
  uint64_t numberOf(OpId op);

  const ConstantView view;
  const ComputationGraph &graph;
  std::vector<uint64_t> &numbers;
  std::vector<uint64_t> values;                               // by value
  std::unordered_map<uint32_t, uint64_t> types;               // of the types that occur
  std::unordered_map<uint64_t, uint64_t> requests, constants; // by code or type, and dictionary
  Hasher hasher;
  uint64_t depth = 0; // number of enclosing regions; a parameter of the function is at 0
};
} // namespace

void Numberer::beginRegion(RegionId region) {
  uint64_t position = 0;
  for (ValueRef argument : graph.arguments(region)) {
    hasher.text("argument");
    hasher.number(depth);
    hasher.number(position++);
    values[argument.index] = hasher.finish();
  }
  ++depth;
}

uint64_t Numberer::typeNumber(TypeId type) {
  auto [found, isNew] = types.try_emplace(type.index, uint64_t(0));
  uint64_t &number = found->second;
  if (isNew) {
    hasher.text(printType(view, type));
    number = hasher.finish();
  }
  return number;
}

uint64_t Numberer::requestNumber(const Operation &op) {
  auto [found, isNew] =
      requests.try_emplace(static_cast<uint64_t>(op.code) << 32 | op.attributes.index, uint64_t(0));
  if (isNew) {
    hasher.request(view, op.code, op.attributes);
    found->second = hasher.finish();
  }
  return found->second;
}

uint64_t Numberer::constantNumber(const Operation &op) {
  const TypeId type = graph.type(op.firstResult);
  auto [found, isNew] =
      constants.try_emplace(static_cast<uint64_t>(type.index) << 32 | op.attributes.index, uint64_t(0));
  if (isNew) {
    const uint64_t typed = typeNumber(type);
    hasher.text("constant");
    hasher.number(typed);
    hasher.value(valueOfAttr(view, view.find(op.attributes, Attribute::value), type));
    found->second = hasher.finish();
  }
  return found->second;
}

uint64_t Numberer::numberOf(OpId id) {
  const Operation &op = graph.operation(id);
  if (op.code == OpCode::core_const)
    return constantNumber(op);
  // The cached ones first: the hasher makes one digest at a time.
  const uint64_t request = requestNumber(op);
  for (ValueRef result : graph.results(id))
    (void)typeNumber(graph.type(result));
  hasher.text(rowOf(op.code).name);
  hasher.text(op.symbol ? view.text(op.symbol) : std::string_view());
  hasher.number(request);
  hasher.number(op.resultCount);
  for (ValueRef result : graph.results(id))
    hasher.number(types.find(graph.type(result).index)->second);
  hasher.number(op.operandCount);
  for (ValueRef operand : graph.operands(id))
    hasher.number(values[operand.index]);
  return hasher.finish();
}

bool Numberer::beginOp(OpId op) {
  const uint64_t number = numbers[op.index] = numberOf(op);
  uint64_t position = 0;
  for (ValueRef result : graph.results(op)) {
    values[result.index] = number;
    if (position++ == 0)
      continue;
    hasher.number(number);
    hasher.number(position - 1);
    values[result.index] = hasher.finish();
  }
  return true;
}

ValueNumbers::ValueNumbers(const Module &module, const Function &function)
    : numbers(function.graph.operationCount()) {
  Numberer numberer(module, function.graph, numbers);
  walk(function.graph, function.body, numberer);
}
