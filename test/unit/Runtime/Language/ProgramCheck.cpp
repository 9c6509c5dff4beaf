#include "Runtime/Language/ProgramCheck.h"
#include "IR/RandomModule.h"
#include "xcs/Compiler/Compiler.h"
#include "xcs/IR/Printer.h"
#include "xcs/IR/Verifier.h"
#include "xcs/Ops/OpEffects.h"
#include "xcs/Syntax/Parser.h"
#include "xcs/Transforms/Draws.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <sys/mman.h>
#include <unistd.h>

using namespace xcs;
using namespace xcs::reference;
namespace fs = std::filesystem;

ProgramCheck::ProgramCheck() : before(fs::current_path()) {
  std::string pattern = (fs::temp_directory_path() / "xcs-language-XXXXXX").string();
  directory = mkdtemp(pattern.data());
  fs::current_path(directory);
  std::string why;
  grants.paths().allow(PathGrants::Access::Read, ".", why);
  grants.paths().allow(PathGrants::Access::Write, ".", why);
  setenv("XCS_SET", "a value", 1);
  unsetenv("XCS_UNSET");
  for (const std::string &name : freshWorld(0).readable)
    grants.allowEnv(name);
  for (const std::string &name : freshWorld(0).programs)
    grants.programs().allow(name);
}

ProgramCheck::~ProgramCheck() {
  fs::current_path(before);
  fs::remove_all(directory);
}

reference::World ProgramCheck::freshWorld(uint64_t seed) {
  reference::World world;
  world.files = {{"in.txt", "one\ntwo\n"}, {"bin", "\xFF\x00\xFE"}, {"dir/x", "x"}};
  world.directories.insert("dir");
  world.environment = {{"XCS_SET", "a value"}};
  world.readable = {"XCS_SET", "XCS_UNSET"};
  world.programs = {"true", "false", "cat", "tee"};
  world.seed = seed + 42;
  return world;
}

void ProgramCheck::fillDirectory() const {
  for (const fs::directory_entry &entry : fs::directory_iterator("."))
    fs::remove_all(entry.path());
  reference::World world = freshWorld(0);
  for (const std::string &name : world.directories)
    fs::create_directory(name);
  for (const auto &[name, content] : world.files)
    std::ofstream(name) << content;
}

std::map<std::string, std::string> ProgramCheck::filesThere() const {
  std::map<std::string, std::string> files;
  for (const fs::directory_entry &entry : fs::recursive_directory_iterator("."))
    if (entry.is_regular_file()) {
      std::stringstream content;
      content << std::ifstream(entry.path()).rdbuf();
      files[entry.path().lexically_normal().string()] = content.str();
    }
  return files;
}

static std::string show(const Module &module) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  print(module, stream);
  return text;
}

namespace {
/// The one file there is to import.
struct MoreFile : ImportedFiles {
  std::string text;
  Answer read(std::string_view path, uint64_t) override {
    return {std::make_shared<SourceBuffer>(std::string(path), text), std::string(path), {}};
  }
  std::string ownIdentity() const override { return "test.xir"; }
};
} // namespace

std::unique_ptr<Module> ProgramCheck::parse(const std::string &text, std::string &messages) {
  llvm::raw_string_ostream stream(messages);
  DiagnosticEngine diagnostics(&stream);
  constexpr std::string_view cut = "//--- more.xir\n";
  size_t end = text.find(cut);
  MoreFile more;
  more.text = end == text.npos ? "" : text.substr(end + cut.size());
  auto module =
      parseModule(std::make_shared<SourceBuffer>("test.xir", text.substr(0, end)), diagnostics, {}, &more);
  if (!module || !verify(*module, diagnostics))
    return nullptr;
  return module;
}

static std::string placeOf(std::string_view op, LineColumn at, const std::vector<uint32_t> &indices) {
  std::string text = std::string(op) + " at " + std::string(at.file) + ":" + std::to_string(at.line) + ":" +
                     std::to_string(at.column);
  for (uint32_t index : indices)
    text += " [" + std::to_string(index) + "]";
  return text;
}

