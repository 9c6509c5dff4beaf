#include "Syntax/NameResolver.h"
#include "xcs/Ops/Value.h"
#include <algorithm>

using namespace xcs;

// The values of a NameResolver: names of constants and types in attributes, constants and defaults.

/// Values are interned after their parts, so one pass in the order of their ids finds all.
void NameResolver::markAffected() {
  const ConstantView view = module.pool.view();
  affected.resize(view.attrs.size());
  for (size_t i = 0; i != affected.size(); ++i) {
    const AttrId id(i);
    const AttrNode &node = view.attr(id);
    if (node.kind == AttrKind::Symbol) {
      affected[i] = true;
    } else if (node.kind == AttrKind::Type) {
      const TypeId type(static_cast<uint32_t>(node.payload));
      affected[i] = meaningOf(type) != type;
    } else if (node.kind == AttrKind::List) {
      for (AttrId item : view.items(id))
        affected[i] = affected[i] || affected[item.index];
    } else if (node.kind == AttrKind::Dict) {
      for (const DictEntry &entry : view.entries(DictId(static_cast<uint32_t>(node.payload))))
        affected[i] = affected[i] || affected[entry.value.index];
    }
  }
}

/// The value or type that a name means.
AttrId NameResolver::replacedName(AttrId symbol, size_t file, Location at, Place place) {
  const StringId written = module.pool.view().symbolOf(symbol);
  const std::string text = "@" + std::string(module.pool.text(written));
  if (place == Place::Constant) {
    diagnostics.report(Diag::WrongSymbol, at, {text, "a name", "a value", "; write the value itself"});
    return symbol;
  }
  const StringId name =
      place == Place::Free ? program.findName(file, written) : program.nameIn(file, written, at, diagnostics);
  const std::optional<SymbolTarget> target = name ? module.lookup(name) : std::nullopt;
  if (target && target->kind == SymbolTarget::Kind::Constant)
    return module.constants[target->index].value;
  if (target && target->kind == SymbolTarget::Kind::Type)
    return module.pool.typeAttr(module.typeNames[target->index].type);
  if (place == Place::Free)
    return symbol;
  if (target)
    diagnostics.report(Diag::WrongSymbol, at,
                       {text, describe(module, *target), "a constant", "; name one that `const` declares"});
  else if (name)
    reportUnknownName(module, diagnostics, at, written, SymbolTarget::Kind::Constant);
  return symbol;
}

/// A value with all names in it replaced. The way down is a list: literals nest as deep as the text.
AttrId NameResolver::replaced(AttrId root, size_t file, Location at, Place place) {
  const auto key = [&](AttrId value) { return uint64_t(value.index) << 2 | static_cast<uint64_t>(place); };
  const auto result = [&](AttrId value) { return isAffected(value) ? known.at(key(value)) : value; };
  std::vector<std::pair<AttrId, bool>> way{{root, false}};
  while (!way.empty()) {
    const auto [value, entered] = way.back();
    const AttrNode node = module.pool.view().attr(value);
    const DictId dict(static_cast<uint32_t>(node.payload));
    if (!isAffected(value) || known.contains(key(value))) {
      way.pop_back();
    } else if (!entered) {
      way.back().second = true;
      const ConstantView view = module.pool.view();
      if (node.kind == AttrKind::List)
        for (AttrId item : view.items(value))
          way.push_back({item, false});
      if (node.kind == AttrKind::Dict)
        for (const DictEntry &entry : view.entries(dict))
          way.push_back({entry.value, false});
    } else {
      way.pop_back();
      AttrId made = value;
      const ConstantView view = module.pool.view();
      if (node.kind == AttrKind::Symbol) {
        made = replacedName(value, file, at, place);
      } else if (node.kind == AttrKind::Type) {
        made = module.pool.typeAttr(meaningOf(TypeId(static_cast<uint32_t>(node.payload))));
      } else if (node.kind == AttrKind::List) {
        std::vector<AttrId> items(view.items(value).begin(), view.items(value).end());
        for (AttrId &item : items)
          item = result(item);
        made = module.pool.listAttr(items);
      } else if (node.kind == AttrKind::Dict) {
        std::vector<DictEntry> entries(view.entries(dict).begin(), view.entries(dict).end());
        for (DictEntry &entry : entries)
          entry.value = result(entry.value);
        made = module.pool.dictAttr(module.pool.dict(entries));
      }
      known.emplace(key(value), made);
    }
  }
  return result(root);
}

