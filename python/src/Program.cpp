#include "src/Program.h"
#include "src/Arguments.h"
#include "src/Compile.h"
#include "src/Errors.h"
#include "src/Grants.h"
#include "src/Values.h"
#include "xcs-run/Report.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Plan/PlanFile.h"
#include "xcs/Runtime/Border.h"
#include "llvm/Support/raw_ostream.h"
#include <nanobind/stl/string.h>

using namespace xcs;
using namespace xcs::python;

Program::Program(std::shared_ptr<Engine> engine, std::shared_ptr<OpTable> ops, ProgramRef program,
                 std::string name)
    : engine(std::move(engine)), ops(std::move(ops)), program(std::move(program)), name(std::move(name)) {}

uint32_t Program::functionNamed(const std::string &entry) const {
  DiagnosticEngine diagnostics;
  std::optional<uint32_t> function = findEntry(program.plan(), entry, name, diagnostics);
  if (!function)
    raiseFailure(exceptions().error, failureText(diagnostics, false));
  return *function;
}

static std::string parameterNames(const PlanView &plan, const PlanFunction &function) {
  std::string names;
  for (const PlanParameter &parameter :
       plan.parameters.subspan(function.firstParameter, function.parameterCount))
    names += (names.empty() ? "`" : ", `") + std::string(plan.constants.text(parameter.name)) + "`";
  return names.empty() ? "none" : names;
}

std::vector<RunInput> Program::inputs(uint32_t index, nb::dict arguments) const {
  const PlanView &plan = program.plan();
  const PlanFunction &function = plan.functions[index];
  const std::string symbol(plan.constants.text(function.symbol));
  std::vector<RunInput> inputs;
  Py_ssize_t used = 0;
  for (const PlanParameter &parameter :
       plan.parameters.subspan(function.firstParameter, function.parameterCount)) {
    const std::string parameterName(plan.constants.text(parameter.name));
    nb::object given = nb::borrow(PyDict_GetItemString(arguments.ptr(), parameterName.c_str()));
    if (given.is_valid()) {
      ++used;
      inputs.emplace_back(
          valueOf(given.ptr(), plan.constants, parameter.type, engine->limits(), parameterName));
    } else if (parameter.defaultValue) {
      inputs.emplace_back(valueOfAttr(plan.constants, parameter.defaultValue, parameter.type));
    } else if (plan.constants.kind(parameter.type) == TypeKind::Option) {
      inputs.emplace_back(Value::optionNone());
    } else {
      raise(PyExc_TypeError, "@" + symbol + " needs the argument `" + parameterName + "`, a `" +
                                 printType(plan.constants, parameter.type) + "`");
    }
  }
  if (used == PyDict_Size(arguments.ptr()))
    return inputs;
  for (auto [key, value] : arguments) {
    bool known = false;
    for (const PlanParameter &parameter :
         plan.parameters.subspan(function.firstParameter, function.parameterCount))
      known = known || utf8Of(key, "argument") == plan.constants.text(parameter.name);
    if (!known)
      raise(PyExc_TypeError, "@" + symbol + " has no parameter `" + utf8Of(key, "argument") +
                                 "`; its parameters: " + parameterNames(plan, function));
  }
  return inputs;
}

nb::object Program::results(uint32_t index, const RunReport &report) const {
  const PlanView &plan = program.plan();
  const PlanFunction &function = plan.functions[index];
  ObjectOptions options{engine->limits(), &report.secrets};
  auto result = [&](uint32_t r) {
    return objectOf(report.results[r], plan.constants, plan.parameters[function.firstResult + r].type,
                    options);
  };
  if (function.resultCount == 0)
    return nb::none();
  if (function.resultCount == 1)
    return result(0);
  nb::list all;
  for (uint32_t r = 0; r < function.resultCount; ++r)
    all.append(result(r));
  return nb::tuple(all);
}

/// What a function of the caller raised is raised again as it was; every other failure is an xcs.Error.
void Program::raiseReport(const RunReport &report) const {
  DiagnosticEngine diagnostics;
  reportFailure(program.plan(), report, name, diagnostics);
  FailureText text = failureText(diagnostics, false);
  if (report.failure.id == Diag::HostFailed && ops)
    if (nb::object raised = ops->exceptionOf(report.failure.message); raised.is_valid()) {
      for (const std::string &note : text.notes)
        raised.attr("add_note")(nb::str(note.data(), note.size()));
      raise(raised);
    }
  const bool stopped = rowOf(report.failure.id).failure == FailureClass::Stopped;
  raiseFailure(stopped ? exceptions().stopped : exceptions().error, text);
}

