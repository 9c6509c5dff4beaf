#include "Syntax/JsonNode.h"
#include "Syntax/Lexer.h"
#include "xcs/Ops/Attributes.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Support/NearestName.h"
#include "xcs/Support/Utf8.h"
#include "xcs/Syntax/IrJson.h"
#include <algorithm>

using namespace xcs;

namespace {

/// A member of an object: where to put it, if it is there.
struct Member {
  std::string_view name;
  const JsonNode **node;
};

/// Writes the text of a program from its tree, and notes what each piece of it comes from. Each function
/// returns false after a report. Recursion is bounded with the depth of the tree.
class IrJsonReader {
public:
  IrJsonReader(const SourceBuffer &json, DiagnosticEngine &diagnostics)
      : json(json), diagnostics(diagnostics) {}
  bool program(const JsonNode &top);
  std::string text;
  std::vector<SourceBuffer::Origin> origins;

private:
  bool bad(const JsonNode &at, const std::string &what);
  /// Finds the members of an object; others are reported, and so is the lack of the first one.
  bool open(const JsonNode &node, std::string_view what, std::initializer_list<Member> members);
  bool isArray(const JsonNode *node, std::string_view what);
  bool isText(const JsonNode &node, std::string_view what);
  void put(const JsonNode &from, std::string_view piece);
  void put(std::string_view piece) { text += piece; }

  bool item(const JsonNode &node);
  bool module(const JsonNode &node);
  bool import(const JsonNode &node);
  bool externOperation(const JsonNode &node);
  bool declaration(const JsonNode &node);
  bool function(const JsonNode &node);
  bool isPrivate(const JsonNode *node);
  bool word(const JsonNode &node, std::string_view mark, TokenKind kind, std::string_view what);
  bool symbol(const JsonNode &node) { return word(node, "@", TokenKind::Symbol, "a name"); }
  bool value(const JsonNode &node) { return word(node, "%", TokenKind::Value, "the name of a value"); }
  bool type(const JsonNode &node);
  bool types(const JsonNode &node);
  bool parameters(const JsonNode *node);
  bool attributes(const JsonNode *node, std::string_view before = " ");
  bool entries(const JsonNode &node, bool areSlots = false);
  void key(const JsonNode &member, bool isSymbol = false);
  bool literal(const JsonNode &node);
  bool tagged(const JsonNode &node);
  bool hidden(const JsonNode &node);
  bool operands(const JsonNode *node);
  bool operation(const JsonNode &node);
  bool resultNames(const JsonNode *named);
  bool results(const JsonNode *named, const JsonNode *unnamed, bool hasRegions);
  bool bodyFunction(const JsonNode *node);
  bool after(const JsonNode *node);
  bool regions(const JsonNode *node);
  bool body(const JsonNode *node);
  bool location(const JsonNode *node);
  template <class Each> bool list(const JsonNode &node, std::string_view what, Each each);

  const SourceBuffer &json;
  DiagnosticEngine &diagnostics;
};

} // namespace

bool IrJsonReader::bad(const JsonNode &at, const std::string &what) {
  diagnostics.reportAt(Diag::BadIrJson, json.lineColumn(at.begin), {what});
  return false;
}

void IrJsonReader::put(const JsonNode &from, std::string_view piece) {
  origins.push_back({static_cast<uint32_t>(text.size()), from.offset});
  text += piece;
}

bool IrJsonReader::open(const JsonNode &node, std::string_view what, std::initializer_list<Member> members) {
  if (node.value->kind() != ValueKind::Object)
    return bad(node, std::string(what) + " is an object");
  for (const JsonNode &part : node.parts) {
    const auto found = std::find_if(members.begin(), members.end(),
                                    [&](const Member &member) { return member.name == part.key; });
    if (found != members.end()) {
      *found->node = &part;
      continue;
    }
    NearestName nearest(part.key);
    for (const Member &member : members)
      nearest.offer(member.name);
    return bad(part,
               "`" + std::string(part.key) + "` is no member of " + std::string(what) + nearest.suggestion());
  }
  return *members.begin()->node ||
         bad(node, std::string(what) + " has no `" + std::string(members.begin()->name) + "`");
}

bool IrJsonReader::isArray(const JsonNode *node, std::string_view what) {
  return !node || node->value->kind() == ValueKind::List || bad(*node, std::string(what) + " is an array");
}

bool IrJsonReader::isText(const JsonNode &node, std::string_view what) {
  return node.value->kind() == ValueKind::Str || bad(node, std::string(what) + " is a string");
}

