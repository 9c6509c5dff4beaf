#include "Frontend/TraceState.h"
#include "xcs/Support/Utf8.h"
#include "llvm/ADT/StringExtras.h"
#include <algorithm>

using namespace xcs;

/// The name of a file without its directories: a draw has the same name wherever the program lies.
static std::string drawBase(const TraceOrigin &origin) {
  const std::string_view file = origin.file.substr(origin.file.rfind('/') + 1);
  std::string name = readableText(file);
  for (char &c : name)
    if (hasControlCharacter({&c, 1}))
      c = '?';
  if (hasControlCharacter(name)) // one of several bytes
    name.clear();
  return (name.empty() ? "?" : name) + ":" + std::to_string(origin.line);
}

const OpenSegment::Site &OpenSegment::siteOf(const TraceOrigin &origin) {
  const StringId file = module->pool.intern(origin.file);
  const uint64_t key = static_cast<uint64_t>(file.index) << 32 | origin.line;
  auto [at, isNew] = sites.try_emplace(key);
  if (isNew) {
    if (origin.line != 0)
      at->second.location =
          module->locations.addExplicit(readableText(origin.file), origin.line, origin.column);
    at->second.draw = module->pool.intern(drawBase(origin));
  }
  return at->second;
}

bool OpenSegment::isNumbered(std::string_view name) {
  return name.size() > 1 && name[0] == 'p' && std::ranges::all_of(name.substr(1), llvm::isDigit);
}

uint32_t OpenSegment::addParameter(TypeId type, StringId name, TraceSegment::Binding binding) {
  parameters.push_back({type, name});
  bindings.push_back(std::move(binding));
  return static_cast<uint32_t>(parameters.size() - 1);
}

void OpenSegment::addOp(Op op, std::span<const Source> from) {
  op.firstOperand = static_cast<uint32_t>(operands.size());
  op.operandCount = static_cast<uint32_t>(from.size());
  operands.insert(operands.end(), from.begin(), from.end());
  ops.push_back(op);
}

void OpenSegment::build(std::string_view symbol, std::span<const Source> results) {
  std::vector<std::string> names(parameters.size());
  std::vector<Builder::Parameter> taken;
  for (size_t i = 0; i < parameters.size(); ++i) {
    names[i] =
        parameters[i].name ? std::string(module->pool.text(parameters[i].name)) : "p" + std::to_string(i);
    taken.push_back({names[i], parameters[i].type});
  }
  std::vector<TypeId> types;
  for (Source result : results)
    types.push_back(typeOf(result));
  Function &function = addFunction(*module, symbol, taken, types);
  Builder builder(*module, function);
  std::vector<ValueRef> values, from;
  values.reserve(ops.size());
  auto valueOf = [&](Source source) {
    return source.isParameter ? builder.argument(source.index) : values[source.index];
  };
  for (const Op &op : ops) {
    from.clear();
    for (uint32_t i = 0; i < op.operandCount; ++i)
      from.push_back(valueOf(operands[op.firstOperand + i]));
    builder.setLocation(op.location);
    const OpId made = builder.op(op.code, from);
    function.graph.setAttributes(made, op.attributes);
    function.graph.setSymbol(made, op.symbol);
    values.push_back(builder.result(made, op.result));
  }
  from.clear();
  for (Source result : results)
    from.push_back(valueOf(result));
  builder.setLocation(Location());
  builder.op(OpCode::core_return, from);
}
