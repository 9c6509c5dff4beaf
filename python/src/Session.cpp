#include "src/Session.h"
#include "src/Arguments.h"
#include "src/Compile.h"
#include "src/Deferred.h"
#include "src/Grants.h"
#include <algorithm>
#include <optional>

using namespace xcs;
using namespace xcs::python;

/// The items of something that is gone through; raises TypeError for what cannot be, and for a single text.
static nb::object itemsOf(nb::handle items, const char *what, const char *example) {
  nb::object all;
  if (!PyUnicode_Check(items.ptr()) && !PyBytes_Check(items.ptr()))
    all = nb::steal(PySequence_List(items.ptr()));
  if (!all.is_valid()) {
    if (PyErr_Occurred() && !PyErr_ExceptionMatches(PyExc_TypeError)) // a generator has failed
      throw nb::python_error();
    PyErr_Clear();
    raise(PyExc_TypeError,
          std::string(what) + ": expected a list such as " + example + ", got " + typeName(items.ptr()));
  }
  return all;
}

/// `net=HOST`, `read=PATH`, ...: a grant of `xcs.load` in one text.
static Grants grantsOf(nb::handle allow) {
  nb::dict keywords;
  for (nb::handle item : itemsOf(allow, "allow", "[\"net=127.0.0.1:8080\"]")) {
    const std::string text = utf8Of(item, "allow");
    const size_t equals = text.find('=');
    if (text == "all") {
      keywords["allow_all"] = true;
      continue;
    }
    if (equals == text.npos)
      raise(PyExc_ValueError,
            "allow: \"" + text + "\" is no grant; give one such as \"net=127.0.0.1:8080\" or \"all\"");
    nb::str key(("allow_" + text.substr(0, equals)).c_str());
    if (!keywords.contains(key))
      keywords[key] = nb::list();
    nb::borrow<nb::list>(keywords[key]).append(nb::str(text.substr(equals + 1).c_str()));
  }
  Grants grants = takeGrants(keywords);
  for (auto [key, value] : keywords)
    raise(PyExc_ValueError, "allow: there is no grant `" + utf8Of(key, "allow").substr(6) + "`");
  return grants;
}

PythonSession::PythonSession(nb::handle jobs, nb::handle threads, nb::handle record, nb::handle allow) {
  requireUsable();
  SessionOptions options;
  options.jobs = jobsOf(jobs);
  const bool keepsTexts = boolOf(record, "record");
  auto table = std::make_shared<HostJobs>(options.world.limits);
  options.world.callables = table;
  options.world.hostThreads = static_cast<unsigned>(
      wholeOf(threads, "threads", 1, 4096, "functions of the program that may run at once"));
  Grants grants = grantsOf(allow);
  std::shared_ptr<Engine> engine = Engine::start(std::move(options));
  table->belongTo(engine);
  recording = std::make_shared<Recording>(std::move(engine), table, std::move(grants), keepsTexts);
}

PythonSession::~PythonSession() {
  recording->stop();
  recording->of()->letGo();
}

void PythonSession::close() {
  if (HostThread::isOf(*recording->of()))
    raise(PyExc_RuntimeError,
          "close() waits for all functions of the session, and one of them calls it; write stop() "
          "there, and close() where the session was made");
  recording->stop();
  recording->of()->close();
  if (!isForked())
    recording->board()->dropLeft();
}

nb::object PythonSession::wrap(NodeRef node, nb::handle origin) {
  return nb::cast(new Deferred(std::move(node), recording, nb::borrow(origin)),
                  nb::rv_policy::take_ownership);
}

static std::string_view textOf(nb::handle text, const char *what) {
  Py_ssize_t size = 0;
  const char *bytes = PyUnicode_Check(text.ptr()) ? PyUnicode_AsUTF8AndSize(text.ptr(), &size) : nullptr;
  if (!bytes)
    utf8Of(text, what); // raises
  return {bytes, static_cast<size_t>(size)};
}

