#include "Compiler/ModuleKey.h"
#include "xcs/IR/Walk.h"
#include <algorithm>

using namespace xcs;

namespace {

/// Numbers in seven bits a byte, least first, as in LEB128; texts after their length.
class KeyBytes {
public:
  explicit KeyBytes(std::string &out) : out(out) {}

  void number(uint64_t v) {
    for (; v >= 0x80; v >>= 7)
      out += static_cast<char>(v | 0x80);
    out += static_cast<char>(v);
  }
  void text(std::string_view v) {
    number(v.size());
    out += v;
  }

private:
  std::string &out;
};

/// Numbers of what has occurred: the first time it is written out, later by its number.
class Seen {
public:
  /// The number of an id from 1; 0 if it is new, and then it has the next one.
  uint32_t of(uint32_t id) {
    if (numbers.size() <= id)
      numbers.resize(std::max<size_t>(id + 1, 2 * numbers.size()));
    if (numbers[id] != 0)
      return numbers[id];
    numbers[id] = ++last;
    return 0;
  }

private:
  std::vector<uint32_t> numbers;
  uint32_t last = 0;
};

/// Writes a module; the visitor of walk() for its functions.
class ModuleKey {
public:
  ModuleKey(std::string &out, const Module &module) : out(out), module(module), view(module.pool.view()) {}

  void write();

  void beginRegion(RegionId region);
  void endRegion(RegionId) { out.number(mark(Mark::End)); }
  bool beginOp(OpId op);
  void endOp(OpId) {}

private:
  /// What comes next where several things may.
  enum class Mark : uint8_t { End, Operation, Region };
  static uint64_t mark(Mark m) { return static_cast<uint64_t>(m); }
  /// Something that is still to be written.
  struct Part {
    enum class Kind : uint8_t { Type, Attr, Text } kind;
    uint32_t id;
  };

  void text(StringId id) {
    if (!id)
      return out.number(1); // a number that no other text has: `known` counts from 2
    const uint32_t known = texts.of(id.index);
    out.number(known == 0 ? 0 : known + 1);
    if (known == 0)
      out.text(view.text(id));
  }
  void type(TypeId id) { parts(Part{Part::Kind::Type, id.index}); }
  void dict(DictId id);
  void parts(Part first);
  void head(Part part);
  void headOfType(TypeId id);
  void headOfAttr(AttrId id);
  void pushEntries(DictId id);
  void place(Location at);
  void function(const Function &function);
  void value(ValueRef v);

  KeyBytes out;
  const Module &module;
  const ConstantView view;
  Seen texts, types, attrs;
  std::vector<Part> left;
  const ComputationGraph *graph = nullptr;
  std::vector<uint32_t> values; // of the function: their numbers, in the order of their definitions
  uint32_t lastValue = 0;
  std::string lastFile;
};

} // namespace

void ModuleKey::headOfType(TypeId id) {
  const uint32_t known = types.of(id.index);
  out.number(known);
  if (known != 0)
    return;
  const std::span<const TypeField> fields = view.fields(id);
  out.number(static_cast<uint64_t>(view.kind(id)));
  out.number(fields.size());
  for (size_t i = fields.size(); i-- != 0;) {
    left.push_back({Part::Kind::Type, fields[i].type.index});
    left.push_back({Part::Kind::Text, fields[i].name.index});
  }
}

void ModuleKey::pushEntries(DictId id) {
  const std::span<const DictEntry> entries = view.entries(id);
  out.number(entries.size());
  for (size_t i = entries.size(); i-- != 0;) {
    left.push_back({Part::Kind::Attr, entries[i].value.index});
    left.push_back({Part::Kind::Text, entries[i].key.index});
  }
}

void ModuleKey::headOfAttr(AttrId id) {
  const uint32_t known = attrs.of(id.index);
  out.number(known);
  if (known != 0)
    return;
  const AttrNode &node = view.attr(id);
  out.number(static_cast<uint64_t>(node.kind));
  switch (node.kind) {
  case AttrKind::Unit:
    return;
  case AttrKind::Bool:
  case AttrKind::I64:
  case AttrKind::F64:
  case AttrKind::Duration:
    return out.number(node.payload);
  case AttrKind::Str:
  case AttrKind::Symbol:
  case AttrKind::Env:
    return text(view.symbolOf(id));
  case AttrKind::Secret:
    text(view.symbolOf(id));
    return text(StringId(node.count));
  case AttrKind::Type:
    left.push_back({Part::Kind::Type, static_cast<uint32_t>(node.payload)});
    return;
  case AttrKind::List: {
    const std::span<const AttrId> items = view.items(id);
    out.number(items.size());
    for (size_t i = items.size(); i-- != 0;)
      left.push_back({Part::Kind::Attr, items[i].index});
    return;
  }
  case AttrKind::Dict:
    return pushEntries(DictId(static_cast<uint32_t>(node.payload)));
  }
}

