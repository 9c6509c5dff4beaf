#include "World/Access.h"
#include "World/EventLoop.h"
#include "World/GivenOptions.h"
#include "World/Secrets.h"
#include "xcs/Io/Children.h"
#include "xcs/Ops/RowAttrs.h"
#include "xcs/Support/ShellWord.h"
#include "xcs/Support/Utf8.h"

using namespace xcs;

static constexpr int64_t defaultTimeout = 600'000'000'000; // 10 min

namespace {

/// `exec.run`: runs a program once; the program decides what the exit code means.
class ExecOp final : public WorldOp {
public:
  explicit ExecOp(Site given) : WorldOp(std::move(given)), options(site) {}

  void start() override {
    ChildSpec spec;
    if (std::optional<AccessError> refused = prepare(spec))
      return failWith(*refused);
    program = spec.program;
    child = children().start(std::move(spec), [this](ChildOutcome outcome) { ended(std::move(outcome)); });
  }
  void cancel() override {
    if (child && children().stop(std::exchange(child, nullptr)))
      fate.mayHaveHappened(shown());
  }
  bool withdraw() override {
    if (!child) // it waits for descriptors
      return true;
    if (!children().withdraw(child))
      return false;
    child = nullptr;
    return true;
  }
  void abandon() override { cancelRunning(); }
  Gate *gate() override { return &site.context.loop->childGate(); }
  int64_t timeoutNanoseconds() const override {
    const int64_t given = options.deadline(Attribute::timeout);
    return given > 0 ? given : defaultTimeout;
  }

private:
  /// As messages name what it may have done.
  std::string shown() const { return "`" + program + "`"; }
  Children &children() { return site.context.loop->children(); }
  AttrId attr(size_t row) const { return site.context.plan.attrsOf(planOp())[row]; }
  std::optional<AccessError> prepare(ChildSpec &spec);
  std::optional<AccessError> findGranted(ChildSpec &spec);
  std::optional<AccessError> addEnvironment(ChildSpec &spec, AttrId dict, const Value *given);
  std::optional<AccessError> addEnvironment(ChildSpec &spec, const Value &given);
  static std::optional<AccessError> addVariable(ChildSpec &spec, const std::string &name,
                                                std::string_view value);
  void ended(ChildOutcome outcome);
  void tooMuchOutput();

  const GivenOptions options;
  Children::Child *child = nullptr;
  std::string program;
};

} // namespace

/// Checks the permission first: without it, the program does not learn what exists.
std::optional<AccessError> ExecOp::findGranted(ChildSpec &spec) {
  const std::string &name = spec.arguments.front();
  const Grants &grants = site.context.options.grants;
  spec.program = findProgram(name);
  if (spec.program.empty() && grants.isEverything())
    return AccessError{Diag::ExecFailed, name, "the program does not exist"};
  if (!spec.program.empty() && grants.programs().isDenied(spec.program))
    return denied("run `" + name + "`", "run");
  if (spec.program.empty() || !grants.programs().allows(spec.program))
    return AccessError{Diag::RunNotGranted, name, shellWord(name)};
  return std::nullopt;
}

/// The one door to the environment of a program.
std::optional<AccessError> ExecOp::addVariable(ChildSpec &spec, const std::string &name,
                                               std::string_view value) {
  if (!isEnvironmentName(name))
    return AccessError{Diag::EnvRefused, name, {}};
  if (value.find('\0') != value.npos)
    return AccessError{Diag::BadArgument, "the variable `" + name + "`", "exec.run",
                       "be a string without NUL", "one with it"};
  spec.environment.push_back(name + "=" + std::string(value));
  return std::nullopt;
}

/// A variable that the option `env` has too is the option's.
std::optional<AccessError> ExecOp::addEnvironment(ChildSpec &spec, AttrId dict, const Value *given) {
  const ConstantView &c = site.context.plan.constants;
  for (const DictEntry &entry : c.entries(DictId(static_cast<uint32_t>(c.attr(dict).payload)))) {
    std::string name(c.text(entry.key));
    if (given && given->find(Value::str(name)))
      continue;
    if (!isEnvironmentName(name))
      return AccessError{Diag::EnvRefused, name, {}};
    auto value = c.attr(entry.value).kind == AttrKind::Secret
                     ? resolveSecret(site.context, entry.value, spec.program)
                     : resolveText(site.context, entry.value);
    if (!value)
      return value.error();
    if (auto refused = addVariable(spec, name, *value))
      return refused;
  }
  return std::nullopt;
}