/// The attributes of one owner; `isSymbol` says by the key whether a symbol is wanted, which stays one.
template <class IsSymbol>
DictId NameResolver::replacedIn(DictId dict, size_t file, Location at, IsSymbol isSymbol, Place place) {
  const std::span<const DictEntry> all = module.pool.view().entries(dict);
  if (std::none_of(all.begin(), all.end(), [&](const DictEntry &entry) { return isAffected(entry.value); }))
    return dict;
  std::vector<DictEntry> entries(all.begin(), all.end());
  for (DictEntry &entry : entries)
    if (isAffected(entry.value) && !isSymbol(module.pool.text(entry.key), entry.value))
      entry.value = replaced(entry.value, file, at, place);
  return module.pool.dict(entries);
}

/// A default has the type of its parameter; `none` is the option that holds nothing.
void NameResolver::resolveDefaults(Function &function, size_t index, size_t file) {
  ConstantPool &pool = module.pool;
  const ComputationGraph::ValueRange parameters = function.graph.arguments(function.body);
  const std::vector<Location> &places = program.operands.of(index).defaults;
  for (size_t i = 0; i != function.defaults.size(); ++i) {
    AttrId &value = function.defaults[i];
    const ValueRef parameter = parameters[parameters.size() - function.defaults.size() + i];
    const TypeId type = function.graph.type(parameter);
    const TypeKind kind = pool.kind(type);
    const size_t before = diagnostics.errorCount();
    value = replaced(value, file, places[i], Place::Attribute);
    const AttrNode node = pool.view().attr(value);
    if (diagnostics.errorCount() != before || node.kind == AttrKind::Symbol)
      continue;
    const bool isNone = node.kind == AttrKind::Type &&
                        pool.kind(TypeId(static_cast<uint32_t>(node.payload))) == TypeKind::None;
    if (isNone && (kind == TypeKind::Option || kind == TypeKind::None))
      value = pool.unitAttr();
    else if (kind == TypeKind::F64 && node.kind == AttrKind::I64)
      value = pool.floatAttr(static_cast<double>(static_cast<int64_t>(node.payload)));
    if (valueOfAttr(pool.view(), value, type).empty()) {
      TypeTexts &texts = typeTexts ? *typeTexts : typeTexts.emplace(module);
      diagnostics.report(Diag::DefaultType, places[i],
                         {isNone ? "none" : printAttr(pool.view(), value),
                          "%" + std::string(pool.text(function.graph.value(parameter).name)),
                          texts.of(type)});
      texts.explain(diagnostics);
    }
  }
}

void NameResolver::resolveFunction(Function &function, size_t index, size_t file) {
  ComputationGraph &graph = function.graph;
  const std::vector<ValueRef> &literals = program.operands.of(index).literals;
  const auto none = [](std::string_view, AttrId) { return false; };
  function.attributes = replacedIn(function.attributes, file, function.location, none, Place::Free);
  for (uint32_t i = 0; i != graph.operationCount(); ++i) {
    const Operation &op = graph.operation(OpId(i));
    // Literal operands get their values with their types.
    if (!op.attributes || (op.code == OpCode::core_const && op.resultCount == 1 &&
                           std::binary_search(literals.begin(), literals.end(), op.firstResult)))
      continue;
    const OpCode code = op.code;
    const DictId now = replacedIn(op.attributes, file, op.location, [&](std::string_view key, AttrId value) {
      const AttrRow *row = findAttr(code, key);
      return !row || row->type == AttrType::Symbol ||
             (row->type == AttrType::Slots && module.pool.view().attr(value).kind != AttrKind::Dict);
    });
    if (now != op.attributes)
      graph.setAttributes(OpId(i), now);
  }
  resolveDefaults(function, index, file);
}

void NameResolver::resolveFile(size_t file) {
  const ProgramParts::FileBegin begin = program.beginOf(file), end = program.beginOf(file + 1);
  known.clear(); // what is private to a file means something else in another
  for (size_t i = begin.resource; i != end.resource; ++i) {
    Resource &resource = module.resources[i];
    const std::span<const AttrRow> rows = rowOf(resource.kind).attributes.all();
    resource.attributes =
        replacedIn(resource.attributes, file, resource.location, [rows](std::string_view key, AttrId) {
          const auto row =
              std::find_if(rows.begin(), rows.end(), [key](const AttrRow &r) { return r.name == key; });
          return row == rows.end() || row->type == AttrType::Symbol;
        });
  }
  for (size_t i = begin.function; i != end.function; ++i)
    resolveFunction(*module.functions[i], i, file);
}

void NameResolver::resolveValues() {
  markAffected();
  const bool any = std::find(affected.begin(), affected.end(), true) != affected.end();
  if (!any && !program.operands.hasDefaults())
    return;
  for (ModuleConstant &constant : module.constants)
    constant.value = replaced(constant.value, 0, constant.location, Place::Constant);
  known.clear();
  const auto none = [](std::string_view, AttrId) { return false; };
  module.attributes = replacedIn(module.attributes, 0, Location(), none, Place::Free);
  for (size_t file = 0; file != program.fileCount(); ++file)
    resolveFile(file);
}