/// Whether an operation is the same in both modules, names of values aside.
static bool sameOp(const Module &a, const Module &b, const ComputationGraph &in,
                   const ComputationGraph &other, OpId op) {
  const Operation &x = in.operation(op), &y = other.operation(op);
  auto text = [](const Module &m, StringId id) { return id ? m.pool.text(id) : std::string_view(); };
  bool same = x.code == y.code && text(a, x.symbol) == text(b, y.symbol) && x.resultCount == y.resultCount &&
              x.firstResult == y.firstResult && x.regionCount == y.regionCount && x.parent == y.parent &&
              std::ranges::equal(in.operands(op), other.operands(op)) &&
              std::ranges::equal(in.orderOperands(op), other.orderOperands(op)) &&
              printDict(a.pool.view(), x.attributes) == printDict(b.pool.view(), y.attributes);
  for (ValueRef v : in.results(op))
    same = same && printType(a.pool.view(), in.type(v)) == printType(b.pool.view(), other.type(v));
  return same;
}

/// The first operation of `a` that is another in `b`, which was read from what was printed of `a`.
static std::optional<Finding> firstDifference(const Module &a, const Module &b) {
  if (a.functions.size() != b.functions.size() || a.resources.size() != b.resources.size())
    return Finding{"printing loses something", "a function or a resource"};
  for (size_t f = 0; f != a.functions.size(); ++f) {
    const ComputationGraph &x = a.functions[f]->graph, &y = b.functions[f]->graph;
    bool counts = x.operationCount() == y.operationCount() && x.valueCount() == y.valueCount();
    for (uint32_t op = 0; counts && op != x.operationCount(); ++op)
      if (!sameOp(a, b, x, y, OpId(op)))
        return Finding{"printing changes an operation",
                       placeOf(rowOf(x.operation(OpId(op)).code).name,
                               a.locations.resolve(x.operation(OpId(op)).location), {})};
    if (!counts)
      return Finding{"printing loses something", "in " + std::string(a.pool.text(a.functions[f]->symbol))};
  }
  return std::nullopt;
}

std::optional<Finding> ProgramCheck::roundTrip(const Module &module) {
  std::string once = show(module), messages;
  std::unique_ptr<Module> again = parse(once, messages);
  if (!again)
    return Finding{"what is printed cannot be read", messages + once};
  if (auto found = firstDifference(module, *again))
    return found;
  std::string twice = show(*again);
  return twice == once ? std::nullopt
                       : std::optional(Finding{"printing is no fixed point", once + "\n" + twice});
}

std::unique_ptr<PlanFile> ProgramCheck::planOf(const std::string &text, unsigned level,
                                               std::string &messages) {
  std::unique_ptr<Module> module = parse(text, messages);
  llvm::raw_string_ostream stream(messages);
  DiagnosticEngine diagnostics(&stream);
  diagnostics.showRemarks(false);
  diagnostics.setLocations(&module->locations);
  CompileOptions asked;
  asked.level = level;
  Result<std::string> bytes = compile(*module, asked, diagnostics);
  if (!bytes)
    return nullptr;
  Result<std::unique_ptr<PlanFile>> file = PlanFile::fromBytes(*bytes, "test", diagnostics, {});
  return file ? std::move(*file) : nullptr;
}

/// The text of a program after the passes of a level.
std::string ProgramCheck::optimized(const std::string &text, unsigned level, std::string &messages) {
  std::unique_ptr<Module> module = parse(text, messages);
  llvm::raw_string_ostream stream(messages);
  DiagnosticEngine diagnostics(&stream);
  diagnostics.showRemarks(false);
  diagnostics.setLocations(&module->locations);
  CompileOptions asked;
  asked.level = level;
  return optimize(*module, asked, diagnostics) ? show(*module) : "";
}

/// A value of a type, the same for the same dice.
static Value randomValue(Dice &dice, const ConstantView &view, TypeId type) {
  static constexpr int64_t ints[] = {0, 1, 2, 3, -1, 17, INT64_MAX};
  static constexpr double floats[] = {0, 1, -2.5, 1e9};
  static constexpr const char *texts[] = {"", "a", "Zoë, ab", "12", "line\nline\n", "{\"a\":[1]}"};
  std::vector<Value> parts;
  switch (view.kind(type)) {
  case TypeKind::Bool:
    return Value::boolean(dice.oneIn(2));
  case TypeKind::I64:
    return Value::i64(dice.pick(ints));
  case TypeKind::F64:
    return Value::f64(dice.pick(floats));
  case TypeKind::Duration:
    return Value::duration(dice.pick(ints));
  case TypeKind::Bytes:
    return Value::bytes(dice.pick(texts));
  case TypeKind::Str:
    return Value::str(dice.pick(texts));
  case TypeKind::Json:
    return dice.oneIn(2) ? Value::str(dice.pick(texts)) : Value::i64(dice.pick(ints));
  case TypeKind::List:
    for (size_t i = dice.below(4); i--;)
      parts.push_back(randomValue(dice, view, view.element(type)));
    return Value::list(parts);
  case TypeKind::Option:
    return dice.oneIn(3) ? Value::optionNone() : Value::some(randomValue(dice, view, view.element(type)));
  case TypeKind::Result:
    return dice.oneIn(3) ? Value::error("failed", "", "fail", 1)
                         : Value::ok(randomValue(dice, view, view.element(type)));
  case TypeKind::Record:
    for (const TypeField &field : view.fields(type))
      parts.push_back(randomValue(dice, view, field.type));
    return Value::record(parts);
  case TypeKind::Dict:
    for (size_t i = dice.below(4); i--;) {
      parts.push_back(randomValue(dice, view, view.keyType(type)));
      parts.push_back(randomValue(dice, view, view.valueType(type)));
    }
    return Value::dict(parts);
  case TypeKind::None:
  case TypeKind::Secret:
    break;
  }
  return Value::none();
}