/// `pure`, `sample`, `read`, `write`, `read(NAME)`, `write(NAME)`; without a name it is everything.
static bool isEffect(std::string_view text) {
  if (text == "pure" || text == "sample" || text == "read" || text == "write")
    return true;
  const size_t open = text.find('(');
  if (open == text.npos || !text.ends_with(')') ||
      (text.substr(0, open) != "read" && text.substr(0, open) != "write"))
    return false;
  const std::string_view name = text.substr(open + 1, text.size() - open - 2);
  return !name.empty() && name.find_first_of("() \t\n,\"") == name.npos;
}

nb::object PythonSession::call(nb::handle op, nb::handle operands, nb::handle attributes, nb::handle origin,
                               nb::handle symbol, nb::handle result) {
  const Origin place = originOf(origin);
  if (!PyTuple_Check(operands.ptr()))
    raise(PyExc_TypeError,
          "operands: expected a tuple such as (\"a\", deferred), got " + typeName(operands.ptr()));
  const std::string_view name = symbol.is_none() ? std::string_view() : textOf(symbol, "symbol");
  const std::string_view type = result.is_none() ? std::string_view() : textOf(result, "result");
  return wrap(recording->call(textOf(op, "op"), operands, attributes, name, place, type), origin);
}

nb::object PythonSession::host(nb::handle function, nb::handle arguments, nb::handle keywords,
                               nb::handle effect, nb::handle repeat, nb::handle origin) {
  const Origin place = originOf(origin);
  if (!PyTuple_Check(arguments.ptr()))
    raise(PyExc_TypeError, "args: expected a tuple such as (1, deferred), got " + typeName(arguments.ptr()));
  if (!PyDict_Check(keywords.ptr()))
    raise(PyExc_TypeError, "kwargs: expected a dict such as {\"key\": 1}, got " + typeName(keywords.ptr()));
  const std::string_view touches = textOf(effect, "effect"), again = textOf(repeat, "repeat");
  if (!isEffect(touches))
    raise(PyExc_ValueError,
          "effect: expected \"pure\", \"sample\", \"read(R)\" or \"write(R)\", where R is the name of "
          "a resource, got " +
              shownObject(effect));
  if (again != "never" && again != "idempotent")
    raise(PyExc_ValueError, "repeat: expected \"never\" or \"idempotent\", got " + shownObject(repeat));
  return wrap(recording->host(function, arguments, keywords, touches, again, place), origin);
}

void PythonSession::declare(nb::handle kind, nb::handle symbol, nb::handle attributes) {
  recording->of()->session(); // raises when there is none
  recording->declare(textOf(kind, "kind"), textOf(symbol, "symbol"), attributes);
}

void PythonSession::grant(nb::handle allow) {
  recording->of()->session(); // raises when there is none
  for (nb::handle item : itemsOf(allow, "allow", "[\"net=127.0.0.1:8080\"]")) {
    const std::string text = utf8Of(item, "allow");
    const bool isNet = text.starts_with("net="), isVariable = text.starts_with("env=");
    if (isVariable)
      recording->granted().allowEnv(text.substr(4));
    else if (!isNet || !recording->granted().allowNet(text.substr(4)))
      raise(PyExc_ValueError,
            "allow: \"" + text +
                "\" is no grant of a running session; give one such as \"net=127.0.0.1:8080\"");
  }
}

void PythonSession::setVariable(nb::handle name, nb::handle value) {
  recording->of()->session(); // raises when there is none
  const std::string_view variable = textOf(name, "name");
  if (variable.empty() || variable.find_first_of(std::string_view("=\0", 2)) != variable.npos)
    raise(PyExc_ValueError,
          "name: expected the name of a variable such as \"OPENAI_API_KEY\", got " + shownObject(name));
  recording->setVariable(std::string(variable), std::string(textOf(value, "value")));
}

static const NodeRef &nodeOrRaise(nb::handle object) {
  const NodeRef *node = nodeOf(object);
  if (!node)
    raise(PyExc_TypeError, "expected a Deferred, got " + typeName(object.ptr()));
  return *node;
}

