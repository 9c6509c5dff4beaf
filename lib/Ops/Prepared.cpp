#include "xcs/Ops/Prepared.h"
#include "Ops/CompiledSchema.h"
#include "Ops/RegexCache.h"
#include "xcs/Ops/Template.h"
#include <algorithm>
#include <vector>

using namespace xcs;

namespace {

// Which operations have something to prepare is needed for every operation of a plan, so it is a table,
// computed from the rows at compile time.
constexpr uint8_t noRow = UINT8_MAX;
consteval uint8_t rowNamed(const AttrListText &rows, std::string_view name) {
  for (uint8_t i = 0; i < rows.count; ++i)
    if (rows.rows[i].name == name)
      return i;
  return noRow;
}
struct Wanted {
  uint8_t pattern, schema;
};
constexpr Wanted wanted[] = {
#define XCS_OP(id, name, signature, attributes, effect, totality, capability, cost, doc)                     \
  {rowNamed(attributes, "pattern"), rowNamed(attributes, "schema")},
#include "xcs/Ops/Ops.def"
};

} // namespace

PreparedAttrs::PreparedAttrs(const Limits &limits)
    : limits(limits), patterns(std::make_unique<RegexCache>(limits)) {}
PreparedAttrs::~PreparedAttrs() = default;

void PreparedAttrs::add(const ConstantView &view, OpCode code, std::span<const AttrId> attributes) {
  const Wanted &rows = wanted[static_cast<size_t>(code)];
  if (rows.pattern != noRow) {
    const AttrId pattern = attributes[rows.pattern];
    if (!pattern) // it is an operand
      return;
    if (auto [at, isNew] = regexes.try_emplace(pattern.index); isNew)
      at->second.made = Regex::compile(view.textAttr(pattern), limits, at->second.wrong);
  }
  if (rows.schema != noRow) {
    AttrId schema = attributes[rows.schema];
    if (!schema) // a model's answer need not have one
      return;
    if (auto [at, isNew] = schemas.try_emplace(schema.index); isNew)
      at->second.made = CompiledSchema::ofAttr(view, schema, limits, at->second.wrong);
  }
}

std::optional<size_t> PreparedAttrs::placeholderCount(const ConstantView &view, AttrId text) {
  auto [at, isNew] = placeholders.try_emplace(text.index);
  std::vector<TemplatePart> parts;
  TemplateError wrong;
  if (isNew && splitTemplate(view.textAttr(text), TemplatePart::literal, parts, wrong)) {
    size_t count = 0;
    for (const TemplatePart &part : parts)
      if (part.operand != TemplatePart::literal)
        count = std::max(count, part.operand + 1);
    at->second = count;
  }
  return at->second;
}

TypeId PreparedAttrs::fieldOf(const ConstantView &view, TypeId record, std::string_view name) {
  std::optional<size_t> field = recordFields.find(view, record, name);
  return field ? view.fields(record)[*field].type : TypeId();
}

const Regex *PreparedAttrs::regex(AttrId pattern) const {
  auto at = regexes.find(pattern.index);
  return at == regexes.end() ? nullptr : at->second.made.get();
}

std::shared_ptr<const Regex> PreparedAttrs::patternOf(std::string_view text, std::string &why) const {
  return patterns->get(text, why);
}

const CompiledSchema *PreparedAttrs::schema(AttrId schema) const {
  auto at = schemas.find(schema.index);
  return at == schemas.end() ? nullptr : at->second.made.get();
}

std::string_view PreparedAttrs::regexError(AttrId pattern) const {
  auto at = regexes.find(pattern.index);
  return at == regexes.end() ? std::string_view() : at->second.wrong;
}

std::string_view PreparedAttrs::schemaError(AttrId schema) const {
  auto at = schemas.find(schema.index);
  return at == schemas.end() ? std::string_view() : at->second.wrong;
}
