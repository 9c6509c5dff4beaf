/// Feeds altered plans with right checksums to the verifier, and whatever it lets through goes the way that
/// `xcs-run` takes it: `--dump`, `--explain`, the search for the entry, arguments from JSON, a run (without
/// grants, for a few milliseconds; then in a world where every request is answered), results and failures.
/// What is verified must not crash any of them, and what they print must be fit for a terminal.
///
/// An input is a byte that says what is altered, then the alterations:
///   0         the rest is the whole body of a plan, behind the header
///   n > 0     sample (n - 1) of the ones below; the rest are edits of 7 bytes: what, where (16 bits), a
///   value (32 bits)

#include "Plan/PlanFormat.h"
#include "support/Fuzz.h"
#include "xcs/Ops/JsonText.h"
#include "xcs/Runtime/Border.h"
#include "xcs/Runtime/Executor.h"
#include "xcs/Support/Visible.h"
#include "xcs/World/FakeWorld.h"
#include "xcs/World/LiveWorld.h"
#include <cstring>

using namespace xcs;

namespace {

constexpr const char *programs[] = {
    R"(
func @main(%xs: list<i64>, %s: str) -> list<list<i64>>, str {
  %ten = const {value = 10} : i64
  %two = i64.add(%ten, %ten) : i64
  %out = map(%xs) : list<list<i64>> {
  ^(%x: i64)
    %in = map(%xs) : list<i64> {
    ^(%y: i64)
      %a = i64.mul(%x, %y) : i64
      %b = i64.add(%a, %two) : i64
      yield(%b)
    }
    yield(%in)
  }
  %t = str.format(%s, %two) {template = "{0}: {1}"} : str
  return(%out, %t)
})",
    R"(
model @gpt {url = "http://127.0.0.1:1/v1", model = "small", key = secret("K", prefix = "T "), max_in_flight = 2}
http @api {url = env("SERVICE"), headers = {a = "b", c = secret("D")}}
func @main(%q: str, %t: duration) -> str, result<str>, i64 {
  %p = const {value = "/p"} : str
  %w = time.sleep(%t) : none
  %a = model.chat @gpt(%q) {temperature = 0.5, stop = ["x", "y"], timeout = 1ms, retry = {max = 1, base = 1ms}} : str
  %r = try : result<str> {
    %h = http.request @api(%p, %q) {method = "POST"} : record<status: i64, headers: list<record<name: str, value: str>>, body: str>
    %b = record.get(%h) {field = "body"} : str
    yield(%b)
  }
  %n = call @count(%a) : i64
  return(%a, %r, %n)
}
func private @count(%x: str) -> i64 {
  %n = str.length(%x) : i64
  return(%n)
})",
    R"(
func @main(%n: i64, %o: option<f64>, %j: json) -> record<k: str, v: list<f64>>, bool {
  %zero = const {value = 0} : i64
  %some = i64.ne(%n, %zero) : bool
  assert(%some) {message = "n is 0"}
  %word = if(%some) : str {
    %c = const {value = {k = ["a", {b = 1.5}], d = true}} : json
    %e = json.print(%c) {pretty} : str
    yield(%e)
  } {
    %none = json.print(%j) : str
    yield(%none)
  }
  %half = const {value = 0.5} : f64
  %f = option.or(%o, %half) : f64
  %g = i64.to_f64(%n) : f64
  %l = list.pack(%f, %g, %half) : list<f64>
  %rec = record.make(%word, %l) : record<k: str, v: list<f64>>
  return(%rec, %some)
})",
    R"(
func @main(%xs: list<i64>, %n: i64, %go: bool) -> i64, list<i64>, i64, i64, list<i64>, list<i64>, list<i64>, i64 {
  %sum = for(%xs, %n) : i64 {
  ^(%x: i64, %m: i64)
    %more = i64.add(%m, %x) : i64
    yield(%more)
  }
  %sums = scan(%xs, %n) : list<i64> {
  ^(%x: i64, %m: i64)
    yield(%m)
  }
  %line = reduce(%xs, %n) : i64 {
  ^(%a: i64, %b: i64)
    yield(%b)
  }
  %tree = reduce(%xs, %n) {associative} : i64 {
  ^(%a: i64, %b: i64)
    %c = i64.add(%a, %b) : i64
    yield(%c)
  }
  %kept = filter(%xs) : list<i64> {
  ^(%x: i64)
    yield(%go)
  }
  %sorted = sort_by(%xs) {descending} : list<i64> {
  ^(%x: i64)
    yield(%x)
  }
  %first = race {take = 1} : list<i64> {
    yield(%n)
  } {
    %two = i64.add(%n, %n) : i64
    yield(%two)
  }
  map(%xs) {take = 2, window = 1} : () {
  ^(%x: i64)
  }
  %last = while(%n) {max_trips = 5, at_bound = "yield"} : i64 {
  ^(%m: i64)
    %more = i64.add(%m, %n) : i64
    continue(%go, %more)
  }
  return(%sum, %sums, %line, %tree, %kept, %sorted, %first, %last)
})",
};
constexpr size_t sampleCount = std::size(programs) * 2; // as written, and optimised

