#include "src/Session.h"
#include "src/Compile.h"
#include "src/Deferred.h"
#include "src/Grants.h"
#include <algorithm>

using namespace xcs;
using namespace xcs::python;

/// `net=HOST`, `read=PATH`, ...: a grant of `xcs.load` in one text.
static Grants grantsOf(nb::handle allow) {
  nb::dict keywords;
  for (nb::handle item : nb::borrow(allow)) {
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

PythonSession::PythonSession(unsigned jobs, unsigned threads, bool record, nb::handle allow) {
  requireUsable();
  SessionOptions options;
  options.jobs = jobs;
  auto table = std::make_shared<HostJobs>(options.world.limits);
  options.world.callables = table;
  options.world.hostThreads = std::max(threads, 1u);
  Grants grants = grantsOf(allow);
  recording =
      std::make_shared<Recording>(Engine::start(std::move(options)), table, std::move(grants), record);
}

PythonSession::~PythonSession() {
  recording->stop();
  recording->of()->letGo();
}

void PythonSession::close() {
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

static void checkOrigin(nb::handle origin) {
  if (!PyTuple_Check(origin.ptr()) || PyTuple_Size(origin.ptr()) != 2 ||
      !PyUnicode_Check(PyTuple_GetItem(origin.ptr(), 0)) || !PyLong_Check(PyTuple_GetItem(origin.ptr(), 1)))
    raise(PyExc_TypeError, "origin: expected (file, line)");
}

nb::object PythonSession::call(nb::handle op, nb::handle operands, nb::handle attributes, nb::handle origin,
                               nb::handle symbol, nb::handle result) {
  checkOrigin(origin);
  if (!PyTuple_Check(operands.ptr()))
    raise(PyExc_TypeError, "operands: expected a tuple, got " + typeName(operands.ptr()));
  const std::string_view name = symbol.is_none() ? std::string_view() : textOf(symbol, "symbol");
  const std::string_view type = result.is_none() ? std::string_view() : textOf(result, "result");
  return wrap(recording->call(textOf(op, "op"), operands, attributes, name, origin, type), origin);
}

nb::object PythonSession::host(nb::handle function, nb::handle arguments, nb::handle keywords,
                               nb::handle effect, nb::handle repeat, nb::handle origin) {
  checkOrigin(origin);
  if (!PyTuple_Check(arguments.ptr()) || !PyDict_Check(keywords.ptr()))
    raise(PyExc_TypeError, "host: expected a tuple of arguments and a dict of keyword arguments");
  return wrap(recording->host(function, arguments, keywords, textOf(effect, "effect"),
                              textOf(repeat, "repeat"), origin),
              origin);
}

void PythonSession::declare(nb::handle kind, nb::handle symbol, nb::handle attributes) {
  recording->declare(textOf(kind, "kind"), textOf(symbol, "symbol"), attributes);
}

void PythonSession::grant(nb::handle allow) {
  for (nb::handle item : nb::borrow(allow)) {
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
  recording->setVariable(std::string(textOf(name, "name")), std::string(textOf(value, "value")));
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
  recording->flush();
  std::vector<NodeRef> nodes;
  for (nb::handle item : nb::borrow(deferreds)) {
    const NodeRef &node = nodeOrRaise(item);
    if (node->isDone())
      return;
    nodes.push_back(node);
  }
  if (nodes.empty())
    return;
  WaitForNodes waiting(*recording->board(), std::move(nodes));
  waitFor(waiting.bell, [&] { return waiting.any(); });
}

void PythonSession::watch(nb::object deferred) {
  requireUsable();
  const NodeRef &node = nodeOrRaise(deferred);
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
  return done;
}

nb::list PythonSession::nextDone() {
  requireUsable();
  recording->flush();
  Board &board = *recording->board();
  waitFor(board.readyBell(), [&] { return board.hasReady(); }, Cleared::ByOwner);
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

void python::defineSession(nb::module_ &module) {
  const nb::tuple nowhere = nb::make_tuple("?", 0);
  nb::class_<PythonSession>(
      module, "Session",
      "Operations that a running program asks for, one by one: each gives a Deferred at once and runs as "
      "soon as what it "
      "needs is there.\n\n"
      "`jobs`: threads that compute (one per core). `threads`: functions of the program that may run at "
      "once. `record`: "
      "keeps the text of each segment. `allow`: grants such as \"net=127.0.0.1:8080\".\n\n"
      ">>> session = xcs._core.Session()\n"
      ">>> name = session.host(str.title, ('ada',), {}, effect='pure')\n"
      ">>> greeting = session.call('str.concat', ('Hello, ', name))\n"
      ">>> session.wait([greeting])\n"
      ">>> greeting.value()\n"
      "'Hello, Ada'\n"
      ">>> session.close()\n")
      .def(nb::init<unsigned, unsigned, bool, nb::handle>(), nb::kw_only(), nb::arg("jobs") = 0,
           nb::arg("threads") = 256, nb::arg("record") = false, nb::arg("allow") = nb::tuple())
      .def("call", &PythonSession::call, nb::arg("op"), nb::arg("operands"),
           nb::arg("attributes") = nb::none(), nb::arg("origin") = nowhere, nb::arg("symbol") = nb::none(),
           nb::arg("result") = nb::none(),
           "An operation of the language. Operands are values, Deferreds, and lists of both; `symbol` is a "
           "declared "
           "resource, `result` the type of the result where the operation leaves it open, such as "
           "`option<str>`. "
           "Raises xcs.Error for what the verifier rejects.")
      .def("host", &PythonSession::host, nb::arg("function"), nb::arg("args"), nb::arg("kwargs"),
           nb::kw_only(), nb::arg("effect") = "write(host)", nb::arg("repeat") = "never",
           nb::arg("origin") = nowhere,
           "`function(*args, **kwargs)` on a thread that may wait, once every Deferred in the arguments is "
           "there; six "
           "levels of lists, tuples and dicts are searched. The result may be any object. `effect`: "
           "\"pure\", \"sample\", "
           "\"read(R)\" or \"write(R)\".")
      .def("declare", &PythonSession::declare, nb::arg("kind"), nb::arg("symbol"), nb::arg("attributes"),
           "Declares a resource, such as a model. The host that it names is granted, and its key to that "
           "host: "
           "(\"secret\", NAME) is the key in a variable of the environment.")
      .def("grant", &PythonSession::grant, nb::arg("allow"),
           "Allows more, such as [\"net=127.0.0.1:8080\"], to what is asked for from now on.")
      .def("set_variable", &PythonSession::setVariable, nb::arg("name"), nb::arg("value"),
           "Sets a variable that granted operations of this session see as one of the environment. The "
           "process does "
           "not get it, and no text of a segment holds it.")
      .def("flush", &PythonSession::flush, "Submits what was asked for so far.")
      .def("wait", &PythonSession::wait, nb::arg("deferreds"),
           "Waits, without the GIL, until at least one of them is done. Signals are handled.")
      .def("watch", &PythonSession::watch, nb::arg("deferred"), "Lets `next_done` give it once it is done.")
      .def(
          "next_done", &PythonSession::nextDone,
          "Waits until a watched Deferred is done, and gives all that are; an empty list if none is watched.")
      .def("take_done", &PythonSession::takeDone, "The same without waiting.")
      .def("fileno", &PythonSession::descriptor,
           "A descriptor that is readable while `take_done` would give one.")
      .def("stop", &PythonSession::stop, "Cancels what has not begun; it fails with xcs.Stopped.")
      .def("close", &PythonSession::close, "Stops everything and ends the threads.")
      .def_prop_ro("stats", &PythonSession::stats, "Counts since the session began.")
      .def_prop_ro("segments", &PythonSession::segments, "The text of each segment, with `record`.");
}
