#include "Ops/KeyFinder.h"
#include "Ops/KeyText.h"
#include "Ops/OpenParts.h"
#include "Ops/Text.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Ops/WholeNumber.h"
#include "llvm/Support/Base64.h"
#include "llvm/Support/Error.h"
#include <algorithm>
#include <cmath>
#include <optional>

using namespace xcs;

namespace {

/// A list, record, option, result or dictionary whose parts are still being made.
struct OpenValue {
  const Value *json;
  TypeId type;
  std::vector<Value> done = {};
  uint64_t bytes = 0;
  size_t next = 0;
  KeyFinder keys = {}; // of the object, for a record
};

/// Walks JSON and type together; the inverse of JsonMaker. JSON comes from outside, so nothing is assumed
/// about it, and the first mismatch is reported with its place.
class ValueMaker {
public:
  ValueMaker(const ConstantView &view, const Limits &limits, OpError &error)
      : view(view), limits(limits), error(error) {}

  bool make(const Value &json, TypeId type, Value &out) {
    bool fine = enter(json, type);
    while (fine && !open.empty())
      fine = open.back().next == partCount(open.back()) ? close() : step();
    if (fine)
      out = std::move(finished);
    return fine;
  }

private:
  std::string pointer() const {
    std::string text;
    for (const OpenValue &at : open) // `next` is already past the wrong part
      if (at.next && view.kind(at.type) == TypeKind::Record)
        appendPointerKey(text, view.text(view.fields(at.type)[at.next - 1].name));
      else if (at.next && view.kind(at.type) == TypeKind::Result)
        appendPointerKey(text, "ok");
      else if (at.next && view.kind(at.type) == TypeKind::List)
        appendPointerIndex(text, at.next - 1);
      else if (at.next && view.kind(at.type) == TypeKind::Dict)
        appendPointerKey(text, at.json->items()[2 * (at.next - 1)].text());
    return text;
  }

  bool wrong(std::string what) { return failWith(error, Diag::JsonMismatch, {atPointer(pointer(), what)}); }

  bool unexpected(const Value &json, TypeId type) {
    std::string found = foundJson(json);
    if (json.kind() == ValueKind::Str)
      found += " (`" + excerpt(json.text()) + "`)";
    return wrong("expected `" + printType(view, type) + "`, found " + found);
  }

  /// Adds a finished part to the enclosing value. Sizes are checked as they grow: each `option` around an
  /// element needs its own block, and a hostile type may have many.
  bool returnValue(Value v) {
    return takePart(open, std::move(v), finished, limits, "a value made from JSON", error);
  }

  /// The value of a scalar type; none if the JSON does not fit it.
  std::optional<Value> scalar(const Value &json, TypeKind type) {
    ValueKind found = json.kind();
    if (type == TypeKind::F64 && found == ValueKind::I64)
      return Value::f64(static_cast<double>(json.asI64()));
    if (type == TypeKind::F64 && found == ValueKind::Whole)
      return Value::f64(nearestFloat(json.text()));
    if (type == TypeKind::I64 && found == ValueKind::F64) {
      double number = json.asF64();
      bool whole = number == std::trunc(number) && number >= -0x1p63 && number < 0x1p63;
      return whole ? std::optional(Value::i64(static_cast<int64_t>(number))) : std::nullopt;
    }
    int64_t nanoseconds;
    if (type == TypeKind::Duration && found == ValueKind::Str && parseDuration(json.text(), nanoseconds))
      return Value::duration(nanoseconds);
    if (type == TypeKind::Bytes && found == ValueKind::Str)
      return bytes(json.text());
    return isItself(found, type) ? std::optional(json) : std::nullopt;
  }

  /// Whether a JSON value of that kind is already the value of that type.
  static bool isItself(ValueKind found, TypeKind type) {
    return type == TypeKind::Json || (type == TypeKind::Bool && found == ValueKind::Bool) ||
           (type == TypeKind::I64 && found == ValueKind::I64) ||
           (type == TypeKind::F64 && found == ValueKind::F64) ||
           (type == TypeKind::Str && found == ValueKind::Str) ||
           (type == TypeKind::None && found == ValueKind::None);
  }

  static std::optional<Value> bytes(std::string_view text) {
    std::vector<char> content;
    if (llvm::Error failed = llvm::decodeBase64(text, content)) {
      llvm::consumeError(std::move(failed));
      return std::nullopt;
    }
    return Value::bytes({content.data(), content.size()});
  }

