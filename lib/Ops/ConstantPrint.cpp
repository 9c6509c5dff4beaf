#include "Ops/Text.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Ops/Slots.h"
#include <algorithm>
#include <charconv>
#include <cmath>

using namespace xcs;

namespace {

/// A part still to be written. Literals and types nest as deep as the source: a worklist, not recursion.
struct Part {
  enum class Form : uint8_t { Text, Key, SlotsKey, Type, Attr, Dict, Slots } form;
  uint32_t index = 0;
  std::string_view text = {};
};

/// Writes types and attributes so that the parser reads them back. Printing, parsing and printing again gives
/// the same bytes (language.md, principle 5), so every choice of form depends only on the content.
class PartPrinter {
public:
  PartPrinter(std::string &out, const ConstantView &view, const DeclaredNames *names = nullptr)
      : out(out), view(view), names(names) {}

  void print(Part first) {
    step(first);
    finish();
  }

private:
  bool named(StringId name) {
    if (!name)
      return false;
    out += '@';
    out += view.text(name);
    return true;
  }

  void step(Part part) {
    switch (part.form) {
    case Part::Form::Text:
      out += part.text;
      return;
    case Part::Form::Key:
      return key(view.text(StringId(part.index)));
    case Part::Form::SlotsKey:
      return slotsKey(view.text(StringId(part.index)));
    case Part::Form::Type:
      return type(TypeId(part.index));
    case Part::Form::Attr:
      return attr(AttrId(part.index));
    case Part::Form::Dict:
      return dict(DictId(part.index), Part::Form::Key);
    case Part::Form::Slots:
      return slots(AttrId(part.index));
    }
  }

  // The last part of the worklist is written first: everything is pushed back to front.
  void later(std::string_view text) { rest.push_back({Part::Form::Text, 0, text}); }

  void type(TypeId id) {
    if (!names || !named(names->of(id)))
      meaning(id);
  }

public:
  /// A type without its own name.
  void meaning(TypeId id) {
    out += typeKindName(view.kind(id));
    std::span<const TypeField> fields = view.fields(id);
    if (fields.empty() && view.kind(id) != TypeKind::Record)
      return;
    out += '<';
    later(">");
    for (size_t i = fields.size(); i--;) {
      rest.push_back({Part::Form::Type, fields[i].type.index});
      if (fields[i].name) {
        later(": ");
        later(view.text(fields[i].name));
      }
      if (i)
        later(", ");
    }
  }
  void finish() {
    while (!rest.empty()) {
      Part next = rest.back();
      rest.pop_back();
      step(next);
    }
  }

private:
  /// A key that is not a word of the grammar, such as the name of an HTTP header, is quoted.
  void key(std::string_view name) {
    auto isLetter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    auto isWord = [&](char c) { return isLetter(c) || (c >= '0' && c <= '9') || c == '$' || c == '.'; };
    if (!name.empty() && isLetter(name[0]) && std::all_of(name.begin(), name.end(), isWord))
      out += name;
    else
      appendQuoted(out, name);
  }

  void list(AttrId id) {
    std::span<const AttrId> items = view.items(id);
    out += '[';
    later("]");
    for (size_t i = items.size(); i--;) {
      rest.push_back({Part::Form::Attr, items[i].index});
      if (i)
        later(", ");
    }
  }

  void slotsKey(std::string_view name) {
    if (isSymbolKey(name))
      out += name;
    else
      key(name);
  }

  /// The value of an entry `limit`: the keys of a dictionary are symbols.
  void slots(AttrId id) {
    if (view.attr(id).kind == AttrKind::Dict && !(names && names->of(id)))
      dict(DictId(static_cast<uint32_t>(view.attr(id).payload)), Part::Form::SlotsKey);
    else
      attr(id);
  }

  // A unit value prints as its bare key: `{keep}`.
  void dict(DictId id, Part::Form keyForm) {
    std::span<const DictEntry> entries = view.entries(id);
    out += '{';
    later("}");
    for (size_t i = entries.size(); i--;) {
      if (view.attr(entries[i].value).kind != AttrKind::Unit) {
        const bool isLimit = view.text(entries[i].key) == nameOf(Attribute::limit);
        rest.push_back({isLimit ? Part::Form::Slots : Part::Form::Attr, entries[i].value.index});
        later(" = ");
      }
      rest.push_back({keyForm, entries[i].key.index});
      if (i)
        later(", ");
    }
  }

  void secret(const AttrNode &node) {
    out += "secret(";
    appendQuoted(out, view.text(StringId(static_cast<uint32_t>(node.payload))));
    if (StringId prefix(node.count); prefix) {
      out += ", prefix = ";
      appendQuoted(out, view.text(prefix));
    }
    out += ')';
  }