static RunSettings settingsOf(nb::handle seed, nb::handle timeout) {
  RunSettings settings;
  if (!seed.is_none()) {
    nb::object whole = PyLong_Check(seed.ptr()) ? nb::borrow(seed) : nb::object();
    if (!whole.is_valid())
      raise(PyExc_TypeError,
            "seed: expected an int, or None for another one in each run, got " + typeName(seed.ptr()));
    settings.seed = PyLong_AsUnsignedLongLongMask(whole.ptr()); // of any size and sign
  }
  if (!timeout.is_none()) {
    double seconds = PyUnicode_Check(timeout.ptr()) ? -1 : PyFloat_AsDouble(timeout.ptr());
    const bool isNumber = !PyUnicode_Check(timeout.ptr()) && !PyErr_Occurred();
    const bool isHuge = PyErr_ExceptionMatches(PyExc_OverflowError);
    PyErr_Clear();
    if (!isNumber && !isHuge)
      raise(PyExc_TypeError,
            "timeout: expected seconds such as 2.5, or None for none, got " + typeName(timeout.ptr()));
    if (isHuge || !(seconds > 0 && seconds < 9e9))
      raise(PyExc_ValueError,
            "timeout: expected seconds above 0 and below 9e9, or None for none, got " + shownObject(timeout));
    settings.timeoutNanoseconds = static_cast<int64_t>(seconds * 1e9);
  }
  return settings;
}

nb::object Program::runNamed(nb::handle arguments, nb::handle entry, nb::object seed, nb::object timeout) {
  if (!PyDict_Check(arguments.ptr()))
    raise(PyExc_TypeError,
          "arguments: expected a dict such as {\"name\": \"Ada\"}, got " + typeName(arguments.ptr()));
  for (auto [key, value] : nb::borrow<nb::dict>(arguments))
    utf8Of(key, "arguments: a name"); // raises where it is not a text
  return run(nb::borrow<nb::dict>(arguments), entry.is_none() ? "" : utf8Of(entry, "entry"), std::move(seed),
             std::move(timeout));
}

nb::object Program::run(nb::dict arguments, const std::string &entry, nb::object seed, nb::object timeout) {
  std::shared_ptr<xcs::Session> session = engine->session();
  const uint32_t function = functionNamed(entry);
  auto bell = std::make_shared<Bell>();
  RunSettings settings = settingsOf(seed, timeout);
  settings.completed = [bell](const RunRef &) { bell->ring(); };
  std::vector<RunInput> given = inputs(function, arguments);
  RunRef run;
  {
    nb::gil_scoped_release released;
    run = session->submit(program, function, std::move(given), std::move(settings));
  }
  try {
    HostThread::Wait mayCome(engine);
    waitFor(*bell, [&] { return run.done(); });
  } catch (nb::python_error &stopped) {
    // The first interrupt stops the run, and its end is waited for, so that no write is left untold; another
    // one leaves it.
    session->cancel(run);
    waitFor(*bell, [&] { return run.done(); });
    throw;
  }
  last = run;
  if (!run.report().ok)
    raiseReport(run.report());
  return results(function, run.report());
}

nb::object Program::stats() const {
  if (!last)
    return nb::dict();
  const std::string text = runner::printStats(program.plan(), last.report(), runner::StatsForm::Json);
  return nb::module_::import_("json").attr("loads")(text);
}

std::string Program::explain() const {
  std::string text;
  llvm::raw_string_ostream out(text);
  explainPlan(program.plan(), out);
  return text;
}

nb::dict Program::functions() const {
  const PlanView &plan = program.plan();
  nb::dict all;
  for (const PlanFunction &function : plan.functions) {
    if (function.isPrivate)
      continue;
    nb::dict parameters;
    for (const PlanParameter &parameter :
         plan.parameters.subspan(function.firstParameter, function.parameterCount))
      parameters[nb::str(std::string(plan.constants.text(parameter.name)).c_str())] =
          nb::str(printType(plan.constants, parameter.type).c_str());
    all[nb::str(std::string(plan.constants.text(function.symbol)).c_str())] = parameters;
  }
  return all;
}

/// The engine of all programs without functions or limits of their own: one pool, one HTTP client, one set of
/// gates.
static std::shared_ptr<Engine> sharedEngine() {
  static std::weak_ptr<Engine> &shared = *new std::weak_ptr<Engine>;
  std::shared_ptr<Engine> engine = shared.lock();
  if (!engine || !engine->isOpen())
    shared = engine = Engine::start({});
  return engine;
}