/// The index of `@main`; the number of functions when there is none.
static size_t mainOf(const Module &module) {
  size_t index = 0;
  while (index != module.functions.size() && module.pool.text(module.functions[index]->symbol) != "main")
    ++index;
  return index;
}

static std::vector<Value> argumentsOf(const Module &module, size_t function, uint64_t seed) {
  Dice dice(seed);
  const ComputationGraph &graph = module.functions[function]->graph;
  std::vector<Value> arguments;
  for (ValueRef v : graph.arguments(module.functions[function]->body))
    arguments.push_back(randomValue(dice, module.pool.view(), graph.type(v)));
  return arguments;
}

std::optional<ProgramCheck::Expected> ProgramCheck::expected(const Module &module, uint64_t seed) {
  Expected wanted;
  wanted.world = freshWorld(seed);
  Interpreter interpreter(module, wanted.world);
  size_t entry = mainOf(module);
  wanted.outcome = interpreter.run(entry, argumentsOf(module, entry, seed));
  wanted.lines = interpreter.lines;
  wanted.lostSome = interpreter.lostSome;
  wanted.ran = interpreter.ran;
  ++(interpreter.gaveUp ? undecided : wanted.outcome.failure ? failed : good);
  return interpreter.gaveUp ? std::nullopt : std::optional(wanted);
}

namespace {
/// The process, but for what is logged.
class LoggingHost final : public ProcessHost {
public:
  void log(std::string_view lines, const std::function<bool()> &wanted) override { kept.log(lines, wanted); }
  std::vector<std::string> lines() const {
    std::vector<std::string> all;
    std::istringstream stream(kept.logged());
    for (std::string line; std::getline(stream, line);)
      all.push_back(line);
    return all;
  }

private:
  FakeHost kept;
};
} // namespace

ProgramCheck::Ran ProgramCheck::run(const PlanView &plan, RunOptions options, const Module &module,
                                    uint64_t seed) {
  options.seed = freshWorld(seed).seed;
  options.trace = true;
  if (touchesFiles)
    fillDirectory();
  Ran ran;
  {
    auto host = std::make_shared<LoggingHost>();
    uint32_t entry = 0; // passes drop functions that nobody can call any more
    while (plan.constants.text(plan.functions[entry].symbol) != "main")
      ++entry;
    Executor executor(plan, options, liveWorld(plan, {grants, options.limits, host}));
    ran.report = executor.run(entry, argumentsOf(module, mainOf(module), seed));
    ran.lines = host->lines();
  }
  if (touchesFiles)
    ran.files = filesThere();
  for (const TraceEvent &event : ran.report.trace)
    if (const Effect effect = plan.ops[event.op].effect; effect == Effect::Sample || isWrite(effect))
      (effect == Effect::Sample ? ran.samples : ran.writes).push_back(event.draw);
  std::ranges::sort(ran.samples);
  std::ranges::sort(ran.writes);
  return ran;
}

/// As `equal`, but nan is nan, floats and integers differ, and the wording of errors counts only where asked
/// for.
static bool same(const Value &a, const Value &b, bool wording) {
  if (a.kind() != b.kind())
    return false;
  if (a.kind() == ValueKind::F64)
    return a.asI64() == b.asI64() || (a.asF64() != a.asF64() && b.asF64() != b.asF64());
  if (a.kind() == ValueKind::Str || a.kind() == ValueKind::Bytes)
    return a.text() == b.text();
  if (a.kind() < ValueKind::Str)
    return a.kind() == ValueKind::None || a.kind() == ValueKind::OptionNone || a.asI64() == b.asI64();
  if (a.size() != b.size())
    return false;
  for (size_t i = 0; i != a.size(); ++i)
    if ((wording || a.kind() != ValueKind::ResultError || i != 1) &&
        !same(a.items()[i], b.items()[i], wording))
      return false;
  return true;
}