  void attr(AttrId id) {
    if (names && named(names->of(id)))
      return;
    const AttrNode &node = view.attr(id);
    switch (node.kind) {
    case AttrKind::Unit:
      return;
    case AttrKind::Bool:
      out += node.payload ? "true" : "false";
      return;
    case AttrKind::I64:
      return appendInt(out, view.intAttr(id));
    case AttrKind::F64:
      return appendFloat(out, view.floatAttr(id));
    case AttrKind::Str:
      return appendQuoted(out, view.textAttr(id));
    case AttrKind::Duration:
      return appendDuration(out, view.intAttr(id));
    case AttrKind::Symbol:
      out += '@';
      out += view.textAttr(id);
      return;
    case AttrKind::Type:
      return type(TypeId(static_cast<uint32_t>(node.payload)));
    case AttrKind::List:
      return list(id);
    case AttrKind::Dict:
      return dict(DictId(static_cast<uint32_t>(node.payload)), Part::Form::Key);
    case AttrKind::Secret:
      return secret(node);
    case AttrKind::Env:
      out += "env(";
      appendQuoted(out, view.textAttr(id));
      out += ')';
      return;
    }
  }

  std::string &out;
  const ConstantView &view;
  const DeclaredNames *names;
  std::vector<Part> rest;
};

} // namespace

std::string_view xcs::typeKindName(TypeKind kind) {
  switch (kind) {
  case TypeKind::Bool:
    return "bool";
  case TypeKind::I64:
    return "i64";
  case TypeKind::F64:
    return "f64";
  case TypeKind::Str:
    return "str";
  case TypeKind::Bytes:
    return "bytes";
  case TypeKind::Json:
    return "json";
  case TypeKind::None:
    return "none";
  case TypeKind::Duration:
    return "duration";
  case TypeKind::Secret:
    return "secret";
  case TypeKind::List:
    return "list";
  case TypeKind::Option:
    return "option";
  case TypeKind::Result:
    return "result";
  case TypeKind::Record:
    return "record";
  case TypeKind::Dict:
    return "dict";
  }
  return {};
}

std::string_view xcs::dictKeyRemedy(TypeKind key) {
  return key == TypeKind::F64 ? "round the numbers, or print them, first"
                              : "print the keys first, with `json.print` or `str.from`";
}

void xcs::appendType(std::string &out, const ConstantView &view, TypeId type, const DeclaredNames *names) {
  PartPrinter(out, view, names).print({Part::Form::Type, type.index});
}

void xcs::appendAttr(std::string &out, const ConstantView &view, AttrId attr, const DeclaredNames *names) {
  PartPrinter(out, view, names).print({Part::Form::Attr, attr.index});
}

void xcs::appendDict(std::string &out, const ConstantView &view, DictId dict, const DeclaredNames *names) {
  PartPrinter(out, view, names).print({Part::Form::Dict, dict.index});
}

void xcs::appendQuoted(std::string &out, std::string_view text) {
  out += '"';
  appendEscaped(out, text);
  out += '"';
}

void xcs::appendInt(std::string &out, int64_t v) {
  char buffer[24];
  out.append(buffer, std::to_chars(buffer, std::end(buffer), v).ptr);
}

// std::to_chars gives the shortest digits that read back to the same bits (C++17, [charconv.to.chars]), in
// the shorter of the two notations. Only a whole number would then look like an integer.
void xcs::appendFloat(std::string &out, double v) {
  if (std::isnan(v)) { // to_chars would show the sign of a nan
    out += "nan";
    return;
  }
  char buffer[32];
  char *end = std::to_chars(buffer, std::end(buffer), v).ptr;
  std::string_view text(buffer, end - buffer);
  out += text;
  if (text.find_first_of(".einf") == text.npos)
    out += ".0";
}

void xcs::appendDuration(std::string &out, int64_t nanoseconds) {
  struct Unit {
    int64_t size;
    std::string_view name;
  };
  constexpr Unit units[] = {{3'600'000'000'000, "h"}, {60'000'000'000, "m"}, {1'000'000'000, "s"},
                            {1'000'000, "ms"},        {1'000, "us"},         {1, "ns"}};
  if (nanoseconds == 0) {
    out += "0s";
    return;
  }
  for (const Unit &unit : units)
    if (nanoseconds % unit.size == 0) {
      appendInt(out, nanoseconds / unit.size);
      out += unit.name;
      return;
    }
}

std::string xcs::printType(const ConstantView &view, TypeId type, const DeclaredNames *names) {
  std::string out;
  appendType(out, view, type, names);
  return out;
}

std::string xcs::printTypeMeaning(const ConstantView &view, TypeId type, const DeclaredNames &names) {
  std::string out;
  PartPrinter printer(out, view, &names);
  printer.meaning(type);
  printer.finish();
  return out;
}

std::string xcs::printAttr(const ConstantView &view, AttrId attr) {
  std::string out;
  appendAttr(out, view, attr);
  return out;
}

std::string xcs::printDict(const ConstantView &view, DictId dict) {
  std::string out;
  appendDict(out, view, dict);
  return out;
}

std::string xcs::quoteString(std::string_view text) {
  std::string out;
  appendQuoted(out, text);
  return out;
}

std::string xcs::printDuration(int64_t nanoseconds) {
  std::string out;
  appendDuration(out, nanoseconds);
  return out;
}

std::string xcs::printFloat(double v) {
  std::string out;
  appendFloat(out, v);
  return out;
}