/// The items of an array with commas between them.
template <class Each> bool IrJsonReader::list(const JsonNode &node, std::string_view what, Each each) {
  if (!isArray(&node, what))
    return false;
  for (size_t i = 0; i != node.parts.size(); ++i) {
    if (i != 0)
      put(", ");
    if (!each(node.parts[i]))
      return false;
  }
  return true;
}

/// A name, with its mark or without.
bool IrJsonReader::word(const JsonNode &node, std::string_view mark, TokenKind kind, std::string_view what) {
  if (!isText(node, what))
    return false;
  std::string written(node.value->text());
  if (!written.starts_with(mark))
    written.insert(0, mark);
  Lexer lexer(written);
  const Token token = lexer.next();
  if (token.kind != kind || token.offset != 0 || token.size != written.size())
    return bad(node,
               quoteString(node.value->text()) + " is not " + std::string(what) +
                   (kind == TokenKind::Duration ? "" : "; a name has letters, digits, `_`, `$` and `.`"));
  put(node, written);
  return true;
}

/// A name or a symbol, and what is within `<>` after it: so it ends where its text ends. The parser says the
/// rest.
static bool isOneType(const std::string &text) {
  Lexer lexer(text);
  Token token = lexer.next();
  if (token.kind != TokenKind::Name && token.kind != TokenKind::Symbol)
    return false;
  token = lexer.next();
  if (token.kind == TokenKind::End)
    return true;
  int depth = 0;
  do {
    depth += (token.kind == TokenKind::Less) - (token.kind == TokenKind::Greater);
    const bool isWord = token.kind == TokenKind::Symbol || token.kind == TokenKind::Name ||
                        (token.kind >= TokenKind::Module && token.kind <= TokenKind::Loc);
    const bool isMark = token.kind == TokenKind::Less || token.kind == TokenKind::Greater ||
                        token.kind == TokenKind::Comma || token.kind == TokenKind::Colon;
    if ((!isWord && !isMark) || (depth == 0 && token.kind != TokenKind::Greater))
      return false;
    token = lexer.next();
  } while (depth > 0);
  return depth == 0 && token.kind == TokenKind::End;
}

bool IrJsonReader::type(const JsonNode &node) {
  if (!isText(node, "a type"))
    return false;
  const std::string_view written = node.value->text();
  // No comment, which the lexer passes over.
  if (written.find_first_of("/#\n\r") != written.npos || !isOneType(std::string(written)))
    return bad(node,
               quoteString(written) + " is not a type; write one as in a program, such as \"list<str>\"");
  put(node, written);
  return true;
}

bool IrJsonReader::types(const JsonNode &node) {
  if (!isArray(&node, "a list of types"))
    return false;
  if (node.parts.empty()) {
    put("()");
    return true;
  }
  return list(node, "a list of types", [&](const JsonNode &each) { return type(each); });
}

bool IrJsonReader::isPrivate(const JsonNode *node) {
  if (!node)
    return true;
  if (node->value->kind() != ValueKind::Bool)
    return bad(*node, "`private` is true or false");
  put(node->value->asBool() ? "private " : "");
  return true;
}

bool IrJsonReader::parameters(const JsonNode *node) {
  put("(");
  const bool good = !node || list(*node, "`parameters`", [&](const JsonNode &each) {
    const JsonNode *name = nullptr, *typed = nullptr, *usual = nullptr;
    if (!open(each, "a parameter", {{"name", &name}, {"type", &typed}, {"default", &usual}}))
      return false;
    if (!typed)
      return bad(each, "a parameter has no `type`");
    if (!value(*name))
      return false;
    put(": ");
    if (!type(*typed))
      return false;
    if (usual)
      put(" = ");
    return !usual || literal(*usual);
  });
  put(")");
  return good;
}

/// The key of a member, quoted unless it is a word; the symbols in `limit` are not quoted either.
void IrJsonReader::key(const JsonNode &member, bool isSymbol) {
  std::string written(member.key);
  Lexer lexer(written);
  const Token token = lexer.next();
  const bool isWord = token.size == written.size() && !written.empty() &&
                      (token.kind == TokenKind::Name || (isSymbol && token.kind == TokenKind::Symbol) ||
                       (token.kind >= TokenKind::Module && token.kind <= TokenKind::Loc));
  origins.push_back({static_cast<uint32_t>(text.size()), member.begin});
  put(isWord ? written : quoteString(member.key));
}