namespace {

/// Lets a bell ring when one of some nodes is done.
class WaitForNodes {
public:
  WaitForNodes(Board &board, std::vector<NodeRef> nodes) : board(board), nodes(std::move(nodes)) {
    board.addWaiter(bell);
    for (const NodeRef &node : this->nodes)
      node->waiting.fetch_add(1);
  }
  ~WaitForNodes() {
    for (const NodeRef &node : nodes)
      node->waiting.fetch_sub(1);
    board.removeWaiter(bell);
  }
  WaitForNodes(const WaitForNodes &) = delete;
  bool any() const {
    return std::any_of(nodes.begin(), nodes.end(), [](const NodeRef &node) { return node->isDone(); });
  }
  Bell bell;

private:
  Board &board;
  std::vector<NodeRef> nodes;
};

} // namespace

void PythonSession::wait(nb::handle deferreds) {
  requireUsable();
  if (nodeOf(deferreds))
    raise(PyExc_TypeError,
          "deferreds: expected a list such as [deferred], got a Deferred; write wait([deferred])");
  std::vector<NodeRef> nodes;
  bool isAnyDone = false;
  for (nb::handle item : itemsOf(deferreds, "deferreds", "[deferred]")) {
    const NodeRef &node = nodeOrRaise(item);
    recording->requireOwn(node, "deferreds");
    isAnyDone = isAnyDone || node->isDone();
    nodes.push_back(node);
  }
  if (recording->of()->isOpen())
    recording->flush();
  if (isAnyDone || nodes.empty())
    return;
  HostThread::Wait mayCome(recording->of(), nodes);
  WaitForNodes waiting(*recording->board(), std::move(nodes));
  waitFor(waiting.bell, [&] { return waiting.any(); });
}

void PythonSession::watch(nb::object deferred) {
  requireUsable();
  const NodeRef &node = nodeOrRaise(deferred);
  recording->requireOwn(node, "deferred");
  watched.insert_or_assign(node.get(), deferred);
  recording->board()->watch(node);
}

nb::list PythonSession::takeDone() {
  requireUsable();
  nb::list done;
  for (const NodeRef &node : recording->board()->take())
    if (auto found = watched.find(node.get()); found != watched.end()) {
      done.append(found->second);
      watched.erase(found);
    }
  taken += nb::len(done) != 0;
  return done;
}

nb::list PythonSession::nextDone() {
  requireUsable();
  if (recording->of()->isOpen())
    recording->flush();
  Board &board = *recording->board();
  std::optional<HostThread::Wait> mayCome;
  if (HostThread::isHere()) {
    std::vector<NodeRef> nodes;
    for (const auto &[node, deferred] : watched)
      nodes.push_back(nodeOrRaise(deferred));
    mayCome.emplace(recording->of(), nodes);
  }
  // Another thread may take what this one waits for.
  waitFor(
      board.readyBell(), [&, before = taken] { return board.hasReady() || taken != before; },
      Cleared::ByOwner);
  return takeDone();
}

nb::dict PythonSession::stats() const {
  nb::dict all;
  const RecordingStats &mine = recording->stats;
  all["calls"] = mine.calls;
  all["hosts"] = mine.hostCalls;
  all["segments"] = mine.segments;
  all["compiled"] = mine.compiled;
  if (!recording->of()->isOpen() || isForked())
    return all;
  const SessionStats engine = recording->of()->session()->stats();
  all["submitted"] = engine.submitted;
  all["succeeded"] = engine.succeeded;
  all["failed"] = engine.failed;
  all["pending_inputs"] = engine.pendingInputs;
  all["threads"] = engine.threads;
  return all;
}

nb::list PythonSession::segments() const {
  nb::list all;
  for (const std::string &text : recording->texts)
    all.append(nb::str(text.data(), text.size()));
  return all;
}

