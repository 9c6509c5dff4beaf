#include "Syntax/Lexer.h"
#include "xcs/Syntax/IrJson.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include <string>

using namespace xcs;

namespace {

/// Follows the grammar through a text that is known to be right. Recurses over regions and literals, whose
/// depth the parser bounds.
class IrJsonWriter {
public:
  IrJsonWriter(std::string_view text, llvm::raw_ostream &out) : text(text), lexer(this->text), out(out) {
    advance();
  }
  void write();

private:
  void advance() { token = lexer.next(); }
  bool at(TokenKind kind) const { return token.kind == kind; }
  /// Passes a token of that kind, if it is the next one.
  bool pass(TokenKind kind);
  /// Writes a text in quotes.
  void quote(std::string_view content);
  /// Writes the next token as a name, without the first character of a value or a symbol.
  void name();
  /// Writes `"key": `, after a comma if it is not the first of its object.
  void key(std::string_view name);
  void begin(char bracket) {
    out << bracket;
    isFirst = true;
  }
  void end(char bracket) {
    out << bracket;
    isFirst = false;
  }
  /// Begins the next element of an array.
  void element();
  void line(unsigned depth);

  void item();
  void module();
  void function();
  void externOperation();
  void declaration();
  void isPrivate();
  void type();
  void types();
  void typesAfterArrow();
  void parameters();
  void attributes();
  void dict();
  void literal();
  void word();
  void operands();
  void operation(unsigned depth);
  void results();
  void resultTypes(std::vector<std::string_view> names);
  void regions(unsigned depth);
  void body(unsigned depth);
  void location();

  const std::string text; // followed by a NUL
  Lexer lexer;
  llvm::raw_ostream &out;
  Token token;
  bool isFirst = true; // in the innermost array or object
};

} // namespace

bool IrJsonWriter::pass(TokenKind kind) {
  if (!at(kind))
    return false;
  advance();
  return true;
}

void IrJsonWriter::quote(std::string_view content) {
  out << llvm::json::Value(llvm::StringRef(content.data(), content.size()));
}

void IrJsonWriter::name() {
  const bool hasMark = at(TokenKind::Value) || at(TokenKind::Symbol);
  quote(token.in(text).substr(hasMark));
  advance();
}

void IrJsonWriter::element() {
  if (!isFirst)
    out << ", ";
  isFirst = false;
}

void IrJsonWriter::key(std::string_view name) {
  element();
  quote(name);
  out << ": ";
}

void IrJsonWriter::line(unsigned depth) {
  out << (isFirst ? "\n" : ",\n");
  isFirst = false;
  out.indent(2 * depth);
}

/// A name with its arguments, as written.
void IrJsonWriter::type() {
  const uint32_t begin = token.offset;
  uint32_t last = token.end();
  advance();
  int depth = 0;
  while (depth != 0 || at(TokenKind::Less)) {
    depth += at(TokenKind::Less) - at(TokenKind::Greater);
    last = token.end();
    advance();
  }
  quote(std::string_view(text).substr(begin, last - begin));
}

void IrJsonWriter::types() {
  begin('[');
  if (pass(TokenKind::LParen))
    pass(TokenKind::RParen);
  else
    do {
      element();
      type();
    } while (pass(TokenKind::Comma));
  end(']');
}

void IrJsonWriter::typesAfterArrow() {
  if (!pass(TokenKind::Arrow))
    return;
  key("results");
  types();
}

void IrJsonWriter::isPrivate() {
  if (!pass(TokenKind::Private))
    return;
  key("private");
  out << "true";
}

/// In parentheses; nothing if there are none.
void IrJsonWriter::parameters() {
  advance();
  if (pass(TokenKind::RParen))
    return;
  key("parameters");
  begin('[');
  do {
    element();
    begin('{');
    key("name");
    name();
    advance(); // the colon
    key("type");
    type();
    if (pass(TokenKind::Equal)) {
      key("default");
      literal();
    }
    end('}');
  } while (pass(TokenKind::Comma));
  end(']');
  advance();
}

/// A dictionary; a key without a value has null.
void IrJsonWriter::dict() {
  advance();
  begin('{');
  while (!pass(TokenKind::RBrace)) {
    element();
    if (at(TokenKind::String))
      out << token.in(text);
    else
      quote(token.in(text));
    out << ": ";
    advance();
    if (pass(TokenKind::Equal))
      literal();
    else
      out << "null";
    pass(TokenKind::Comma);
  }
  end('}');
}

void IrJsonWriter::attributes() {
  if (!at(TokenKind::LBrace))
    return;
  key("attributes");
  dict();
}

/// `true`, a type, `secret("NAME", prefix = "..")`.
void IrJsonWriter::word() {
  const std::string_view written = token.in(text);
  Lexer ahead = lexer;
  const TokenKind next = ahead.next().kind;
  if (written == "true" || written == "false") {
    out << written;
    return advance();
  }
  begin('{');
  if (next != TokenKind::LParen) {
    const bool isNumber = written == "nan" || written == "inf";
    key(isNumber ? "word" : "type");
    type();
    return end('}');
  }
  advance();
  advance();
  key(written);
  out << token.in(text);
  advance();
  while (pass(TokenKind::Comma)) {
    key(token.in(text));
    advance();
    advance(); // the equals sign
    out << token.in(text);
    advance();
  }
  advance();
  end('}');
}

