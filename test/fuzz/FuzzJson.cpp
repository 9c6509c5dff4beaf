/// The JSON border: a type, and a text that `xcs-run` is given as the value of a parameter of that type. It
/// is a value or an error with its place; the value printed reads back to the same, and fits the schema that
/// is told of its type. The text is read as a JSON Schema too, and applied to itself.
///
/// An input is a type as a program writes it, a line end, and the JSON text.

#include "Ops/CompiledSchema.h"
#include "support/Fuzz.h"
#include "xcs/Ops/JsonSchema.h"
#include "xcs/Ops/JsonText.h"
#include "xcs/Syntax/Parser.h"
#include <map>

using namespace xcs;
using fuzz::require;

namespace {

/// Small, so that a hostile text meets them soon. What is printed may be larger than what was read (missing
/// options), and is read back under larger ones.
Limits smallLimits() {
  Limits limits;
  limits.set(Limit::ValueBytes, 1 << 20);
  limits.set(Limit::JsonDepth, 32);
  limits.set(Limit::NestingDepth, 32);
  limits.set(Limit::SchemaSteps, 1 << 14);
  limits.set(Limit::RegexBytes, 256);
  return limits;
}
const Limits limits = smallLimits();

Limits largeLimits() {
  Limits limits;
  limits.set(Limit::JsonDepth, 1 << 12);
  return limits;
}

/// A type that a program wrote, and the schema of it.
struct KnownType {
  std::unique_ptr<Module> module; // null: the text is no type
  TypeId type;
  std::unique_ptr<const CompiledSchema> schema; // null: it has none, as a secret has none
};

KnownType readType(const std::string &text) {
  KnownType known;
  DiagnosticEngine diagnostics;
  known.module =
      parseModule(std::make_shared<SourceBuffer>("type.xir", "func @f(%x: " + text + ") { return }"),
                  diagnostics, limits);
  if (!known.module)
    return known;
  if (known.module->functions.empty() ||
      known.module->functions[0]->graph.arguments(known.module->functions[0]->body).size() == 0) {
    known.module.reset();
    return known;
  }
  const ComputationGraph &graph = known.module->functions[0]->graph;
  ValueRef parameter = *graph.arguments(known.module->functions[0]->body).begin();
  known.type = graph.value(parameter).type;
  std::string schema;
  OpError error;
  if (!jsonSchemaOf(known.module->pool.view(), known.type, largeLimits(), schema, error))
    return known;
  Value json;
  std::string what;
  require(parseJson(schema, largeLimits(), json, error), "the schema of a type is no JSON", schema);
  known.schema = CompiledSchema::read(json, largeLimits(), what);
  require(known.schema != nullptr, "the schema of a type is no schema", what);
  return known;
}

/// Types are read once: most inputs differ in their JSON alone.
const KnownType &knownType(const std::string &text) {
  static std::map<std::string, KnownType> known;
  static constexpr size_t most = 256;
  auto found = known.find(text);
  if (found != known.end())
    return found->second;
  if (known.size() == most)
    known.clear();
  return known.emplace(text, readType(text)).first->second;
}

void checkError(const OpError &error, std::initializer_list<Diag> possible) {
  bool isPossible = false;
  for (Diag id : possible)
    isPossible = isPossible || error.id == id;
  require(isPossible, "an error of an unexpected kind", error.message);
  require(!error.message.empty(), "an error without a message");
  fuzz::requireText(error.message, "a message that is no UTF-8");
  if (error.id == Diag::JsonMismatch)
    require(error.message.find(" at `/") != std::string::npos ||
                error.message.find(" at the top: ") != std::string::npos,
            "a mismatch without its place", error.message);
}

std::string print(const Value &value, const KnownType &known, JsonLayout layout) {
  std::string out;
  llvm::raw_string_ostream stream(out);
  OpError error;
  require(printJson(value, known.module->pool.view(), known.type, stream, error, layout, largeLimits()),
          "a value that was read cannot be printed", error.message);
  return out;
}

/// Prints and reads again, in both layouts.
void checkWayBack(const Value &value, const KnownType &known) {
  std::string line = print(value, known, JsonLayout::Line);
  fuzz::requireText(line, "JSON that is no UTF-8");
  for (const std::string &text : {line, print(value, known, JsonLayout::Indented)}) {
    Value json, again;
    OpError error;
    require(parseJson(text, largeLimits(), json, error), "what was printed is no JSON", text);
    require(valueFromJson(json, known.module->pool.view(), known.type, largeLimits(), again, error),
            "what was printed does not fit its type", text);
    require(equalValues(value, again), "what was printed reads back to another value", text);
    require(hashValue(value) == hashValue(again), "equal values have different hashes", text);
    require(print(again, known, JsonLayout::Line) == line, "printing is no fixed point", text);
    std::vector<std::string> violations;
    if (known.schema && known.schema->check(json, CompiledSchema::Report::First, limits, violations, error))
      require(violations.empty(), "what was printed does not fit the schema of its type", text);
  }
}

/// The text as a schema, applied to itself.
void checkAsSchema(const Value &json) {
  std::string what;
  std::unique_ptr<const CompiledSchema> schema = CompiledSchema::read(json, limits, what);
  if (!schema) {
    require(!what.empty(), "a schema is refused without a reason");
    fuzz::requireText(what, "a reason that is no UTF-8");
    return;
  }
  std::vector<std::string> first, all;
  OpError error;
  bool some = schema->check(json, CompiledSchema::Report::First, limits, first, error);
  if (!some)
    checkError(error, {Diag::LimitExceeded});
  bool every = schema->check(json, CompiledSchema::Report::All, limits, all, error);
  if (some && every)
    require(first.empty() == all.empty(), "the first violation is none of all", quoteString(what));
  for (const std::string &violation : all)
    fuzz::requireText(violation, "a violation that is no UTF-8");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  std::string_view input(reinterpret_cast<const char *>(data), size);
  size_t line = input.find('\n');
  if (line == std::string_view::npos)
    return 0;
  Value json, value;
  OpError error;
  if (!parseJson(input.substr(line + 1), limits, json, error)) {
    checkError(error, {Diag::JsonSyntax, Diag::InvalidUtf8, Diag::LimitExceeded});
    return 0;
  }
  fuzz::requireTexts(json);
  checkAsSchema(json);
  const KnownType &known = knownType(std::string(input.substr(0, line)));
  if (!known.module)
    return 0;
  if (!valueFromJson(json, known.module->pool.view(), known.type, limits, value, error)) {
    checkError(error, {Diag::JsonMismatch, Diag::LimitExceeded});
    return 0;
  }
  fuzz::requireTexts(value);
  checkWayBack(value, known);
  return 0;
}
