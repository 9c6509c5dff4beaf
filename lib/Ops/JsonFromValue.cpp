#include "Ops/KeyText.h"
#include "Ops/OpenParts.h"
#include "xcs/Ops/ConstantPool.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/Support/Base64.h"
#include <algorithm>
#include <cmath>

using namespace xcs;

namespace {

/// A list, record or result whose parts are still being made.
struct OpenValue {
  const Value *source;
  TypeId type;
  std::vector<Value> done = {};
  uint64_t bytes = 0;
  size_t next = 0;
};

/// Walks value and type together; `open` is the path from the outermost value to the current part. A value
/// that is its own JSON form (a `list<str>`, say) is shared, not copied, so most conversions of large values
/// build nothing.
class JsonMaker {
public:
  JsonMaker(const ConstantView &view, const Limits &limits, bool lenient, OpError &error)
      : view(view), limits(limits), lenient(lenient), error(error) {}

  bool make(const Value &value, TypeId type, Value &out) {
    bool fine = enter(value, type);
    while (fine && !open.empty())
      fine = open.back().next == open.back().source->size() ? close() : step();
    if (fine)
      out = std::move(finished);
    return fine;
  }

private:
  bool wrong(std::string_view what) {
    std::string pointer;
    for (const OpenValue &at : open) { // `next` is already past the wrong part
      if (view.kind(at.type) == TypeKind::Record)
        appendPointerKey(pointer, view.text(view.fields(at.type)[at.next - 1].name));
      else if (view.kind(at.type) == TypeKind::Result)
        appendPointerKey(pointer, "ok");
      else if (view.kind(at.type) == TypeKind::Dict)
        appendPointerKey(pointer, keyText(at.source->items()[at.next - 2]));
      else
        appendPointerIndex(pointer, at.next - 1);
    }
    return failWith(error, Diag::NotJson, {atPointer(pointer, what)});
  }

  /// Adds a finished part to the enclosing value. Sizes are checked as they grow: keys and base64 make values
  /// longer.
  bool returnValue(Value v) {
    return takePart(open, std::move(v), finished, limits, "a value made JSON", error);
  }

  /// Whether values of a type are their own JSON form, including all parts.
  bool isJson(TypeId type) const {
    while (view.kind(type) == TypeKind::List)
      type = view.element(type);
    TypeKind kind = view.kind(type);
    return kind == TypeKind::Bool || kind == TypeKind::I64 || kind == TypeKind::Str ||
           kind == TypeKind::Json || kind == TypeKind::None;
  }

  bool isFinite(const Value &v) const { return lenient || std::isfinite(v.asF64()); }

  /// Makes a scalar, or opens a value with parts. An option is its value or null, without a step in the path.
  bool enter(const Value &value, TypeId type) {
    const Value *v = &value;
    for (; view.kind(type) == TypeKind::Option; type = view.element(type)) {
      if (v->kind() == ValueKind::OptionNone)
        return returnValue(Value::none());
      v = &v->items()[0];
    }
    if (isJson(type))
      return returnValue(*v);
    switch (view.kind(type)) {
    case TypeKind::F64:
      return isFinite(*v) ? returnValue(*v)
                          : wrong(printFloat(v->asF64()) + " is not a JSON number; `f64.is_finite` finds it, "
                                                           "and `f64.to_str` makes a text of it");
    case TypeKind::Duration:
      return returnValue(Value::str(printDuration(v->asI64())));
    case TypeKind::Bytes:
      return returnValue(Value::str(llvm::encodeBase64(v->text())));
    case TypeKind::Secret:
      return failWith(error, Diag::SecretInText, {});
    case TypeKind::List:
      if (view.kind(view.element(type)) == TypeKind::F64 &&
          std::ranges::all_of(v->items(), [&](const Value &item) { return isFinite(item); }))
        return returnValue(*v);
      open.push_back({v, type});
      return true;
    case TypeKind::Record:
    case TypeKind::Dict:
      open.push_back({v, type});
      return true;
    case TypeKind::Result:
      if (v->kind() == ValueKind::ResultError)
        return returnValue(errorObject(v->items()));
      open.push_back({v, type});
      return true;
    case TypeKind::Bool:
    case TypeKind::I64:
    case TypeKind::Str:
    case TypeKind::Json:
    case TypeKind::None:
    case TypeKind::Option:
      break; // above
    }
    return false;
  }

  static Value errorObject(std::span<const Value> parts) {
    Value fields[] = {Value::str("kind"), parts[0], Value::str("message"), parts[1],
                      Value::str("op"),   parts[2], Value::str("attempt"), parts[3]};
    Value whole[] = {Value::str("error"), Value::object(fields)};
    return Value::object(whole);
  }

  /// The names of a record's fields, made once per type: the objects share them.
  const std::vector<Value> &keysOf(TypeId type) {
    std::vector<Value> &made = keys[type.index];
    if (made.empty())
      for (const TypeField &field : view.fields(type))
        made.push_back(Value::str(view.text(field.name)));
    return made;
  }

  /// A key is shared when it is a text already. `top` moves when a part is opened.
  bool stepDict(OpenValue &top, size_t i) {
    const Value &key = top.source->items()[i];
    top.next = i + 2;
    return returnValue(key.kind() == ValueKind::Str ? key : Value::str(keyText(key))) &&
           enter(top.source->items()[i + 1], view.valueType(top.type));
  }

  bool step() {
    OpenValue &top = open.back();
    size_t i = top.next++;
    if (view.kind(top.type) == TypeKind::Dict)
      return stepDict(top, i);
    if (view.kind(top.type) != TypeKind::Record)
      return enter(top.source->items()[i], view.element(top.type));
    if (i == 0)
      keysOf(top.type);
    return returnValue(keysOf(top.type)[i]) && enter(top.source->items()[i], view.fields(top.type)[i].type);
  }

  bool close() {
    OpenValue done = std::move(open.back());
    open.pop_back();
    if (view.kind(done.type) == TypeKind::List)
      return returnValue(Value::list(done.done));
    if (view.kind(done.type) == TypeKind::Record || view.kind(done.type) == TypeKind::Dict)
      return returnValue(Value::object(done.done));
    Value whole[] = {Value::str("ok"), std::move(done.done[0])};
    return returnValue(Value::object(whole));
  }

  const ConstantView &view;
  const Limits &limits;
  bool lenient;
  OpError &error;
  std::vector<OpenValue> open;
  llvm::DenseMap<uint32_t, std::vector<Value>> keys;
  Value finished;
};

} // namespace

bool xcs::jsonFromValue(const Value &value, const ConstantView &view, TypeId type, const Limits &limits,
                        Value &out, OpError &error) {
  return JsonMaker(view, limits, false, error).make(value, type, out);
}

bool xcs::lenientJson(const Value &value, const ConstantView &view, TypeId type, const Limits &limits,
                      Value &out, OpError &error) {
  return JsonMaker(view, limits, true, error).make(value, type, out);
}