bool IrJsonReader::entries(const JsonNode &node, bool areSlots) {
  if (node.value->kind() != ValueKind::Object)
    return bad(node, "attributes are an object");
  put(node, "{");
  for (size_t i = 0; i != node.parts.size(); ++i) {
    const JsonNode &part = node.parts[i];
    if (i != 0)
      put(", ");
    key(part, areSlots);
    if (part.value->kind() == ValueKind::None)
      continue;
    put(" = ");
    if (!literal(part))
      return false;
  }
  put("}");
  return true;
}

bool IrJsonReader::attributes(const JsonNode *node, std::string_view before) {
  if (!node || (node->value->kind() == ValueKind::Object && node->parts.empty()))
    return true;
  put(before);
  return entries(*node);
}

/// `{"secret": "NAME", "prefix": "Bearer "}`.
bool IrJsonReader::hidden(const JsonNode &node) {
  for (size_t i = 0; i != node.parts.size(); ++i) {
    const JsonNode &part = node.parts[i];
    if (!isText(part, "`" + std::string(part.key) + "`"))
      return false;
    if (i != 0)
      put(", ");
    key(part);
    put(i == 0 ? "(" : " = ");
    put(part, quoteString(part.value->text()));
  }
  put(")");
  return true;
}

/// What JSON has no form for, by its first member.
bool IrJsonReader::tagged(const JsonNode &node) {
  if (node.parts.empty())
    return bad(node, "an empty object is no literal; write `{\"dict\": {}}` for an empty dictionary");
  const JsonNode &first = node.parts[0];
  const std::string_view tag = first.key;
  if (tag == "secret" || tag == "env" || tag == "file")
    return hidden(node);
  if (node.parts.size() != 1)
    return bad(node.parts[1], "a literal has one member; write dictionaries as `{\"dict\": {..}}`");
  if (tag == "dict")
    return entries(first, node.key == nameOf(Attribute::limit));
  if (tag == "type")
    return type(first);
  if (tag == "symbol")
    return symbol(first);
  if (tag == "duration")
    return word(first, "", TokenKind::Duration, "a duration, such as \"250ms\"");
  if (tag == "word" && first.value->kind() == ValueKind::Str && first.value->text() == "-inf")
    return word(first, "", TokenKind::Float, "a word");
  if (tag == "word")
    return word(first, "", TokenKind::Name, "a word");
  NearestName nearest(tag);
  for (const char *known : {"dict", "type", "symbol", "duration", "word", "secret", "env", "file"})
    nearest.offer(known);
  return bad(first, "`" + std::string(tag) + "` is no kind of literal" + nearest.suggestion());
}

bool IrJsonReader::literal(const JsonNode &node) {
  const Value &v = *node.value;
  switch (v.kind()) {
  case ValueKind::Bool:
    put(node, v.asBool() ? "true" : "false");
    return true;
  case ValueKind::I64:
    put(node, std::to_string(v.asI64()));
    return true;
  case ValueKind::F64:
    put(node, printFloat(v.asF64()));
    return true;
  case ValueKind::Whole: // the parser says that it is too large
    put(node, v.text());
    return true;
  case ValueKind::Str:
    put(node, quoteString(v.text()));
    return true;
  case ValueKind::List: {
    put(node, "[");
    const bool good = list(node, "a list", [&](const JsonNode &each) { return literal(each); });
    put("]");
    return good;
  }
  case ValueKind::Object:
    return tagged(node);
  default:
    return bad(node, "null is no literal; it stands for an attribute without a value");
  }
}

bool IrJsonReader::operands(const JsonNode *node) {
  if (!node || (node->value->kind() == ValueKind::List && node->parts.empty()))
    return true;
  put(*node, "(");
  const bool good = list(*node, "`operands`", [&](const JsonNode &each) {
    const bool isValue = each.parts.size() == 1 && each.parts[0].key == "value";
    return isValue ? value(each.parts[0]) : literal(each);
  });
  put(")");
  return good;
}

bool IrJsonReader::bodyFunction(const JsonNode *node) {
  if (!node)
    return true;
  const JsonNode *name = nullptr, *captures = nullptr;
  put(" ");
  return open(*node, "`function`", {{"name", &name}, {"operands", &captures}}) && symbol(*name) &&
         operands(captures);
}

bool IrJsonReader::after(const JsonNode *node) {
  if (!node || (node->value->kind() == ValueKind::List && node->parts.empty()))
    return true;
  put(*node, " after(");
  const bool good = list(*node, "`after`", [&](const JsonNode &each) { return value(each); });
  put(")");
  return good;
}

