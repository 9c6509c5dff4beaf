#include "Frontend/Trace.h"
#include "xcs/Support/Utf8.h"
#include "llvm/ADT/StringExtras.h"
#include <algorithm>

using namespace xcs;

/// A name that the grammar can read.
static bool isWord(std::string_view name) {
  return !name.empty() && !llvm::isDigit(name[0]) &&
         std::ranges::all_of(name, [](char c) { return llvm::isAlnum(c) || c == '_'; });
}

/// Recursive: a literal nests as deep as it is written in the source of the host program.
AttrId Trace::attrOf(const Literal &literal, const Origin &at) {
  ConstantPool &pool = module.pool;
  if (invalidTextAt(literal.text) != std::string_view::npos) {
    fail(Diag::TraceLiteral, {"text", "it is not UTF-8"}, at);
    return pool.unitAttr();
  }
  switch (literal.kind) {
  case Literal::Kind::Flag:
    return pool.unitAttr();
  case Literal::Kind::Bool:
    return pool.boolAttr(literal.number != 0);
  case Literal::Kind::I64:
    return pool.intAttr(literal.number);
  case Literal::Kind::F64:
    return pool.floatAttr(literal.real);
  case Literal::Kind::Str:
    return pool.textAttr(literal.text);
  case Literal::Kind::Duration:
    return pool.durationAttr(literal.number);
  case Literal::Kind::Secret:
    return pool.secretAttr(pool.intern(literal.text),
                           literal.prefix.empty() ? StringId() : pool.intern(literal.prefix));
  case Literal::Kind::Env:
    return pool.envAttr(pool.intern(literal.text));
  case Literal::Kind::Type:
    return pool.typeAttr(typeOf(literal.maker));
  case Literal::Kind::List:
  case Literal::Kind::Dict:
    break;
  }
  std::vector<AttrId> items;
  for (const Literal &item : literal.items)
    items.push_back(attrOf(item, at));
  if (literal.kind == Literal::Kind::List)
    return pool.listAttr(items);
  std::vector<DictEntry> dict;
  for (size_t i = 0; i < items.size(); ++i) {
    const StringId key = pool.intern(literal.keys[i]);
    for (const DictEntry &other : dict)
      if (other.key == key)
        fail(Diag::DuplicateKey, {literal.keys[i]}, at);
    dict.push_back({key, items[i]});
  }
  return error ? pool.unitAttr() : pool.dictAttr(pool.dict(dict));
}

AttrId Trace::limitsOf(const LimitUse &use, const Origin &at) {
  ConstantPool &pool = module.pool;
  std::vector<DictEntry> dict;
  for (const LimitUse::Part &part : use.parts) {
    const StringId symbol = declare(part.limit, at);
    if (use.parts.size() == 1 && part.slots == 1)
      return pool.symbolAttr(symbol);
    dict.push_back({pool.intern("@" + std::string(pool.text(symbol))), pool.intAttr(part.slots)});
  }
  return pool.dictAttr(pool.dict(dict));
}

DictId Trace::dictOf(const Attributes &attributes, const Origin &at) {
  std::vector<DictEntry> dict;
  for (const Attributes::Entry &entry : attributes.entries)
    dict.push_back({module.pool.intern(entry.key), attrOf(entry.value, at)});
  if (attributes.limits)
    dict.push_back({module.pool.intern(nameOf(Attribute::limit)), limitsOf(*attributes.limits, at)});
  return module.pool.dict(dict);
}

StringId Trace::declare(const DeclaredResource &resource, const Origin &at) {
  const DeclaredResource::Data &wanted = resource.declared();
  if (!isWord(wanted.name)) {
    fail(Diag::NotRecorded,
         {readableText(wanted.name),
          "the name of a resource has letters, digits and `_` only, and begins with no digit"},
         at);
    return {};
  }
  const Resource made{wanted.kind, module.pool.intern(wanted.name), dictOf(wanted.attributes, at),
                      Location()};
  if (const Resource *known = module.findResource(made.symbol)) {
    if (known->kind != made.kind || known->attributes != made.attributes)
      fail(Diag::RedefinedSymbol, {"@" + wanted.name}, at);
  } else if (!error) {
    module.addResource(made);
  }
  return made.symbol;
}
