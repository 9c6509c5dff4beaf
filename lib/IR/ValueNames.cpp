#include "IR/ValueNames.h"
#include "xcs/IR/Walk.h"
#include "llvm/Support/raw_ostream.h"

using namespace xcs;

/// Walks a function as a reader of its text would, and assigns suffixes where a name would be ambiguous.
struct ValueNames::Reader {
  ValueNames &names;
  const ConstantPool &pool;
  const ComputationGraph &graph;
  uint32_t nextNumber = 0;

  bool taken(const std::string &text) const {
    StringId id = pool.lookup(text);
    return id && names.usedIn[id.index] == names.functionNumber;
  }

  void numberUnnamed(ValueRef v) {
    while (names.numberedNames && taken(std::to_string(nextNumber)))
      ++nextNumber;
    names.numbers[v.index] = nextNumber++;
  }

  void rename(ValueRef v, StringId name) {
    std::string stem = std::string(pool.text(name)) + '_';
    uint32_t &last = names.suffix[name.index];
    do
      ++last;
    while (taken(stem + std::to_string(last)));
    names.numbers[v.index] = last;
  }

  RegionId regionOf(ValueRef v) const {
    const ValueInfo &info = graph.value(v);
    return info.definedBy ? graph.operation(info.definedBy).parent : info.region;
  }

  void define(ValueRef v) {
    StringId name = graph.value(v).name;
    if (!name && names.inPlace.isUnwritten(v))
      return;
    if (!name)
      return numberUnnamed(v);
    ValueRef &meaning = names.meaning[name.index];
    if (meaning && regionOf(meaning) == regionOf(v)) // the parser accepts a name once per region
      return rename(v, name);
    names.hidden[v.index] = meaning;
    meaning = v;
  }

  /// Renames the values that hide `v` at a use of it.
  void use(ValueRef v) {
    if (v.index >= names.numbers.size() || names.numbers[v.index] != 0)
      return;
    StringId name = graph.value(v).name;
    if (!name)
      return;
    ValueRef &meaning = names.meaning[name.index];
    while (meaning && meaning != v) {
      rename(meaning, name);
      meaning = names.hidden[meaning.index];
    }
  }

  void forget(ValueRef v) {
    StringId name = graph.value(v).name;
    if (name && names.meaning[name.index] == v)
      names.meaning[name.index] = names.hidden[v.index];
  }

  void beginRegion(RegionId region) {
    for (ValueRef v : graph.arguments(region))
      define(v);
  }
  bool beginOp(OpId op) {
    for (ValueRef v : graph.allOperands(op))
      use(v);
    return true;
  }
  // The results of an operation are not visible in its regions.
  void endOp(OpId op) {
    for (ValueRef v : graph.results(op))
      define(v);
  }
  void endRegion(RegionId region) {
    for (ValueRef v : graph.arguments(region))
      forget(v);
    for (OpId op : graph.region(region).body)
      for (ValueRef v : graph.results(op))
        forget(v);
  }
};

ValueNames::ValueNames(const Module &module, const InPlace &inPlace) : module(module), inPlace(inPlace) {
  size_t strings = module.pool.view().strings.size();
  usedIn.resize(strings);
  suffix.resize(strings);
  meaning.resize(strings);
}

void ValueNames::enter(const Function &function) {
  graph = &function.graph;
  ++functionNumber;
  numberedNames = false;
  numbers.assign(graph->valueCount(), 0);
  hidden.resize(graph->valueCount());
  for (size_t i = 0; i < graph->valueCount(); ++i)
    if (StringId name = graph->value(ValueRef(i)).name) {
      usedIn[name.index] = functionNumber;
      suffix[name.index] = 0;
      std::string_view text = module.pool.text(name);
      numberedNames |= !text.empty() && text[0] >= '0' && text[0] <= '9';
    }
  Reader reader{*this, module.pool, *graph};
  walk(*graph, function.body, reader);
}

void ValueNames::print(ValueRef v, llvm::raw_ostream &out) const {
  if (v.index >= numbers.size()) {
    out << "%<none>"; // of a broken module, printed for debugging
    return;
  }
  StringId name = graph->value(v).name;
  out << '%';
  if (!name) {
    out << numbers[v.index];
    return;
  }
  out << module.pool.text(name);
  if (numbers[v.index] != 0)
    out << '_' << numbers[v.index];
}