/// Small, so that a hostile plan meets them soon.
Limits smallLimits() {
  Limits limits;
  limits.set(Limit::ValueBytes, 1 << 20);
  limits.set(Limit::NestingDepth, 64);
  limits.set(Limit::CallDepth, 16);
  return limits;
}

const std::string &sample(size_t index) {
  static const std::vector<std::string> samples = [] {
    std::vector<std::string> made;
    for (size_t i = 0; i < sampleCount; ++i)
      made.push_back(fuzz::compilePlan(programs[i / 2], i % 2 ? 2 : 0));
    return made;
  }();
  return samples[index % sampleCount];
}

void edit(std::string &body, const uint8_t *what) {
  uint16_t where;
  uint32_t value, old;
  std::memcpy(&where, what + 1, sizeof(where));
  std::memcpy(&value, what + 3, sizeof(value));
  const size_t words = body.size() / 4, at = where % words * 4;
  std::memcpy(&old, body.data() + at, sizeof(old));
  switch (what[0] % 5) {
  case 0: // another value
    break;
  case 1: // a neighbour
    value = old + (value % 16) - 8;
    break;
  case 2: // one byte
    value = (old & ~(0xffu << (value >> 8) % 4 * 8)) | (value & 0xff) << (value >> 8) % 4 * 8;
    break;
  case 3: // one bit
    value = old ^ (1u << value % 32);
    break;
  default: // what stands elsewhere
    std::memcpy(&value, body.data() + value % words * 4, sizeof(value));
  }
  std::memcpy(body.data() + at, &value, sizeof(value));
}

/// Some value of a type. Types nest no deeper than the limit above.
Value valueOf(const ConstantView &c, TypeId type) {
  std::vector<Value> fields;
  switch (c.kind(type)) {
  case TypeKind::Bool:
    return Value::boolean(true);
  case TypeKind::I64:
    return Value::i64(2);
  case TypeKind::F64:
    return Value::f64(0.5);
  case TypeKind::Str:
    return Value::str("{0} text");
  case TypeKind::Bytes:
    return Value::bytes("\xff");
  case TypeKind::Json:
  case TypeKind::None:
    return Value::none();
  case TypeKind::Duration:
    return Value::duration(1000);
  case TypeKind::Secret:
    return Value::secret("s");
  case TypeKind::List:
    fields.assign(3, valueOf(c, c.element(type)));
    return Value::list(fields);
  case TypeKind::Record:
    for (const TypeField &field : c.fields(type))
      fields.push_back(valueOf(c, field.type));
    return Value::record(fields);
  case TypeKind::Dict:
    fields = {valueOf(c, c.keyType(type)), valueOf(c, c.valueType(type))};
    return Value::dict(fields);
  case TypeKind::Option:
    return Value::some(valueOf(c, c.element(type)));
  case TypeKind::Result:
    return Value::ok(valueOf(c, c.element(type)));
  }
  return {};
}

/// What is printed for people holds nothing that a terminal obeys or does not show.
void requireVisible(std::string_view text) {
  fuzz::require(visibleLines(text) == text, "something reaches the terminal", text);
}

/// The arguments of a function as one JSON object; empty where a value has no JSON form.
std::string argumentsAsJson(const PlanView &plan, const PlanFunction &function) {
  std::string text = "{";
  llvm::raw_string_ostream out(text);
  for (uint32_t i = 0; i < function.parameterCount; ++i) {
    const PlanParameter &p = plan.parameters[function.firstParameter + i];
    OpError error;
    out << (i ? "," : "") << quoteString(plan.constants.text(p.name)) << ':';
    if (!printJson(valueOf(plan.constants, p.type), plan.constants, p.type, out, error))
      return {};
  }
  out << '}';
  return text;
}

