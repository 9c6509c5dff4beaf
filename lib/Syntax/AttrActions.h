#pragma once
#include "Syntax/Literals.h"
#include "Syntax/TypeActions.h"
#include <string>

namespace xcs {

/// Makes attributes from the tokens of the rules `attrs` and `literal` in Xir.g4: finished values stay on a
/// stack until the enclosing list or dictionary ends. Types within literals are made by TypeActions.
class AttrActions {
public:
  AttrActions(Reading &reading, TypeActions &types) : reading(reading), types(types) {}

  void beginDict() { frames.push_back({static_cast<uint32_t>(entries.size()), true}); }
  void key(Token key);
  void entry();
  void bareEntry();
  void endDict();
  /// The dictionary that ended last.
  DictId takeDict() const { return lastDict; }

  void integer(Token t) { push(reading.module.pool.intAttr(readInteger(reading, t))); }
  void floating(Token t) { push(reading.module.pool.floatAttr(readFloat(reading, t))); }
  void duration(Token t) { push(reading.module.pool.durationAttr(readDuration(reading, t))); }
  void text(Token t) { push(reading.module.pool.textAttr(readText(reading, t, scratch))); }
  void symbol(Token t) { push(reading.module.pool.symbolAttr(reading.marked(t))); }
  void dict() { push(reading.module.pool.dictAttr(lastDict)); }
  void beginList() { frames.push_back({static_cast<uint32_t>(values.size()), false}); }
  void endList();

  /// A name: `true`, a type, `secret(...)`, ...
  void word(Token name);
  void hiddenName(Token text);
  void hiddenOption(Token name);
  void hiddenPrefix(Token text);
  void endWord();

  /// What a literal is for; the messages about words depend on it.
  enum class Purpose : uint8_t { Attribute, Operand, Type, Constant };
  /// Until `take`, the literal being read is for that.
  void begin(Purpose use) {
    purpose = use;
    file = StringId();
  }
  /// The literal that was read, which belongs to no attribute.
  AttrId take();
  /// The path if that was `file("..")`.
  StringId takeFile() const { return file; }

  /// How many dictionaries are open.
  unsigned openDicts() const;
  /// Discards everything, after an error.
  void clear();

private:
  struct Frame {
    uint32_t first;
    bool isDict;
    StringId key = {}; // of the current entry
    Token keyToken = {};
  };
  void push(AttrId value) { values.push_back(value); }
  bool inLimit() const;
  void addEntry(AttrId value);
  void reportDuplicateKeys(uint32_t first);
  AttrId plainWord(Token name);
  AttrId hidden(Token name);

  Reading &reading;
  TypeActions &types;
  std::vector<Frame> frames;
  std::vector<AttrId> values;
  std::vector<DictEntry> entries;
  std::vector<Token> keys; // one per entry
  DictId lastDict;
  Purpose purpose = Purpose::Attribute;
  StringId file;
  StringId hiddenSource, hiddenBefore; // NAME and prefix of secret("NAME", prefix = "...")
  std::string scratch;
};

} // namespace xcs