  bool enter(const Value &json, TypeId type) {
    TypeKind kind = view.kind(type);
    bool isObject = json.kind() == ValueKind::Object;
    if (kind == TypeKind::Option && json.kind() == ValueKind::None)
      return returnValue(Value::optionNone());
    if (kind == TypeKind::List && json.kind() == ValueKind::List) {
      TypeKind element = view.kind(view.element(type));
      if (std::ranges::all_of(json.items(),
                              [&](const Value &item) { return isItself(item.kind(), element); }))
        return returnValue(json);
      open.push_back({&json, type});
      return true;
    }
    if (kind == TypeKind::Result && isObject && json.size() == 2)
      return enterResult(json, type);
    if (kind == TypeKind::Option || ((kind == TypeKind::Record || kind == TypeKind::Dict) && isObject)) {
      open.push_back({&json, type});
      if (kind == TypeKind::Record)
        open.back().keys = KeyFinder(json.size() / 2, [&](size_t i) { return json.items()[2 * i].text(); });
      return kind != TypeKind::Record || everyKeyIsField(json, type);
    }
    std::optional<Value> made = scalar(json, kind);
    return made ? returnValue(std::move(*made)) : unexpected(json, type);
  }

  // {"ok": value} or {"error": {kind, message, op, attempt}}, as JsonMaker writes them; the four may be in
  // any order.
  bool enterResult(const Value &json, TypeId type) {
    if (json.items()[0].text() == "ok") {
      open.push_back({&json, type});
      return true;
    }
    const Value &error = json.items()[1];
    bool fits = json.items()[0].text() == "error" && error.kind() == ValueKind::Object && error.size() == 8;
    const Value *kind = fits ? findKey(error, "kind") : nullptr,
                *message = fits ? findKey(error, "message") : nullptr,
                *op = fits ? findKey(error, "op") : nullptr,
                *attempt = fits ? findKey(error, "attempt") : nullptr;
    for (const Value *part : {kind, message, op})
      fits = fits && part && part->kind() == ValueKind::Str;
    if (!fits || !attempt || attempt->kind() != ValueKind::I64)
      return unexpected(json, type);
    return returnValue(Value::error(kind->text(), message->text(), op->text(), attempt->asI64()));
  }

  bool everyKeyIsField(const Value &object, TypeId type) {
    std::span<const TypeField> fields = view.fields(type);
    KeyFinder names(fields.size(), [&](size_t i) { return view.text(fields[i].name); });
    for (size_t i = 0; i < object.size(); i += 2)
      if (std::string_view key = object.items()[i].text(); names.find(key) == KeyFinder::absent)
        return wrong("`" + printType(view, type) + "` has no field `" + excerpt(key) + "`");
    return true;
  }

  size_t partCount(const OpenValue &at) const {
    if (view.kind(at.type) == TypeKind::List)
      return at.json->size();
    if (view.kind(at.type) == TypeKind::Dict)
      return at.json->size() / 2;
    return view.kind(at.type) == TypeKind::Record ? view.fields(at.type).size() : 1;
  }

  bool stepDict(const Value &object, TypeId type, size_t i) {
    const std::string_view text = object.items()[2 * i].text();
    const TypeId keyType = view.keyType(type);
    std::optional<Value> key = keyOfText(text, view.kind(keyType));
    if (!key)
      return wrong("the key is not the text of a value of type `" + printType(view, keyType) + "`; write " +
                   rightKeyText(text, view.kind(keyType)));
    return returnValue(std::move(*key)) && enter(object.items()[2 * i + 1], view.valueType(type));
  }

  // `at` moves when a part is opened, so it must not be used after `enter`.
  bool step() {
    OpenValue &at = open.back();
    size_t i = at.next++;
    if (view.kind(at.type) == TypeKind::List)
      return enter(at.json->items()[i], view.element(at.type));
    if (view.kind(at.type) == TypeKind::Result)
      return enter(at.json->items()[1], view.element(at.type));
    if (view.kind(at.type) == TypeKind::Option)
      return enter(*at.json, view.element(at.type));
    if (view.kind(at.type) == TypeKind::Dict)
      return stepDict(*at.json, at.type, i);
    const TypeField &field = view.fields(at.type)[i];
    size_t key = at.keys.find(view.text(field.name));
    if (key != KeyFinder::absent)
      return enter(at.json->items()[2 * key + 1], field.type);
    return view.kind(field.type) == TypeKind::Option ? returnValue(Value::optionNone())
                                                     : wrong("it is missing");
  }

  bool close() {
    OpenValue done = std::move(open.back());
    open.pop_back();
    if (view.kind(done.type) == TypeKind::List)
      return returnValue(Value::list(done.done));
    if (view.kind(done.type) == TypeKind::Record)
      return returnValue(Value::record(done.done));
    if (view.kind(done.type) == TypeKind::Dict)
      return returnValue(Value::dict(done.done));
    if (view.kind(done.type) == TypeKind::Option)
      return returnValue(Value::some(std::move(done.done[0])));
    return returnValue(Value::ok(std::move(done.done[0])));
  }

  const ConstantView &view;
  const Limits &limits;
  OpError &error;
  std::vector<OpenValue> open;
  Value finished;
};

} // namespace

bool xcs::valueFromJson(const Value &json, const ConstantView &view, TypeId type, const Limits &limits,
                        Value &out, OpError &error) {
  return ValueMaker(view, limits, error).make(json, type, out);
}