static bool same(const std::vector<Value> &a, const std::vector<Value> &b, bool wording) {
  return std::ranges::equal(a, b, [&](const Value &x, const Value &y) { return same(x, y, wording); });
}

static std::string show(const std::vector<Value> &values, const Module &module) {
  std::string out;
  for (size_t i = 0; i != values.size(); ++i) {
    Value json;
    toJson(module.pool.view(), values[i], module.functions[mainOf(module)]->resultTypes[i], false, json);
    out += "\n  " + writeJson(json, false);
  }
  return out;
}

std::optional<Finding> ProgramCheck::compareFailure(const RunFailure &got, const FailedOp &wanted,
                                                    const PlanView &plan, bool places) const {
  std::string wantedAt = placeOf(wanted.op, places ? wanted.at : LineColumn(), wanted.indices),
              gotAt = "the run";
  if (got.op != UINT32_MAX) {
    const PlanLocation &at = plan.locations[plan.ops[got.op].location];
    LineColumn there{plan.constants.text(at.file), at.line, at.column};
    gotAt = placeOf(rowOf(plan.ops[got.op].code).name, places ? there : LineColumn(), got.indices);
  }
  if (gotAt == wantedAt && got.id == wanted.id)
    return std::nullopt;
  return Finding{"another error", std::string(rowOf(got.id).kind) + " of " + gotAt + " (" + got.message +
                                      "), not " + std::string(rowOf(wanted.id).kind) + " of " + wantedAt};
}

/// Where an operation failed, lines behind it may have been printed all the same. The lines of one activation
/// keep their order.
std::optional<Finding> ProgramCheck::compareLines(const std::vector<std::string> &got,
                                                  const Expected &wanted) const {
  std::vector<std::string> all, sorted = got;
  std::string shown;
  for (const std::string &line : got)
    shown += "\n  " + line;
  for (const auto &[activation, texts] : wanted.lines) {
    size_t at = 0;
    std::string whole, line;
    for (const std::string &text : texts)
      whole += text + "\n";
    for (std::istringstream stream(whole); std::getline(stream, line); ++at) {
      all.push_back(line);
      while (at != got.size() && got[at] != line)
        ++at;
      if (at == got.size())
        return Finding{"a log line is missing or in another order", "`" + line + "` in" + shown};
    }
  }
  std::ranges::sort(all);
  std::ranges::sort(sorted);
  bool fine = wanted.lostSome ? std::ranges::includes(sorted, all) : sorted == all;
  return fine ? std::nullopt : std::optional(Finding{"other log lines", shown});
}

std::optional<Finding> ProgramCheck::compare(const Ran &ran, const Expected &wanted, const PlanView &plan,
                                             const Module &module, bool places) const {
  const std::optional<FailedOp> &failure = wanted.outcome.failure;
  if (ran.report.ok && failure)
    return Finding{"no error", std::string(rowOf(failure->id).kind) + " expected of " +
                                   placeOf(failure->op, failure->at, failure->indices)};
  if (!ran.report.ok && !failure)
    return Finding{"an error", ran.report.failure.message};
  if (failure)
    if (auto found = compareFailure(ran.report.failure, *failure, plan, places))
      return found;
  if (!failure && !same(ran.report.results, wanted.outcome.results, false))
    return Finding{"other results",
                   show(ran.report.results, module) + "\nnot" + show(wanted.outcome.results, module)};
  if (auto found = logs ? compareLines(ran.lines, wanted) : std::nullopt)
    return found;
  // Behind a guard nothing is written; behind another failure it may have been.
  bool stopped = failure && failure->indices.empty() &&
                 (failure->id == Diag::Failed || failure->id == Diag::AssertionFailed);
  if (!touchesFiles || (failure && !stopped) || ran.files == wanted.world.files)
    return std::nullopt;
  std::string detail;
  for (const auto &[name, content] : ran.files)
    detail += "\n  " + name + ": " + content;
  for (const auto &[name, content] : wanted.world.files)
    detail += "\n  expected " + name + ": " + content;
  return Finding{"other files", detail};
}