/// What is declared, asked for and waited for.
static void defineMembers(nb::class_<PythonSession> &type) {
  const nb::tuple nowhere = nb::make_tuple("?", 0);
  const auto any = [](const char *name) { return nb::arg(name).none(); };
  define(type, "call", "call(op, operands, attributes=, origin=, symbol=, result=)",
         "An operation of the language. Operands are values, Deferreds, and lists of both; `symbol` is a "
         "declared "
         "resource, `result` the type of the result where the operation leaves it open, such as "
         "`option<str>`. Raises "
         "xcs.Error for what the verifier rejects.",
         &PythonSession::call, any("op"), any("operands"), any("attributes") = nb::none(),
         any("origin") = nowhere, any("symbol") = nb::none(), any("result") = nb::none());
  define(type, "host", "host(function, args, kwargs, *, effect=, repeat=, origin=)",
         "`function(*args, **kwargs)` on a thread that may wait, once every Deferred in the arguments is "
         "there; six "
         "levels of lists, tuples and dicts are searched. The result may be any object. `effect`: \"pure\", "
         "\"sample\", "
         "\"read(R)\" or \"write(R)\".\n\n"
         "The function may wait for calls of the same session that it makes itself, unless they can begin "
         "only when it "
         "has ended, as two that write the same resource, or all threads wait: that is a RuntimeError.",
         &PythonSession::host, any("function"), any("args"), any("kwargs"), nb::kw_only(),
         any("effect") = "write(host)", any("repeat") = "never", any("origin") = nowhere);
  define(type, "declare", "declare(kind, symbol, attributes)",
         "Declares a resource, such as a model. The host that it names is granted, and its key to that host: "
         "(\"secret\", NAME) is the key in a variable of the environment.",
         &PythonSession::declare, any("kind"), any("symbol"), any("attributes"));
  define(type, "grant", "grant(allow)",
         "Allows more, such as [\"net=127.0.0.1:8080\"], to what is asked for from now on.",
         &PythonSession::grant, any("allow"));
  define(type, "set_variable", "set_variable(name, value)",
         "Sets a variable that granted operations of this session see as one of the environment. The process "
         "does not "
         "get it, and no text of a segment holds it.",
         &PythonSession::setVariable, any("name"), any("value"));
  define(type, "wait", "wait(deferreds)",
         "Waits, without the GIL, until at least one of them is done. Signals are handled.",
         &PythonSession::wait, any("deferreds"));
  define(type, "watch", "watch(deferred)", "Lets `next_done` give it once it is done.", &PythonSession::watch,
         any("deferred"));
}

void python::defineSession(nb::module_ &module) {
  nb::class_<PythonSession> type(
      module, "Session",
      "Operations that a running program asks for, one by one: each gives a Deferred at once and runs as "
      "soon as what it "
      "needs is there. A Deferred belongs to its session: others do not take it.\n\n"
      "`jobs`: threads that compute (one per core). `threads`: functions of the program that may run at "
      "once; those that "
      "wait for calls of the session are not counted. `record`: keeps the text of each segment. `allow`: "
      "grants such as "
      "\"net=127.0.0.1:8080\".\n\n"
      ">>> session = xcs._core.Session()\n"
      ">>> name = session.host(str.title, ('ada',), {}, effect='pure')\n"
      ">>> greeting = session.call('str.concat', ('Hello, ', name))\n"
      ">>> session.wait([greeting])\n"
      ">>> greeting.value()\n"
      "'Hello, Ada'\n"
      ">>> session.close()\n");
  define(
      type, "__init__", "Session(*, jobs=, threads=, record=, allow=)", "",
      [](PythonSession *self, nb::handle jobs, nb::handle threads, nb::handle record, nb::handle allow) {
        new (self) PythonSession(jobs, threads, record, allow);
      },
      nb::kw_only(), nb::arg("jobs").none() = 0, nb::arg("threads").none() = 256,
      nb::arg("record").none() = false, nb::arg("allow").none() = nb::tuple());
  defineMembers(type);
  type.def("flush", &PythonSession::flush, "Submits what was asked for so far.")
      .def("next_done", &PythonSession::nextDone,
           "Waits until a watched Deferred is done, and gives all that are; an empty list if none is "
           "watched, or if "
           "another thread has got them.")
      .def("take_done", &PythonSession::takeDone, "The same without waiting.")
      .def("fileno", &PythonSession::descriptor,
           "A descriptor that is readable while `take_done` would give one.")
      .def("stop", &PythonSession::stop, "Cancels what has not begun; it fails with xcs.Stopped.")
      .def("close", &PythonSession::close,
           "Stops everything and ends the threads. Not from a function that the session calls: RuntimeError.")
      .def_prop_ro("stats", &PythonSession::stats, "Counts since the session began.")
      .def_prop_ro("segments", &PythonSession::segments, "The text of each segment, with `record`.");
}