/// The types of results, which are named or not.
bool IrJsonReader::results(const JsonNode *named, const JsonNode *unnamed, bool hasRegions) {
  if (named && unnamed)
    return bad(*unnamed, "an operation has `results` with names or `types` without, not both");
  if (!named && !unnamed && hasRegions)
    put(" : ()");
  if (!named && !unnamed)
    return true;
  put(" : ");
  if (unnamed)
    return types(*unnamed);
  return list(*named, "`results`", [&](const JsonNode &each) {
    const JsonNode *name = nullptr, *typed = nullptr;
    return open(each, "a result", {{"name", &name}, {"type", &typed}}) &&
           (typed || bad(each, "a result has no `type`")) && type(*typed);
  });
}

bool IrJsonReader::regions(const JsonNode *node) {
  if (!isArray(node, "`regions`"))
    return false;
  for (size_t i = 0; node && i != node->parts.size(); ++i) {
    const JsonNode &region = node->parts[i];
    const JsonNode *operations = nullptr, *arguments = nullptr;
    if (!open(region, "a region", {{"body", &operations}, {"parameters", &arguments}}))
      return false;
    put(region, " {\n");
    if (arguments)
      put("^");
    if ((arguments && !parameters(arguments)) || !body(operations))
      return false;
  }
  return true;
}

/// After its `{`.
bool IrJsonReader::body(const JsonNode *node) {
  if (!isArray(node, "`body`"))
    return false;
  for (const JsonNode &each : node->parts)
    if (put("\n"); !operation(each))
      return false;
  put("\n}");
  return true;
}

bool IrJsonReader::location(const JsonNode *node) {
  if (!node)
    return true;
  const JsonNode *file = nullptr, *line = nullptr, *column = nullptr;
  if (!open(*node, "`loc`", {{"file", &file}, {"line", &line}, {"column", &column}}) ||
      !isText(*file, "`file`"))
    return false;
  for (const JsonNode *number : {line, column})
    if (!number || number->value->kind() != ValueKind::I64 || number->value->asI64() < 0)
      return bad(number ? *number : *node, "`loc` has a `line` and a `column`, which are numbers from 1");
  put(*node, " loc(" + quoteString(file->value->text()) + ":" + std::to_string(line->value->asI64()) + ":" +
                 std::to_string(column->value->asI64()) + ")");
  return true;
}

/// The names before the `=`.
bool IrJsonReader::resultNames(const JsonNode *named) {
  if (!named)
    return true;
  const bool good = list(*named, "`results`", [&](const JsonNode &each) {
    const JsonNode *name = nullptr, *typed = nullptr;
    return open(each, "a result", {{"name", &name}, {"type", &typed}}) && value(*name);
  });
  put(" = ");
  return good;
}

bool IrJsonReader::operation(const JsonNode &node) {
  const JsonNode *op = nullptr, *named = nullptr, *unnamed = nullptr, *given = nullptr, *target = nullptr,
                 *function = nullptr, *order = nullptr, *attrs = nullptr, *inner = nullptr, *loc = nullptr;
  if (!open(node, "an operation",
            {{"op", &op},
             {"results", &named},
             {"types", &unnamed},
             {"operands", &given},
             {"symbol", &target},
             {"function", &function},
             {"after", &order},
             {"attributes", &attrs},
             {"regions", &inner},
             {"loc", &loc}}))
    return false;
  for (const JsonNode **results : {&named, &unnamed}) // empty ones say nothing
    if (*results && (*results)->value->kind() == ValueKind::List && (*results)->parts.empty())
      *results = nullptr;
  if (!resultNames(named) || !word(*op, "", TokenKind::Name, "the name of an operation"))
    return false;
  if (target)
    put(" ");
  return (!target || symbol(*target)) && operands(given) && bodyFunction(function) && after(order) &&
         attributes(attrs) && results(named, unnamed, inner && !inner->parts.empty()) && regions(inner) &&
         location(loc);
}

bool IrJsonReader::module(const JsonNode &node) {
  const JsonNode *name = nullptr, *attrs = nullptr;
  if (!open(node, "a module", {{"module", &name}, {"attributes", &attrs}}))
    return false;
  put(node, "module ");
  if (!symbol(*name))
    return false;
  return attributes(attrs, " attributes ");
}

bool IrJsonReader::import(const JsonNode &node) {
  const JsonNode *path = nullptr;
  if (!open(node, "an import", {{"import", &path}}) || !isText(*path, "`import`"))
    return false;
  put(node, "import ");
  put(*path, quoteString(path->value->text()));
  return true;
}