/// "Each the same at every level": but for samples that nobody uses, which levels leave out.
std::optional<Finding> ProgramCheck::compareDraws(const Ran &ran, const PlanView &plan,
                                                  const Ran &first) const {
  auto shown = [&](const std::vector<std::string> &draws) {
    std::string text;
    for (const TraceEvent &event : ran.report.trace)
      if (std::ranges::find(draws, event.draw) != draws.end())
        text += "\n  " + event.draw + " " + std::string(rowOf(plan.ops[event.op].code).name);
    return text;
  };
  if (ran.writes != first.writes)
    return Finding{"other writes", shown(ran.writes) + "\nnot " + std::to_string(first.writes.size())};
  return std::ranges::includes(first.samples, ran.samples)
             ? std::nullopt
             : std::optional(Finding{"other samples", shown(ran.samples)});
}

namespace {
/// How a program is compiled and run.
struct Way {
  unsigned level, jobs;
  Schedule schedule;
  enum class From { Text, Printed, Optimized } from = From::Text; // what is compiled
  unsigned firstLevel = 0;                                        // of Optimized
};
/// The first for every program, of the others a third.
constexpr Way ways[] = {{0, 1, Schedule::Dataflow},
                        {0, 4, Schedule::Dataflow},
                        {0, 2, Schedule::Levels},
                        {0, 1, Schedule::Serial},
                        {1, 1, Schedule::Dataflow},
                        {1, 4, Schedule::Levels},
                        {2, 1, Schedule::Dataflow},
                        {2, 4, Schedule::Dataflow},
                        {2, 4, Schedule::Levels},
                        {2, 1, Schedule::Serial},
                        {3, 2, Schedule::Dataflow},
                        {2, 2, Schedule::Dataflow, Way::From::Printed},
                        {0, 2, Schedule::Dataflow, Way::From::Optimized, 2},
                        {3, 1, Schedule::Dataflow, Way::From::Optimized, 1}};
} // namespace

/// Two ways through one program: the same to the letter, and the same draws where nothing was cut short.
std::optional<Finding> ProgramCheck::compareRuns(const Ran &ran, const Ran &first, const Expected &wanted,
                                                 const PlanView &plan) {
  const RunReport &one = first.report, &other = ran.report;
  if (other.failure.message != one.failure.message || !same(other.results, one.results, true))
    return Finding{"another wording", other.failure.message + "\n" + one.failure.message};
  return wanted.outcome.failure || wanted.lostSome ? std::nullopt : compareDraws(ran, plan, first);
}

std::optional<Finding> ProgramCheck::check(const std::string &text, uint64_t seed) {
  std::string messages;
  std::unique_ptr<Module> module = parse(text, messages);
  if (!module || mainOf(*module) == module->functions.size())
    return Finding{"refused", messages};
  if (auto found = roundTrip(*module))
    return found;
  assignDraws(*module);
  std::optional<Expected> wanted = expected(*module, seed);
  if (!wanted)
    return std::nullopt;
  touchesFiles = text.find("file.") != text.npos || text.find("exec.") != text.npos;
  logs = text.find("log.") != text.npos;
  std::optional<Ran> first; // unoptimised, on one thread: what the others are compared with to the letter
  std::unique_ptr<PlanFile> plan;
  unsigned level = 0;
  for (size_t i = 0; i != std::size(ways); ++i) {
    const Way &way = ways[i];
    if (i != 0 && (i + seed) % 3 != 0)
      continue;
    const bool isText = way.from == Way::From::Text;
    if (!plan || way.level != level || !isText)
      plan = planOf(isText                           ? text
                    : way.from == Way::From::Printed ? show(*module)
                                                     : optimized(text, way.firstLevel, messages),
                    level = way.level, messages);
    if (!plan)
      return Finding{"not compiled", messages};
    RunOptions options;
    options.jobs = way.jobs;
    options.schedule = way.schedule;
    Ran ran = run(plan->view(), options, *module, seed);
    auto found = compare(ran, *wanted, plan->view(), *module, isText);
    if (!found && first)
      found = compareRuns(ran, *first, *wanted, plan->view());
    if (found)
      return Finding{found->kind, found->detail + " [-O" + std::to_string(way.level) + ", " +
                                      std::to_string(way.jobs) + " jobs, schedule " +
                                      std::to_string(static_cast<int>(way.schedule)) + "]"};
    if (!first)
      first = std::move(ran);
  }
  return std::nullopt;
}