static Program load(nb::handle planOrPath, nb::handle ops, nb::handle jobs, nb::handle limits,
                    nb::kwargs grants) {
  requireUsable();
  nb::dict keywords = nb::steal<nb::dict>(PyDict_Copy(grants.ptr()));
  Grants granted = takeGrants(keywords);
  for (auto [key, value] : keywords)
    raise(PyExc_TypeError, "load() has no parameter `" + utf8Of(key, "keyword") + "`");
  SessionOptions options;
  options.jobs = jobsOf(jobs);
  setLimits(options.world.limits, limits);
  std::shared_ptr<OpTable> table;
  if (!ops.is_none())
    options.world.callables = table = std::make_shared<OpTable>(ops, options.world.limits);
  PlanBytes plan = planBytes(planOrPath, options.world.limits);
  const bool own = table || options.jobs || !limits.is_none();
  std::shared_ptr<Engine> engine = own ? Engine::start(std::move(options)) : sharedEngine();
  if (table)
    table->belongTo(engine);
  engine->host().lookAgain();
  DiagnosticEngine diagnostics;
  Result<ProgramRef> program = Failure{};
  std::shared_ptr<xcs::Session> session = engine->session();
  {
    nb::gil_scoped_release released;
    program = session->load(plan.bytes, plan.name, diagnostics, &granted);
  }
  if (!program)
    raiseFailure(exceptions().error, failureText(diagnostics, false));
  return Program(std::move(engine), std::move(table), std::move(*program), std::move(plan.name));
}

/// Its engine and table are its own wherever there are functions, so each reference is visited once.
static int traverseProgram(PyObject *self, visitproc visit, void *arg) {
  Py_VISIT(Py_TYPE(self));
  return nb::inst_ready(self) ? nb::inst_ptr<Program>(self)->traverse(visit, arg) : 0;
}

static int clearProgram(PyObject *self) {
  if (nb::inst_ready(self))
    nb::inst_ptr<Program>(self)->clear();
  return 0;
}

void python::defineProgram(nb::module_ &module) {
  static PyType_Slot slots[] = {{Py_tp_traverse, reinterpret_cast<void *>(&traverseProgram)},
                                {Py_tp_clear, reinterpret_cast<void *>(&clearProgram)},
                                {0, nullptr}};
  nb::class_<Program> type(
      module, "Program", nb::type_slots(slots),
      "A plan, ready to run.\n\n"
      "Called with the arguments of its function by name, it gives the function's result: None, a value, or "
      "a tuple of several. May be called from several threads at once.");
  type.def("__init__", [](nb::handle, const nb::args &, const nb::kwargs &) {
    raise(PyExc_TypeError, "a Program is made by xcs.load(plan)");
  });
  define(type, "__call__", "program(**arguments)", "Runs the function @main, or the only one.",
         [](Program &self, const nb::kwargs &arguments) {
           return self.run(arguments, "", nb::none(), nb::none());
         });
  define(type, "run", "run(arguments=, *, entry=, seed=, timeout=)",
         "Runs the function `entry` (@main, or the only one) with a dict of arguments.\n\n"
         "`seed` is that of random operations, `timeout` in seconds.\n\n"
         ">>> double = xcs.load(xcs.compile('func @main(%a: i64) -> i64 {\\n  %b = i64.add(%a, %a) : "
         "i64\\n  "
         "return(%b)\\n}'))\n"
         ">>> double.run({'a': 4})\n"
         "8\n",
         &Program::runNamed, nb::arg("arguments").none() = nb::dict(), nb::kw_only(),
         nb::arg("entry").none() = "", nb::arg("seed").none() = nb::none(),
         nb::arg("timeout").none() = nb::none());
  type.def("explain", &Program::explain, "What the plan would touch, its levels and its critical path.")
      .def_prop_ro("stats", &Program::stats,
                   "Counts and times of the last run, under the names of `xcs-run --stats=json`.")
      .def_prop_ro("functions", &Program::functions,
                   "The functions that can be run: {name: {parameter: type}}.");
  define(
      module, "load", "load(plan, *, ops=, jobs=, limits=, **grants)",
      "Loads a plan: its bytes, or the path of a .xplan or .xir file.\n\n"
      "`ops` are the functions that the plan calls, by name. `limits` changes limits, as {'json-depth': "
      "100}. All "
      "other keywords are grants, as the flags of `xcs-run`: allow_net, allow_read, allow_write, allow_run, "
      "allow_env, allow_secret, the same with deny_, and allow_all. Nothing else is allowed.\n\n"
      ">>> greet = xcs.load(xcs.compile('func @main(%name: str) -> str {\\n  %all = str.format(%name) "
      "{template = \"Hello, {0}\"} : str\\n  return(%all)\\n}'))\n"
      ">>> greet(name='Ada')\n"
      "'Hello, Ada'\n",
      &load, nb::arg("plan").none(), nb::kw_only(), nb::arg("ops").none() = nb::none(),
      nb::arg("jobs").none() = 0, nb::arg("limits").none() = nb::none(), nb::arg("grants"));
}
