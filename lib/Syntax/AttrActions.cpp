#include "Syntax/AttrActions.h"
#include "xcs/Support/NearestName.h"
#include <algorithm>
#include <limits>

using namespace xcs;

/// Whether the current dictionary is the value of an entry `limit`.
bool AttrActions::inLimit() const {
  if (frames.size() < 2 || !frames[frames.size() - 2].isDict)
    return false;
  const StringId owner = frames[frames.size() - 2].key;
  return owner && reading.module.pool.text(owner) == nameOf(Attribute::limit);
}

void AttrActions::key(Token key) {
  if (key.kind == TokenKind::Symbol && !inLimit())
    reading.report(Diag::SymbolAsKey, key, {reading.spelling(key)});
  frames.back().key = key.kind == TokenKind::String
                          ? reading.module.pool.intern(readText(reading, key, scratch))
                          : reading.identifier(key);
  frames.back().keyToken = key;
}

void AttrActions::entry() {
  AttrId value = values.back();
  values.pop_back();
  addEntry(value);
}

void AttrActions::bareEntry() { addEntry(reading.module.pool.unitAttr()); }

void AttrActions::addEntry(AttrId value) {
  entries.push_back({frames.back().key, value});
  keys.push_back(frames.back().keyToken);
}

void AttrActions::endDict() {
  uint32_t first = frames.back().first;
  frames.pop_back();
  reportDuplicateKeys(first);
  lastDict = reading.module.pool.dict(std::span<const DictEntry>(entries).subspan(first));
  entries.resize(first);
  keys.resize(first);
}

/// Of two entries with the same key, the later one is reported.
void AttrActions::reportDuplicateKeys(uint32_t first) {
  constexpr size_t few = 16; // compared pairwise, which allocates nothing
  size_t count = entries.size() - first;
  auto report = [&](size_t i) { reading.report(Diag::DuplicateKey, keys[i], {reading.spelling(keys[i])}); };
  if (count <= few) {
    for (size_t i = first; i < entries.size(); ++i)
      for (size_t before = first; before < i; ++before)
        if (entries[before].key == entries[i].key) {
          report(i);
          break;
        }
    return;
  }
  std::vector<std::pair<StringId, size_t>> order;
  for (size_t i = first; i < entries.size(); ++i)
    order.emplace_back(entries[i].key, i);
  std::ranges::sort(order);
  for (size_t i = 1; i < order.size(); ++i)
    if (order[i].first == order[i - 1].first)
      report(order[i].second);
}

void AttrActions::endList() {
  uint32_t first = frames.back().first;
  frames.pop_back();
  AttrId list = reading.module.pool.listAttr(std::span<const AttrId>(values).subspan(first));
  values.resize(first);
  push(list);
}

// A word is begun as a type, because only the `<` of `list<str>` decides; it may become something else at its
// end.
void AttrActions::word(Token name) {
  types.begin(name);
  hiddenSource = hiddenBefore = StringId();
}

void AttrActions::hiddenName(Token text) {
  hiddenSource = reading.module.pool.intern(readText(reading, text, scratch));
}

void AttrActions::hiddenOption(Token name) {
  std::string_view word = reading.spelling(types.word());
  if (word == "secret" && reading.spelling(name) == "prefix" && !hiddenBefore)
    return;
  reading.report(Diag::UnknownOption, name, {word, reading.spelling(name)});
}

void AttrActions::hiddenPrefix(Token text) {
  hiddenBefore = reading.module.pool.intern(readText(reading, text, scratch));
}

void AttrActions::endWord() {
  std::optional<Token> plain = types.plainWord();
  if (!plain) { // it has arguments: a type
    types.end();
    push(reading.module.pool.typeAttr(types.take()));
    return;
  }
  types.drop();
  push(hiddenSource ? hidden(*plain) : plainWord(*plain));
}

/// The meaning of a word without arguments. An unknown word is reported and gives the unit value.
AttrId AttrActions::plainWord(Token name) {
  ConstantPool &pool = reading.module.pool;
  std::string_view text = reading.spelling(name);
  if (text == "true" || text == "false")
    return pool.boolAttr(text == "true");
  if (text == "nan")
    return pool.floatAttr(std::numeric_limits<double>::quiet_NaN());
  if (text == "inf")
    return pool.floatAttr(std::numeric_limits<double>::infinity());
  const bool isAll = frames.empty();
  if (findTypeKind(text) || (purpose == Purpose::Type && isAll)) {
    types.begin(name);
    types.end();
    return pool.typeAttr(types.take());
  }
  if (text == "null" || text == "NULL" || text == "nil" || text == "undefined") {
    reading.report(Diag::UnknownWord, name, {text, "; `json.parse` of the text `null` gives a JSON null"});
    return pool.unitAttr();
  }
  if (purpose == Purpose::Operand && isAll) {
    reading.report(Diag::UnknownWord, name, {text, "; a value is written `%" + std::string(text) + "`"});
    return pool.unitAttr();
  }
  NearestName nearest(text);
  for (std::string_view known : {"true", "false", "nan", "inf", "str", "bool", "i64", "f64", "json", "none"})
    nearest.offer(known);
  reading.report(Diag::UnknownWord, name, {text, nearest.suggestion()});
  return pool.unitAttr();
}

/// `secret(..)` or `env(..)`: only a name here; xcs-run reads its value.
AttrId AttrActions::hidden(Token name) {
  ConstantPool &pool = reading.module.pool;
  std::string_view text = reading.spelling(name);
  if (text == "secret")
    return pool.secretAttr(hiddenSource, hiddenBefore);
  if (text == "env")
    return pool.envAttr(hiddenSource);
  if (text == "file" && purpose == Purpose::Constant && frames.empty() && !hiddenBefore) {
    file = hiddenSource;
    return pool.unitAttr();
  }
  if (text == "file") {
    reading.report(Diag::UnknownWord, name,
                   {text, "; declare `const @name = file(\"..\")` and write `@name` here"});
    return pool.unitAttr();
  }
  reading.report(Diag::UnknownWord, name,
                 {text, "; only `secret(\"NAME\")` and `env(\"NAME\")` have parentheses"});
  return pool.unitAttr();
}

AttrId AttrActions::take() {
  purpose = Purpose::Attribute;
  const AttrId value = values.back();
  values.pop_back();
  return value;
}

unsigned AttrActions::openDicts() const {
  return static_cast<unsigned>(std::ranges::count_if(frames, [](const Frame &f) { return f.isDict; }));
}

void AttrActions::clear() {
  purpose = Purpose::Attribute;
  frames.clear();
  values.clear();
  entries.clear();
  keys.clear();
}
