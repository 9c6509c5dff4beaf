#include "Transforms/OperationTable.h"
#include <algorithm>
#include <bit>

using namespace xcs;

static uint64_t combine(uint64_t hash, uint64_t v) {
  hash = (hash ^ v) * 0x9e3779b97f4a7c15u; // Fibonacci hashing: the golden ratio of 2^64
  return hash ^ (hash >> 32);
}

static bool isHint(OpCode code, std::string_view name) {
  if (name.find('.') == name.npos) // `hint.*`, `meta.*`
    return false;
  const AttrRow *row = findAttr(code, name);
  return row && rowOf(row->attribute).kind == AttrClass::Hint;
}

static uint64_t keyOf(const Operation &op) {
  return static_cast<uint64_t>(op.code) << 32 | op.attributes.index;
}

OperationTable::OperationTable(ConstantPool &pool, const ComputationGraph &graph)
    : graph(graph), buckets(std::bit_ceil(graph.operationCount() + 1), none), stamps(graph.operationCount()) {
  for (uint32_t i = 0; i < graph.operationCount(); ++i) {
    const Operation &op = graph.operation(OpId(i));
    std::vector<StringId> hints;
    for (const DictEntry &entry : pool.view().entries(op.attributes))
      if (isHint(op.code, pool.text(entry.key)))
        hints.push_back(entry.key);
    if (hints.empty() || hintFree.contains(keyOf(op)))
      continue;
    DictId left = op.attributes;
    for (StringId hint : hints)
      left = pool.withoutEntry(left, hint);
    hintFree.emplace(keyOf(op), left);
  }
}

/// The attributes that say what an operation computes.
DictId OperationTable::withoutHints(const Operation &op) const {
  if (hintFree.empty())
    return op.attributes;
  auto found = hintFree.find(keyOf(op));
  return found == hintFree.end() ? op.attributes : found->second;
}

uint64_t OperationTable::hashOf(OpId op) const {
  const Operation &o = graph.operation(op);
  uint64_t hash = combine(static_cast<uint64_t>(o.code), withoutHints(o).index);
  hash = combine(hash, static_cast<uint64_t>(o.symbol.index) << 32 | o.operandCount);
  for (ValueRef v : graph.allOperands(op))
    hash = combine(hash, v.index);
  // Casts of one value to several types differ only in this.
  for (ValueRef v : graph.results(op))
    hash = combine(hash, graph.type(v).index);
  return hash;
}

bool OperationTable::same(OpId a, OpId b) const {
  const Operation &x = graph.operation(a), &y = graph.operation(b);
  if (x.code != y.code || withoutHints(x) != withoutHints(y) || x.symbol != y.symbol ||
      x.operandCount != y.operandCount || x.orderCount != y.orderCount || x.resultCount != y.resultCount)
    return false;
  for (size_t i = 0; i != x.resultCount; ++i)
    if (graph.type(graph.results(a)[i]) != graph.type(graph.results(b)[i]))
      return false;
  std::span<const ValueRef> left = graph.allOperands(a), right = graph.allOperands(b);
  return std::equal(left.begin(), left.end(), right.begin(), right.end());
}

OpId OperationTable::find(OpId op) const {
  uint32_t hash = static_cast<uint32_t>(hashOf(op));
  for (uint32_t i = buckets[hash & (buckets.size() - 1)]; i != none; i = entries[i].next)
    if (entries[i].hash == hash && same(entries[i].op, op))
      return entries[i].op;
  return {};
}

void OperationTable::add(OpId op, uint64_t stamp) {
  uint32_t hash = static_cast<uint32_t>(hashOf(op));
  uint32_t &bucket = buckets[hash & (buckets.size() - 1)];
  stamps[op.index] = stamp;
  entries.push_back({op, hash, bucket});
  bucket = static_cast<uint32_t>(entries.size() - 1);
}

void OperationTable::closeScope() {
  for (; entries.size() != scopes.back(); entries.pop_back())
    buckets[entries.back().hash & (buckets.size() - 1)] = entries.back().next;
  scopes.pop_back();
}
