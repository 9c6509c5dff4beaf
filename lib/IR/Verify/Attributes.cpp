#include "IR/Verify/VerifyContext.h"
#include "xcs/Ops/AttributeValues.h"
#include "xcs/Ops/SignatureMatch.h"
#include "xcs/Support/NearestName.h"
#include "xcs/Support/SourcePlaces.h"

using namespace xcs;

/// What a row requires, as messages say it.
static std::string_view describe(AttrType type) {
  switch (type) {
  case AttrType::Bool:
    return "`true` or `false`";
  case AttrType::I64:
    return "an integer";
  case AttrType::F64:
    return "a number";
  case AttrType::Str:
    return "a string";
  case AttrType::Duration:
    return "a duration such as `250ms`";
  case AttrType::Symbol:
    return "a symbol `@name`";
  case AttrType::Type:
    return "a type";
  case AttrType::List:
    return "a list";
  case AttrType::Dict:
    return "a dictionary `{..}`";
  case AttrType::Flag:
    return "a flag: the bare name, or `true` or `false`";
  case AttrType::Any:
    return "a literal";
  case AttrType::Texts:
    return "a list of strings";
  case AttrType::Names:
    return "a string, or a list of strings";
  case AttrType::Slots:
    return "a symbol `@name`, or `{@name = 2, ..}` with how many slots it takes";
  }
  return {};
}

static Location placeOf(const VerifyContext &context, const AttributeOwner &owner, std::string_view name) {
  return context.shown() ? attributePlace(context.module.locations, owner.location, name) : owner.location;
}

/// Suggests the nearest name among those that the owner may have.
static void reportUnknown(VerifyContext &context, const AttributeOwner &owner, std::string_view name) {
  NearestName nearest(name);
  for (const AttrRow &row : owner.rows)
    nearest.offer(row.name);
  if (owner.code)
    for (const AttrRow &row : commonAttrs())
      if (findAttr(*owner.code, row.name)) // some are only for operations that touch the world
        nearest.offer(row.name);
  context.error(Diag::UnknownAttribute, placeOf(context, owner, name),
                {owner.name, name, nearest.suggestion()});
}

/// Its own rows come first: they are the ones counted as given.
static const AttrRow *findRow(const AttributeOwner &owner, std::string_view name) {
  for (const AttrRow &row : owner.rows)
    if (row.name == name)
      return &row;
  return owner.code ? findAttr(*owner.code, name) : nullptr;
}

bool xcs::checkAttributes(VerifyContext &context, const AttributeOwner &owner, DictId attributes) {
  const ConstantView &view = context.view;
  uint32_t given = 0; // one bit per row
  size_t before = context.diagnostics.errorCount();
  static_assert(AttrListText::maxRows <= 32);
  for (const DictEntry &entry : view.entries(attributes)) {
    std::string_view name = view.text(entry.key);
    const AttrRow *row = findRow(owner, name);
    if (!row) {
      reportUnknown(context, owner, name);
      continue;
    }
    if (row >= owner.rows.data() && row < owner.rows.data() + owner.rows.size())
      given |= 1u << (row - owner.rows.data());
    if (!fitsAttrType(view, entry.value, row->type)) {
      bool bare = view.attr(entry.value).kind == AttrKind::Unit;
      std::string found = bare ? "a bare name" : "`" + printAttr(view, entry.value) + "`";
      context.error(Diag::AttributeType, placeOf(context, owner, name),
                    {name, owner.name, describe(row->type), found});
      continue;
    }
    // Only a value of the right type is inspected.
    if (std::string wrong = wrongValue(view, row->attribute, entry.value); !wrong.empty())
      context.error(Diag::BadAttribute, placeOf(context, owner, name), {name, owner.name, wrong});
    else if (row->attribute == Attribute::limit)
      checkLimit(context, placeOf(context, owner, name), owner.name, entry.value);
  }
  for (size_t i = 0; i < owner.rows.size(); ++i)
    if (owner.rows[i].required && !(given & (1u << i)))
      context.error(Diag::MissingAttribute, owner.location,
                    {owner.name, owner.rows[i].name, describe(owner.rows[i].type)});
  return context.diagnostics.errorCount() == before;
}

bool xcs::checkFacts(VerifyContext &context, const AttributeOwner &owner, DictId facts) {
  size_t before = context.diagnostics.errorCount();
  for (const DictEntry &entry : context.view.entries(facts)) {
    const std::string_view name = context.view.text(entry.key);
    const AttrRow *row = findAttr(*owner.code, name);
    if (!row || rowOf(row->attribute).kind != AttrClass::Fact)
      context.error(Diag::UnknownAttribute, owner.location, {owner.name, name, ""});
  }
  return context.diagnostics.errorCount() == before;
}