void IrJsonWriter::literal() {
  const std::string_view written = token.in(text);
  switch (token.kind) {
  case TokenKind::LBracket:
    advance();
    begin('[');
    while (!pass(TokenKind::RBracket)) {
      element();
      literal();
      pass(TokenKind::Comma);
    }
    return end(']');
  case TokenKind::LBrace:
    begin('{');
    key("dict");
    dict();
    return end('}');
  case TokenKind::Name:
    return word();
  case TokenKind::Symbol:
  case TokenKind::Duration:
    begin('{');
    key(at(TokenKind::Symbol) ? "symbol" : "duration");
    name();
    return end('}');
  default:
    // Strings have the escapes of JSON, and numbers its form, but for one.
    if (written == "-inf")
      out << R"({"word": "-inf"})";
    else
      out << written;
    advance();
  }
}

void IrJsonWriter::operands() {
  if (!pass(TokenKind::LParen))
    return;
  key("operands");
  begin('[');
  while (!pass(TokenKind::RParen)) {
    element();
    if (at(TokenKind::Value)) {
      begin('{');
      key("value");
      name();
      end('}');
    } else {
      literal();
    }
    pass(TokenKind::Comma);
  }
  end(']');
}

/// The names before the `=`; they are written with their types, which come later.
static std::vector<std::string_view> namesOf(std::string_view text, Lexer &lexer, Token &token) {
  std::vector<std::string_view> names;
  while (token.kind == TokenKind::Value) {
    names.push_back(token.in(text).substr(1));
    token = lexer.next(); // a comma or the equals sign
    token = lexer.next();
  }
  return names;
}

void IrJsonWriter::resultTypes(std::vector<std::string_view> names) {
  if (names.empty()) {
    if (at(TokenKind::LParen)) { // `()`
      advance();
      return advance();
    }
    key("types");
    return types();
  }
  key("results");
  begin('[');
  for (std::string_view each : names) {
    element();
    begin('{');
    key("name");
    quote(each);
    key("type");
    type();
    end('}');
    pass(TokenKind::Comma);
  }
  end(']');
}

void IrJsonWriter::location() {
  if (!pass(TokenKind::Loc))
    return;
  advance();
  key("loc");
  begin('{');
  for (const char *part : {"file", "line", "column"}) {
    key(part);
    out << token.in(text);
    advance();
    advance(); // a colon or the bracket
  }
  end('}');
}

void IrJsonWriter::operation(unsigned depth) {
  begin('{');
  std::vector<std::string_view> names = namesOf(text, lexer, token);
  key("op");
  name();
  if (at(TokenKind::Symbol)) {
    key("symbol");
    name();
  }
  operands();
  if (at(TokenKind::Symbol)) {
    key("function");
    begin('{');
    key("name");
    name();
    operands();
    end('}');
  }
  if (pass(TokenKind::After)) {
    advance();
    key("after");
    begin('[');
    do {
      element();
      name();
    } while (pass(TokenKind::Comma));
    end(']');
    advance();
  }
  attributes();
  if (pass(TokenKind::Colon)) {
    resultTypes(std::move(names));
    regions(depth);
  }
  location();
  end('}');
}

void IrJsonWriter::regions(unsigned depth) {
  if (!at(TokenKind::LBrace))
    return;
  key("regions");
  begin('[');
  while (pass(TokenKind::LBrace)) {
    line(depth + 1);
    begin('{');
    if (pass(TokenKind::Caret))
      parameters();
    body(depth + 1);
    end('}');
  }
  end(']');
}

/// After its `{`.
void IrJsonWriter::body(unsigned depth) {
  key("body");
  begin('[');
  while (!pass(TokenKind::RBrace)) {
    line(depth + 1);
    operation(depth + 1);
  }
  end(']');
}

void IrJsonWriter::module() {
  advance();
  key("module");
  name();
  if (pass(TokenKind::Attributes))
    attributes();
}

void IrJsonWriter::function() {
  advance();
  Lexer ahead = lexer;
  const bool isHidden = at(TokenKind::Private);
  const Token symbol = isHidden ? ahead.next() : token;
  key("function");
  quote(symbol.in(text).substr(1));
  isPrivate();
  advance();
  parameters();
  typesAfterArrow();
  if (pass(TokenKind::Attributes))
    attributes();
  advance();
  body(0);
}

void IrJsonWriter::externOperation() {
  advance();
  key("extern");
  name();
  advance();
  key("operands");
  if (at(TokenKind::RParen))
    out << "[]";
  else
    types();
  advance();
  typesAfterArrow();
  attributes();
}

void IrJsonWriter::declaration() {
  key("declare");
  name();
  isPrivate();
  key("name");
  name();
  attributes();
  if (!pass(TokenKind::Equal))
    return;
  key("is");
  literal();
}

void IrJsonWriter::item() {
  begin('{');
  switch (token.kind) {
  case TokenKind::Module:
    module();
    break;
  case TokenKind::Import:
    advance();
    key("import");
    out << token.in(text);
    advance();
    break;
  case TokenKind::Func:
    function();
    break;
  case TokenKind::Extern:
    externOperation();
    break;
  default:
    declaration();
  }
  end('}');
}

void IrJsonWriter::write() {
  out << R"({"xir": 1, "program": [)";
  while (!at(TokenKind::End)) {
    line(0);
    item();
  }
  out << "\n]}\n";
}

void xcs::printIrJson(std::string_view text, llvm::raw_ostream &out) { IrJsonWriter(text, out).write(); }
