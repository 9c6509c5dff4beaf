#include "Ops/KeyText.h"
#include "xcs/Ops/Fold.h"
#include "llvm/ADT/StringExtras.h"
#include <algorithm>

using namespace xcs;

namespace {

/// A list, record, dictionary or JSON value whose literals are still being made.
struct OpenValue {
  const Value *value;
  TypeId type;
  std::vector<AttrId> done = {};
  size_t next = 0;

  /// Whether keys and values take turns in it: a JSON object or a dictionary.
  bool hasKeys() const { return value->kind() == ValueKind::Object || value->kind() == ValueKind::Dict; }
  std::string keyAt(size_t i) const { return keyText(value->items()[i]); }
};

bool isIdentifier(std::string_view text) {
  return !text.empty() && !llvm::isDigit(text[0]) &&
         std::ranges::all_of(text, [](char c) { return llvm::isAlnum(c) || c == '_'; });
}

/// The inverse of ValueOfAttr.cpp, with the same worklist. The literal must read back to the same value, so
/// it rejects what would read back as something else: an empty option in an option, JSON null.
class AttrMaker {
public:
  explicit AttrMaker(ConstantPool &pool) : pool(pool) {}

  AttrId make(const Value &value, TypeId type) {
    bool has = enter(value, type);
    while (has && !open.empty()) {
      OpenValue &top = open.back();
      if (top.next == top.value->size()) {
        AttrId made = close(top);
        open.pop_back();
        returnValue(made);
      } else {
        has = step(top);
      }
    }
    return has ? finished : AttrId();
  }

private:
  bool returnValue(AttrId attr) {
    if (open.empty())
      finished = attr;
    else
      open.back().done.push_back(attr);
    return true;
  }

  /// The unit value is written as a bare key, which `const` and dictionary entries allow.
  bool returnUnit() {
    bool keyed = open.empty() || pool.kind(open.back().type) == TypeKind::Record ||
                 pool.kind(open.back().type) == TypeKind::Dict;
    return keyed && returnValue(pool.unitAttr());
  }

  bool enter(const Value &value, TypeId type) {
    const Value *v = &value;
    bool inOption = false;
    for (; pool.kind(type) == TypeKind::Option; type = pool.view().element(type)) {
      if (v->kind() == ValueKind::OptionNone) // inside an option it would be read as the outer one's
        return !inOption && returnUnit();
      v = &v->items()[0];
      inOption = true;
    }
    switch (v->kind()) {
    case ValueKind::None:
      return !inOption && pool.kind(type) == TypeKind::None && returnUnit();
    case ValueKind::Bool:
      return returnValue(pool.boolAttr(v->asBool()));
    case ValueKind::I64:
      return returnValue(pool.intAttr(v->asI64()));
    case ValueKind::F64:
      return returnValue(pool.floatAttr(v->asF64()));
    case ValueKind::Duration:
      return returnValue(pool.durationAttr(v->asI64()));
    case ValueKind::Str:
      return returnValue(pool.textAttr(v->text()));
    case ValueKind::List:
    case ValueKind::Record:
    case ValueKind::Object:
    case ValueKind::Dict:
      open.push_back({v, type});
      return true;
    case ValueKind::Empty:
    case ValueKind::Whole: // no literal is beyond i64
    case ValueKind::OptionNone:
    case ValueKind::Bytes:
    case ValueKind::OptionSome:
    case ValueKind::ResultOk:
    case ValueKind::ResultError:
    case ValueKind::Secret:
      return false;
    }
    return false;
  }

  // `at` moves when a value is opened, so it must not be used after `enter`.
  bool step(OpenValue &at) {
    if (at.hasKeys() && !isIdentifier(at.keyAt(at.next++)))
      return false;
    const Value &part = at.value->items()[at.next++];
    if (pool.kind(at.type) == TypeKind::Record)
      return enter(part, pool.view().fields(at.type)[at.next - 1].type);
    if (pool.kind(at.type) == TypeKind::Dict)
      return enter(part, pool.view().valueType(at.type));
    return enter(part, pool.kind(at.type) == TypeKind::List ? pool.view().element(at.type) : at.type);
  }

  AttrId close(const OpenValue &at) {
    if (at.value->kind() == ValueKind::List)
      return pool.listAttr(at.done);
    std::vector<DictEntry> entries;
    for (size_t i = 0; i < at.done.size(); ++i) {
      StringId key = at.hasKeys() ? pool.intern(at.keyAt(2 * i)) : pool.view().fields(at.type)[i].name;
      entries.push_back({key, at.done[i]});
    }
    return pool.dictAttr(pool.dict(entries));
  }

  ConstantPool &pool;
  std::vector<OpenValue> open;
  AttrId finished;
};

} // namespace

AttrId xcs::attrOfValue(ConstantPool &pool, const Value &value, TypeId type) {
  return AttrMaker(pool).make(value, type);
}