std::optional<AccessError> ExecOp::addEnvironment(ChildSpec &spec, const Value &given) {
  for (size_t i = 0; i + 1 < given.size(); i += 2)
    if (auto refused = addVariable(spec, std::string(given.items()[i].text()), given.items()[i + 1].text()))
      return refused;
  return std::nullopt;
}

std::optional<AccessError> ExecOp::prepare(ChildSpec &spec) {
  const ConstantView &c = site.context.plan.constants;
  for (const Value &argument : site.operands[0].items()) {
    spec.arguments.emplace_back(argument.text());
    if (spec.arguments.back().find('\0') != std::string::npos)
      return AccessError{Diag::BadArgument, "an argument", "exec.run", "be a string without NUL",
                         "one with it"};
  }
  if (spec.arguments.empty() || spec.arguments.front().empty())
    return AccessError{Diag::BadArgument, "the command", "exec.run", "name a program", "nothing"};
  if (auto refused = findGranted(spec))
    return refused;
  if (auto refused = options.wrong())
    return refused;
  const Value *given = options.find("env"), *directoryGiven = options.find("cwd");
  if (AttrId dict = attr(attrIndex(rowattrs::exec_run, "env")))
    if (auto refused = addEnvironment(spec, dict, given))
      return refused;
  if (given)
    if (auto refused = addEnvironment(spec, *given))
      return refused;
  const AttrId directoryWritten = attr(attrIndex(rowattrs::exec_run, "cwd"));
  if (directoryGiven)
    spec.directory = directoryGiven->text();
  else if (directoryWritten)
    spec.directory = c.textAttr(directoryWritten);
  if ((directoryGiven || directoryWritten) && spec.directory.empty())
    return AccessError{Diag::BadArgument, "`cwd`", "exec.run", "name a directory, such as `.`", "nothing"};
  if (spec.directory.find('\0') != std::string::npos)
    return AccessError{Diag::BadArgument, "`cwd`", "exec.run", "be a string without NUL", "one with it"};
  if (const Value *input = options.content()) {
    spec.hasInput = true;
    spec.input = std::string(input->text());
  }
  spec.outputLimit = site.context.options.limits[Limit::ChildOutputBytes];
  return std::nullopt;
}

void ExecOp::tooMuchOutput() {
  const Limits &limits = site.context.options.limits;
  const std::string what = "the output of `" + program + "`";
  const AccessError tooMuch = exceeded(limits, Limit::ChildOutputBytes, what);
  fail(tooMuch.id, {tooMuch.first, tooMuch.second, tooMuch.third, tooMuch.fourth},
       "it was killed: " +
           limitError(Limit::ChildOutputBytes, limits[Limit::ChildOutputBytes], what).message());
}

void ExecOp::ended(ChildOutcome outcome) {
  child = nullptr;
  used().programs +=
      outcome.end != ChildOutcome::End::LacksDescriptors && outcome.end != ChildOutcome::End::NotStarted;
  switch (outcome.end) {
  case ChildOutcome::End::LacksDescriptors:
    if (site.context.loop->waitForDescriptors(this))
      return;
    [[fallthrough]];
  case ChildOutcome::End::NotStarted:
    return fail(Diag::ExecFailed, {program, outcome.reason});
  case ChildOutcome::End::Lost:
    fate.mayHaveHappened(shown());
    return fail(Diag::ExecFailed, {program, outcome.reason}, outcome.reason);
  case ChildOutcome::End::TooMuchOutput:
    fate.mayHaveHappened(shown());
    return tooMuchOutput();
  case ChildOutcome::End::Exited:
    fate.answered(shown(), "exited with " + std::to_string(outcome.exit));
    break;
  }
  if (site.context.secrets.echoedIn(outcome.out) || site.context.secrets.echoedIn(outcome.err))
    return fail(Diag::SecretEchoed, {program});
  Value fields[] = {Value::i64(outcome.exit), Value::none(), Value::none()};
  const std::pair<const std::string *, const char *> outputs[] = {{&outcome.out, "the standard output of "},
                                                                  {&outcome.err, "the standard error of "}};
  for (size_t i = 0; i < std::size(outputs); ++i) {
    const auto &[text, what] = outputs[i];
    if (resultFieldKind(i + 1) == TypeKind::Bytes) {
      fields[i + 1] = Value::bytes(*text);
      continue;
    }
    if (size_t bad = invalidUtf8At(*text); bad != std::string_view::npos)
      return fail(Diag::InvalidUtf8, {std::to_string(bad), what + program});
    fields[i + 1] = Value::str(*text);
  }
  succeed(Value::record(fields));
}

std::unique_ptr<WorldOp> worldops::exec_run(WorldOp::Site site, ImmediateResult &) {
  return std::make_unique<ExecOp>(std::move(site));
}