void ModuleKey::head(Part part) {
  switch (part.kind) {
  case Part::Kind::Type:
    return headOfType(TypeId(part.id));
  case Part::Kind::Attr:
    return headOfAttr(AttrId(part.id));
  case Part::Kind::Text:
    return text(StringId(part.id));
  }
}

/// In preorder: a part comes before what follows it in the whole.
void ModuleKey::parts(Part first) {
  left.push_back(first);
  while (!left.empty()) {
    const Part part = left.back();
    left.pop_back();
    head(part);
  }
}

void ModuleKey::dict(DictId id) {
  pushEntries(id);
  while (!left.empty()) {
    const Part part = left.back();
    left.pop_back();
    head(part);
  }
}

/// File, line and column, and those of the calls that were replaced around it.
void ModuleKey::place(Location at) {
  for (; at.known(); at = module.locations.callerOf(at)) {
    const LineColumn where = module.locations.resolve(at);
    const bool isSame = where.file == lastFile;
    out.number(isSame ? 1 : 2);
    if (!isSame) {
      lastFile = where.file;
      out.text(where.file);
    }
    out.number(where.line);
    out.number(where.column);
  }
  out.number(0);
}

void ModuleKey::value(ValueRef v) {
  values[v.index] = ++lastValue;
  type(graph->type(v));
  text(graph->value(v).name);
}

void ModuleKey::beginRegion(RegionId region) {
  out.number(mark(Mark::Region));
  const ComputationGraph::ValueRange arguments = graph->arguments(region);
  out.number(arguments.size());
  for (ValueRef v : arguments)
    value(v);
}

bool ModuleKey::beginOp(OpId op) {
  const Operation &o = graph->operation(op);
  out.number(mark(Mark::Operation));
  out.number(static_cast<uint64_t>(o.code));
  text(o.symbol);
  dict(o.attributes);
  dict(graph->facts(op));
  text(graph->drawName(op));
  out.number(graph->operands(op).size());
  for (ValueRef v : graph->allOperands(op))
    out.number(v.index < values.size() ? values[v.index]
                                       : 0); // 0: not defined before, which no plan comes from
  out.number(o.orderCount);
  out.number(o.resultCount);
  for (ValueRef v : graph->results(op))
    value(v);
  out.number(o.regionCount);
  place(o.location);
  return true;
}

void ModuleKey::function(const Function &f) {
  graph = &f.graph;
  values.assign(graph->valueCount(), 0);
  lastValue = 0;
  text(f.symbol);
  out.number(f.isPrivate);
  dict(f.attributes);
  place(f.location);
  out.number(f.resultTypes.size());
  for (TypeId result : f.resultTypes)
    type(result);
  out.number(f.defaults.size());
  for (AttrId value : f.defaults)
    parts({Part::Kind::Attr, value.index});
  walk(*graph, f.body, *this);
}

void ModuleKey::write() {
  text(module.name);
  dict(module.attributes);
  out.text(module.startDirectory);
  out.number(module.resources.size());
  for (const Resource &resource : module.resources) {
    out.number(static_cast<uint64_t>(resource.kind));
    text(resource.symbol);
    dict(resource.attributes);
    place(resource.location);
  }
  out.number(module.functions.size());
  for (const auto &f : module.functions)
    function(*f);
}

void xcs::appendModuleKey(std::string &out, const Module &module) { ModuleKey(out, module).write(); }

void xcs::appendOptionsKey(std::string &out, const CompileOptions &options) {
  KeyBytes bytes(out);
  bytes.number(options.passes ? 4 : options.level);
  bytes.number(options.rerolls);
  bytes.number(options.nameDraws);
  bytes.number(options.manager.verifyEach);
  bytes.number(options.manager.checkEach);
  bytes.text(options.startDirectory);
  for (size_t i = 0; i < limitCount; ++i)
    bytes.number(options.limits[static_cast<Limit>(i)]);
  bytes.number(options.manager.disabled.size());
  for (const std::string &name : options.manager.disabled)
    bytes.text(name);
  if (!options.passes)
    return;
  bytes.number(options.passes->size());
  for (const PipelineStep &step : *options.passes) {
    bytes.number(reinterpret_cast<uintptr_t>(step.row));
    bytes.text(step.options);
  }
}