bool IrJsonReader::externOperation(const JsonNode &node) {
  const JsonNode *name = nullptr, *given = nullptr, *made = nullptr, *attrs = nullptr;
  if (!open(node, "an extern",
            {{"extern", &name}, {"operands", &given}, {"results", &made}, {"attributes", &attrs}}))
    return false;
  if (!attrs || !made)
    return bad(node, "an extern has `results` and `attributes`");
  put(node, "extern ");
  if (!symbol(*name))
    return false;
  put("(");
  if (!isArray(given, "`operands`") || (given && !given->parts.empty() && !types(*given)))
    return false;
  put(") -> ");
  return types(*made) && (put(" "), entries(*attrs));
}

bool IrJsonReader::declaration(const JsonNode &node) {
  const JsonNode *kind = nullptr, *name = nullptr, *hiddenOne = nullptr, *attrs = nullptr, *meaning = nullptr;
  if (!open(node, "a declaration",
            {{"declare", &kind},
             {"name", &name},
             {"private", &hiddenOne},
             {"attributes", &attrs},
             {"is", &meaning}}))
    return false;
  if (!name || !attrs == !meaning)
    return bad(node, "a declaration has a `name`, and `attributes` or a meaning, `is`");
  if (!word(*kind, "", TokenKind::Name, "a kind of declaration"))
    return false;
  put(" ");
  if (!isPrivate(hiddenOne) || !symbol(*name))
    return false;
  put(attrs ? " " : " = ");
  return attrs ? entries(*attrs) : literal(*meaning);
}

bool IrJsonReader::function(const JsonNode &node) {
  const JsonNode *name = nullptr, *hiddenOne = nullptr, *arguments = nullptr, *made = nullptr,
                 *attrs = nullptr, *operations = nullptr;
  if (!open(node, "a function",
            {{"function", &name},
             {"private", &hiddenOne},
             {"parameters", &arguments},
             {"results", &made},
             {"attributes", &attrs},
             {"body", &operations}}))
    return false;
  if (!operations)
    return bad(node, "a function has no `body`");
  put(node, "func ");
  if (!isPrivate(hiddenOne) || !symbol(*name) || !parameters(arguments))
    return false;
  if (!isArray(made, "`results`"))
    return false;
  if (made && !made->parts.empty()) {
    put(" -> ");
    if (!types(*made))
      return false;
  }
  if (!attributes(attrs, " attributes "))
    return false;
  put(" {");
  return body(operations);
}

/// By the member that tells what it is.
bool IrJsonReader::item(const JsonNode &node) {
  static constexpr std::pair<std::string_view, bool (IrJsonReader::*)(const JsonNode &)> kinds[] = {
      {"module", &IrJsonReader::module},
      {"import", &IrJsonReader::import},
      {"extern", &IrJsonReader::externOperation},
      {"declare", &IrJsonReader::declaration},
      {"function", &IrJsonReader::function}};
  for (const auto &[name, read] : kinds)
    for (const JsonNode &part : node.parts)
      if (part.key == name)
        return (this->*read)(node);
  return bad(node, "an item of the program is an object with a `module`, `import`, `extern`, `declare` or "
                   "`function`");
}

bool IrJsonReader::program(const JsonNode &top) {
  const JsonNode *version = nullptr, *items = nullptr;
  if (!open(top, "the program", {{"xir", &version}, {"program", &items}}))
    return false;
  if (version->value->kind() != ValueKind::I64 || version->value->asI64() != 1)
    return bad(*version, "`xir` is the version of the form, 1");
  if (!items || !isArray(items, "`program`"))
    return items ? false : bad(top, "the program has no `program`, the array of its items");
  for (const JsonNode &each : items->parts)
    if (!item(each) || (put("\n"), false))
      return false;
  return true;
}

bool xcs::isIrJson(std::string_view text) {
  text = withoutByteOrderMark(text);
  const size_t first = text.find_first_not_of(" \t\r\n");
  return first != text.npos && text[first] == '{';
}

std::shared_ptr<const SourceBuffer> xcs::readIrJson(std::shared_ptr<const SourceBuffer> json,
                                                    DiagnosticEngine &diagnostics, const Limits &limits) {
  JsonTree tree;
  if (!tree.read(*json, diagnostics, limits))
    return nullptr;
  IrJsonReader reader(*json, diagnostics);
  if (!reader.program(tree.top()))
    return nullptr;
  if (reader.text.size() >= Location::explicitBit) {
    diagnostics.reportFile(limitError(Limit::SourceBytes, Location::explicitBit - 1), json->name());
    return nullptr;
  }
  return std::make_shared<SourceBuffer>(std::move(json), std::move(reader.text), std::move(reader.origins));
}
