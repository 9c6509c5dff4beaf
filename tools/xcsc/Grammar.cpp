#include "xcsc/Grammar.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Ops/OpTable.h"
#include "xcs/Syntax/Parser.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include <set>
#include <string>
#include <vector>

using namespace xcs;
using namespace xcs::compiler;

// The language of TextMate grammars: https://macromates.com/manual/en/language_grammars. Scopes are those
// listed in its section on naming conventions, so that every theme has a colour for them. The expressions use
// only what both Oniguruma and Python's re support, because the tests use the latter.

namespace {

/// Not preceded or followed by a part of a word of the language, which may contain dots.
constexpr std::string_view wordBegins = R"((?<![\w$.%@]))", wordEnds = R"((?![\w$.]))";

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (std::string_view part : parts)
    out += part;
  return out;
}

std::string escaped(std::string_view word) {
  std::string out;
  for (char c : word)
    out.append(c == '.' ? "\\" : "").append(1, c);
  return out;
}

/// Any of the words, as a whole word.
template <class Words> std::string anyOf(const Words &words) {
  std::string out(wordBegins);
  out += "(?:";
  bool first = true;
  for (const auto &word : words) {
    out.append(first ? "" : "|").append(escaped(word));
    first = false;
  }
  return out.append(")").append(wordEnds);
}

std::vector<std::string_view> operationNames(bool control) {
  std::vector<std::string_view> names;
  for (size_t code = 0; code < opCodeCount; ++code) {
    const OpRow &row = rowOf(static_cast<OpCode>(code));
    if ((row.form == OpForm::Control) == control)
      names.push_back(row.name);
  }
  return names;
}

std::vector<std::string_view> resourceNames() {
  std::vector<std::string_view> names;
  for (size_t kind = 0; kind < resourceKindCount; ++kind)
    names.push_back(rowOf(static_cast<ResourceKind>(kind)).name);
  return names;
}

std::vector<std::string_view> typeNames() {
  std::vector<std::string_view> names;
  for (auto kind = TypeKind::Bool; kind <= lastTypeKind;
       kind = static_cast<TypeKind>(static_cast<uint8_t>(kind) + 1))
    names.push_back(typeKindName(kind));
  return names;
}

/// Attributes without a value; the others are recognised by the `=` after them.
std::set<std::string_view> flagNames() {
  std::set<std::string_view> names;
  auto add = [&](std::span<const AttrRow> rows) {
    for (const AttrRow &row : rows)
      if (row.type == AttrType::Flag)
        names.insert(row.name);
  };
  for (size_t code = 0; code < opCodeCount; ++code)
    add(rowOf(static_cast<OpCode>(code)).attributes.all());
  add(commonAttrs());
  return names;
}

class GrammarPrinter {
public:
  explicit GrammarPrinter(llvm::raw_ostream &out) : json(out, 2) {}

  void print() {
    json.object([&] {
      json.attribute("name", "XIR");
      json.attribute("scopeName", "source.xir");
      json.attributeArray("fileTypes", [&] { json.value("xir"); });
      json.attributeArray("patterns", [&] { patterns(); });
    });
  }

private:
  /// If two patterns match at one position, the earlier one wins.
  void patterns() {
    match("comment.line.double-slash.xir", "//.*$");
    rawText();
    text();
    match("variable.other.xir", R"(%[\w$.]+)");
    function();
    resource();
    match("entity.name.function.xir", R"(@[A-Za-z_][\w$.]*)");
    match("entity.other.attribute-name.xir",
          joined({wordBegins, R"((?<!:\s)[A-Za-z_][\w$.]*(?=\s*=))"})); // before words with other meanings
    match("entity.other.attribute-name.xir", joined({anyOf(flagNames()), R"((?=\s*[,}]))"}));
    match("support.function.xir", joined({wordBegins, R"((?:secret|env|file)(?=\s*\())"}));
    match("keyword.other.xir", anyOf(keywords()));
    match("keyword.control.xir", anyOf(operationNames(true)));
    match("support.function.xir", anyOf(operationNames(false)));
    match("storage.type.xir", anyOf(typeNames()));
    match("constant.language.xir", joined({wordBegins, R"((?:true|false|nan|-?inf))", wordEnds}));
    number("constant.numeric.duration.xir", R"((?:\d+(?:\.\d+)?(?:ns|us|ms|s|m|h))+)");
    number("constant.numeric.float.xir", R"(\d+(?:\.\d+(?:[eE][+-]?\d+)?|[eE][+-]?\d+))");
    number("constant.numeric.integer.xir", R"((?:0x[0-9A-Fa-f]+|\d+))");
    match("keyword.operator.xir", "->");
  }

  void match(std::string_view scope, const std::string &expression) {
    json.object([&] {
      json.attribute("name", llvm::StringRef(scope));
      json.attribute("match", expression);
    });
  }

  void number(std::string_view scope, std::string_view digits) {
    match(scope, joined({wordBegins, "-?", digits, wordEnds}));
  }

  /// An expression with separate scopes for its groups.
  void matchGroups(const std::string &expression, std::initializer_list<std::string_view> scopes) {
    json.object([&] {
      json.attribute("match", expression);
      json.attributeObject("captures", [&] {
        size_t group = 0;
        for (std::string_view scope : scopes)
          json.attributeObject(std::to_string(++group),
                               [&] { json.attribute("name", llvm::StringRef(scope)); });
      });
    });
  }

  void function() {
    matchGroups(joined({wordBegins, R"((func)(?:\s+(private))?\s+(@[A-Za-z_][\w$.]*))"}),
                {"storage.type.function.xir", "storage.modifier.xir", "entity.name.function.xir"});
  }

  void resource() {
    std::vector<std::string_view> kinds = resourceNames();
    kinds.insert(kinds.end(), {"type", "const"});
    std::string any;
    for (std::string_view kind : kinds)
      any.append(any.empty() ? "" : "|").append(escaped(kind));
    matchGroups(joined({R"(^\s*()", any, R"()(?:\s+(private))?\s+(@[A-Za-z_][\w$.]*))"}),
                {"storage.type.xir", "storage.modifier.xir", "entity.name.type.xir"});
  }

  /// A string over many lines, without escapes; placeholders are highlighted in both kinds.
  void rawText() {
    json.object([&] {
      json.attribute("name", "string.quoted.triple.xir");
      json.attribute("begin", "\"\"\"");
      json.attribute("end", "\"\"\"");
      json.attributeArray("patterns", [&] { hole(); });
    });
  }

  void text() {
    json.object([&] {
      json.attribute("name", "string.quoted.double.xir");
      json.attribute("begin", "\"");
      json.attribute("end", "\"|$");
      json.attributeArray("patterns", [&] {
        match("constant.character.escape.xir", R"(\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))");
        match("invalid.illegal.xir", R"(\\.)");
        hole();
      });
    });
  }

  void hole() { match("constant.other.placeholder.xir", R"(\{\d+\}|\{\{|\}\})"); }

  llvm::json::OStream json;
};

} // namespace

void compiler::printGrammar(llvm::raw_ostream &out) {
  GrammarPrinter(out).print();
  out << '\n';
}
