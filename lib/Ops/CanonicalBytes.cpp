#include "xcs/Ops/CanonicalBytes.h"
#include "xcs/Ops/ConstantPool.h"
#include <algorithm>
#include <cmath>
#include <limits>

using namespace xcs;

void CanonicalBytes::number(uint64_t v) {
  char bytes[8];
  for (int i = 0; i != 8; ++i)
    bytes[i] = static_cast<char>(v >> (8 * i));
  put({bytes, sizeof bytes});
}

void CanonicalBytes::text(std::string_view v) {
  number(v.size());
  put(v);
}

/// Fixed letters: identities must not change with the order of an enumeration.
static char letterOf(ValueKind kind) {
  switch (kind) {
  case ValueKind::Empty:
    return 'e';
  case ValueKind::None:
    return 'n';
  case ValueKind::OptionNone:
    return 'o';
  case ValueKind::Bool:
    return 'b';
  case ValueKind::I64:
    return 'i';
  case ValueKind::Duration:
    return 'd';
  case ValueKind::F64:
    return 'f';
  case ValueKind::Whole:
    return 'w';
  case ValueKind::Str:
    return 's';
  case ValueKind::Bytes:
    return 'y';
  case ValueKind::Secret:
    return 'x';
  case ValueKind::List:
    return 'L';
  case ValueKind::Record:
    return 'R';
  case ValueKind::Object:
    return 'J';
  case ValueKind::OptionSome:
    return 'O';
  case ValueKind::ResultOk:
    return 'K';
  case ValueKind::ResultError:
    return 'E';
  case ValueKind::Dict:
    return 'D';
  }
  return '?';
}

/// A value without its items.
void CanonicalBytes::head(const Value &v) {
  const char letter = letterOf(v.kind());
  put({&letter, 1});
  switch (v.kind()) {
  case ValueKind::Empty:
  case ValueKind::None:
  case ValueKind::OptionNone:
    return;
  case ValueKind::Bool:
  case ValueKind::I64:
  case ValueKind::Duration:
    return number(static_cast<uint64_t>(v.asI64()));
  case ValueKind::F64: {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    return number(__builtin_bit_cast(uint64_t, std::isnan(v.asF64()) ? nan : v.asF64()));
  }
  case ValueKind::Whole:
  case ValueKind::Str:
  case ValueKind::Bytes:
  case ValueKind::Secret:
    return text(v.text());
  case ValueKind::List:
  case ValueKind::Record:
  case ValueKind::Object:
  case ValueKind::OptionSome:
  case ValueKind::ResultOk:
  case ValueKind::ResultError:
  case ValueKind::Dict:
    return number(v.size());
  }
}

void CanonicalBytes::value(const Value &v) {
  std::vector<const Value *> open{&v}; // a stack; the next one last
  while (!open.empty()) {
    const Value &at = *open.back();
    open.pop_back();
    head(at);
    if (at.depth() == 0)
      continue;
    std::span<const Value> items = at.items();
    for (size_t i = items.size(); i-- != 0;)
      open.push_back(&items[i]);
  }
}

/// In the type of its row; empty for a flag that is off.
static std::string canonicalText(const ConstantView &view, AttrType type, AttrId value) {
  const AttrKind kind = view.attr(value).kind;
  if (type == AttrType::Flag)
    return kind == AttrKind::Bool && !view.boolAttr(value) ? "" : "true";
  if (type == AttrType::F64 && kind == AttrKind::I64)
    return printFloat(static_cast<double>(view.intAttr(value)));
  return kind == AttrKind::Unit ? "()" : printAttr(view, value);
}

template <class FindRow>
static RequestAttributes attributesOf(const ConstantView &view, DictId attributes, FindRow findRow) {
  RequestAttributes entries;
  for (const DictEntry &entry : view.entries(attributes)) {
    const std::string_view name = view.text(entry.key);
    const AttrRow *row = findRow(name);
    if (!row || rowOf(row->attribute).kind != AttrClass::Request)
      continue;
    if (std::string text = canonicalText(view, row->type, entry.value); !text.empty())
      entries.emplace_back(name, std::move(text));
  }
  std::sort(entries.begin(), entries.end());
  return entries;
}

RequestAttributes xcs::requestAttributes(const ConstantView &view, OpCode code, DictId attributes) {
  return attributesOf(view, attributes, [&](std::string_view name) { return findAttr(code, name); });
}

RequestAttributes xcs::requestAttributes(const ConstantView &view, ResourceKind kind, DictId attributes) {
  return attributesOf(view, attributes, [&](std::string_view name) -> const AttrRow * {
    for (const AttrRow &row : rowOf(kind).attributes.all())
      if (row.name == name)
        return &row;
    return nullptr;
  });
}

void CanonicalBytes::request(const RequestAttributes &attributes) {
  number(attributes.size());
  for (const auto &[name, value] : attributes) {
    text(name);
    text(value);
  }
}

void CanonicalBytes::request(const ConstantView &view, OpCode code, DictId attributes) {
  request(requestAttributes(view, code, attributes));
}

void CanonicalBytes::request(const ConstantView &view, ResourceKind kind, DictId attributes) {
  request(requestAttributes(view, kind, attributes));
}