/// What goes in: as a command line would give it, and what it does not take, directly.
std::vector<Value> argumentsOf(const PlanView &plan, uint32_t f, DiagnosticEngine &diagnostics) {
  const PlanFunction &function = plan.functions[f];
  const Limits limits = smallLimits();
  Arguments given(plan, f, limits, "fuzz", diagnostics);
  std::string json = argumentsAsJson(plan, function);
  if (!json.empty() && given.setFromObject(json, "arguments"))
    if (auto values = given.take())
      return std::move(*values);
  std::vector<Value> arguments;
  for (const PlanParameter &p : plan.parameters.subspan(function.firstParameter, function.parameterCount))
    arguments.push_back(valueOf(plan.constants, p.type));
  return arguments;
}

/// A function by its name, as `--entry` takes it: it is found again.
void findAgain(const PlanView &plan, uint32_t f, DiagnosticEngine &diagnostics) {
  if (plan.functions[f].isPrivate)
    return;
  std::string_view name = plan.constants.text(plan.functions[f].symbol);
  fuzz::require(findEntry(plan, name, "fuzz", diagnostics) == f, "an entry is not found by its name", name);
}

/// Some value of the type that an operation of the world gives.
Value answerTo(const PlanView &plan, const WorldRequest &request) {
  const PlanOp &op = plan.ops[request.op];
  if (op.resultCount == 0)
    return Value::none();
  return valueOf(plan.constants, plan.slots[plan.regions[request.region].firstSlot + op.resultSlot].type);
}

/// Runs a function and says what came of it; whether it came to an end within its time.
bool runOnce(Executor &executor, const PlanView &plan, uint32_t f, DiagnosticEngine &diagnostics) {
  RunReport report = executor.run(f, argumentsOf(plan, f, diagnostics));
  if (!report.ok)
    reportFailure(plan, report, "fuzz", diagnostics);
  else if (auto results = resultsAsJson(plan, f, report, diagnostics))
    fuzz::requireText(*results, "results that are no UTF-8");
  return report.ok || report.failure.id != Diag::RunTimeout;
}

void use(const PlanView &plan, std::string_view input) {
  std::string shown;
  llvm::raw_string_ostream out(shown);
  dumpPlan(plan, out);
  explainPlan(plan, out);
  RunOptions options;
  options.jobs = 1;
  options.timeoutNanoseconds = 5'000'000;
  options.limits = smallLimits();
  Executor refused(plan, options, liveWorld(plan, {{}, options.limits}));
  FakeWorld *world = nullptr;
  auto answer = [&](const WorldRequest &request) {
    return FakeWorld::Answer{1'000, answerTo(plan, request), {}};
  };
  Executor answered(plan, options, FakeWorld::factory(plan, answer, world));
  DiagnosticEngine diagnostics(&out);
  (void)findEntry(plan, "", "fuzz", diagnostics);
  for (uint32_t f = 0; f < plan.functions.size(); ++f) {
    findAgain(plan, f, diagnostics);
    Arguments typed(plan, f, options.limits, "fuzz", diagnostics);
    for (uint32_t p = 0; p < plan.functions[f].parameterCount; ++p)
      (void)typed.setFromContent(p, input);
    (void)typed.take();
    // The clock of the second world stands still while something computes: only what ends by itself runs
    // there.
    if (runOnce(refused, plan, f, diagnostics))
      (void)runOnce(answered, plan, f, diagnostics);
  }
  requireVisible(shown);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0)
    return 0;
  std::string file(sizeof(planformat::Header), '\0');
  if (data[0] == 0) {
    file.append(reinterpret_cast<const char *>(data + 1), size - 1);
  } else {
    std::string body = sample(data[0] - 1).substr(sizeof(planformat::Header));
    for (size_t at = 1; at + 7 <= size; at += 7)
      edit(body, data + at);
    file += body;
  }
  planformat::seal(file);
  DiagnosticEngine diagnostics;
  Result<std::unique_ptr<PlanFile>> plan = PlanFile::fromBytes(file, "fuzz", diagnostics, smallLimits());
  if (plan)
    use((*plan)->view(), {reinterpret_cast<const char *>(data), size});
  return 0;
}
