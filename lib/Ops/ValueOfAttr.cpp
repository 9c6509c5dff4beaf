#include "Ops/KeyFinder.h"
#include "Ops/KeyText.h"
#include "xcs/Ops/Value.h"
#include <cmath>
#include <optional>
#include <vector>

using namespace xcs;

namespace {

/// A list, option, record, dictionary or JSON value whose content is still being made.
struct OpenValue {
  AttrId attr;
  TypeId type;
  std::vector<Value> done = {};
  size_t next = 0;
  KeyFinder keys = {}; // of the dictionary, for a record
};

/// Literals of lists and dictionaries nest, and so do the values made from them: `open` is the path from the
/// outermost value to the one whose parts are being made. A finished part is added to the last open value;
/// once that has all its parts, it is closed and becomes a part itself.
class AttrReader {
public:
  explicit AttrReader(const ConstantView &view) : view(view) {}

  Value read(AttrId attr, TypeId type) {
    bool fits = enter(attr, type);
    while (fits && !open.empty()) {
      OpenValue &top = open.back();
      if (top.next == childCount(top)) {
        Value v = close(top);
        open.pop_back();
        returnValue(std::move(v));
      } else {
        fits = enterChild(top);
      }
    }
    return fits ? std::move(finished) : Value();
  }

private:
  /// No type means `json`.
  TypeKind kindOf(TypeId type) const { return type ? view.kind(type) : TypeKind::Json; }

  void returnValue(Value v) {
    if (open.empty())
      finished = std::move(v);
    else
      open.back().done.push_back(std::move(v));
  }

  /// A scalar of that type; none if the attribute is not a scalar, which need not be wrong.
  std::optional<Value> scalar(AttrId attr, TypeKind type) {
    switch (view.attr(attr).kind) {
    case AttrKind::Unit:
      if (type == TypeKind::None)
        return Value::none();
      return type == TypeKind::Option ? std::optional(Value::optionNone()) : std::nullopt;
    case AttrKind::Bool:
      return type == TypeKind::Bool || type == TypeKind::Json
                 ? std::optional(Value::boolean(view.boolAttr(attr)))
                 : std::nullopt;
    case AttrKind::I64:
      if (type == TypeKind::F64)
        return Value::f64(static_cast<double>(view.intAttr(attr)));
      return type == TypeKind::I64 || type == TypeKind::Json ? std::optional(Value::i64(view.intAttr(attr)))
                                                             : std::nullopt;
    case AttrKind::F64: {
      double number = view.floatAttr(attr);
      bool fits = type == TypeKind::F64 || (type == TypeKind::Json && std::isfinite(number));
      return fits ? std::optional(Value::f64(number)) : std::nullopt;
    }
    case AttrKind::Str:
      return type == TypeKind::Str || type == TypeKind::Json ? std::optional(Value::str(view.textAttr(attr)))
                                                             : std::nullopt;
    case AttrKind::Duration:
      return type == TypeKind::Duration ? std::optional(Value::duration(view.intAttr(attr))) : std::nullopt;
    case AttrKind::Symbol:
    case AttrKind::Type:
    case AttrKind::List:
    case AttrKind::Dict:
    case AttrKind::Secret:
    case AttrKind::Env:
      return std::nullopt;
    }
    return std::nullopt;
  }

  bool enter(AttrId attr, TypeId type) {
    TypeKind kind = kindOf(type);
    if (std::optional<Value> v = scalar(attr, kind)) {
      returnValue(std::move(*v));
      return true;
    }
    AttrKind form = view.attr(attr).kind;
    bool fits = kind == TypeKind::Option || (kind == TypeKind::List && form == AttrKind::List) ||
                ((kind == TypeKind::Record || kind == TypeKind::Dict) && form == AttrKind::Dict) ||
                (kind == TypeKind::Json && (form == AttrKind::List || form == AttrKind::Dict));
    if (!fits)
      return false;
    open.push_back({attr, type});
    return kind != TypeKind::Record || enterRecord(open.back());
  }

  DictId dictOf(AttrId attr) const { return DictId(static_cast<uint32_t>(view.attr(attr).payload)); }

  /// Every key must be a field. Missing fields are noticed later.
  bool enterRecord(OpenValue &v) {
    std::span<const TypeField> fields = view.fields(v.type);
    std::span<const DictEntry> entries = view.entries(dictOf(v.attr));
    KeyFinder names(fields.size(), [&](size_t i) { return view.text(fields[i].name); });
    for (const DictEntry &entry : entries)
      if (names.find(view.text(entry.key)) == KeyFinder::absent)
        return false;
    v.keys = KeyFinder(entries.size(), [&](size_t i) { return view.text(entries[i].key); });
    return true;
  }

  size_t childCount(const OpenValue &v) const {
    if (kindOf(v.type) == TypeKind::Option)
      return 1;
    if (kindOf(v.type) == TypeKind::Record)
      return view.fields(v.type).size();
    if (view.attr(v.attr).kind == AttrKind::List)
      return view.attr(v.attr).count;
    return view.entries(dictOf(v.attr)).size();
  }

  // `v` is the back of `open` and moves when a child is opened, so it must not be used after `enter`.
  bool enterChild(OpenValue &v) {
    size_t i = v.next++;
    if (kindOf(v.type) == TypeKind::Option)
      return enter(v.attr, view.element(v.type));
    if (kindOf(v.type) == TypeKind::Record) {
      const TypeField &field = view.fields(v.type)[i];
      size_t key = v.keys.find(view.text(field.name));
      if (key != KeyFinder::absent)
        return enter(view.entries(dictOf(v.attr))[key].value, field.type);
      returnValue(Value::optionNone());
      return kindOf(field.type) == TypeKind::Option;
    }
    if (view.attr(v.attr).kind == AttrKind::List)
      return enter(view.items(v.attr)[i], kindOf(v.type) == TypeKind::List ? view.element(v.type) : v.type);
    const DictEntry &entry = view.entries(dictOf(v.attr))[i];
    if (kindOf(v.type) == TypeKind::Dict) {
      std::optional<Value> key = keyOfText(view.text(entry.key), view.kind(view.keyType(v.type)));
      if (!key)
        return false;
      v.done.push_back(std::move(*key));
      return enter(entry.value, view.valueType(v.type));
    }
    v.done.push_back(Value::str(view.text(entry.key)));
    return enter(entry.value, v.type);
  }

  Value close(OpenValue &v) {
    if (kindOf(v.type) == TypeKind::Option)
      return Value::some(std::move(v.done[0]));
    if (kindOf(v.type) == TypeKind::Record)
      return Value::record(v.done);
    if (kindOf(v.type) == TypeKind::Dict)
      return Value::dict(v.done);
    return view.attr(v.attr).kind == AttrKind::List ? Value::list(v.done) : Value::object(v.done);
  }

  const ConstantView &view;
  std::vector<OpenValue> open;
  Value finished;
};

} // namespace

Value xcs::valueOfAttr(const ConstantView &view, AttrId attr, TypeId type) {
  return AttrReader(view).read(attr, type);
}

Value xcs::jsonOfAttr(const ConstantView &view, AttrId attr) { return AttrReader(view).read(attr, TypeId()); }
