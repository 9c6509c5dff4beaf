#include "src/Deferred.h"
#include "src/HostJobs.h"
#include "src/Recording.h"
#include "src/Values.h"

using namespace xcs;
using namespace xcs::python;

static constexpr int deepest = 6;

nb::object Reason::get() {
  if (!exception)
    exception = Kept(makeException(type, text));
  return exception.get();
}

nb::object Node::get(const Limits &limits) {
  if (!object) {
    object =
        host ? Kept(host->result.get()) : Kept(objectOf(value, program.plan().constants, type, {limits}));
    run = RunRef();
  }
  return object.get();
}

Deferred::~Deferred() { recording->forget(node); }

nb::object Deferred::value() const {
  switch (node->state.load()) {
  case NodeState::Done:
    return node->get(recording->limits());
  case NodeState::Failed:
    raise(node->failure->get());
  case NodeState::Pending:
    break;
  }
  raise(PyExc_RuntimeError, "the value is not there yet: wait for it with Session.wait([deferred])");
}

const NodeRef *python::nodeOf(nb::handle object) {
  Deferred *deferred = nullptr;
  return nb::try_cast(object, deferred, false) && deferred ? &deferred->of() : nullptr;
}

static void search(nb::handle object, const std::function<void(const NodeRef &)> &found, int depth) {
  PyObject *raw = object.ptr();
  const bool isDict = PyDict_CheckExact(raw);
  if (!isDict && !PyList_CheckExact(raw) && !PyTuple_CheckExact(raw)) {
    if (const NodeRef *node = nodeOf(object))
      found(*node);
    return;
  }
  if (depth == deepest)
    return;
  if (!isDict) {
    for (nb::handle item : nb::borrow(object))
      search(item, found, depth + 1);
    return;
  }
  PyObject *value = nullptr;
  for (Py_ssize_t at = 0; PyDict_Next(raw, &at, nullptr, &value);)
    search(value, found, depth + 1);
}

void python::forEachDeferred(nb::handle object, const std::function<void(const NodeRef &)> &found) {
  search(object, found, 0);
}

static nb::object replaced(nb::handle object, const std::function<nb::object(const NodeRef &)> &valueOf,
                           int depth) {
  if (const NodeRef *node = nodeOf(object))
    return valueOf(*node);
  nb::object same = nb::borrow(object);
  bool any = false;
  if (depth < deepest)
    search(object, [&](const NodeRef &) { any = true; }, depth);
  if (!any)
    return same;
  if (PyDict_CheckExact(object.ptr())) {
    nb::dict copy;
    for (auto [key, value] : nb::borrow<nb::dict>(object))
      copy[key] = replaced(value, valueOf, depth + 1);
    return copy;
  }
  nb::list copy;
  for (nb::handle item : same)
    copy.append(replaced(item, valueOf, depth + 1));
  return PyTuple_CheckExact(object.ptr()) ? nb::object(nb::tuple(copy)) : nb::object(copy);
}

nb::object python::withValues(nb::handle object, const std::function<nb::object(const NodeRef &)> &valueOf) {
  return replaced(object, valueOf, 0);
}

void python::defineDeferred(nb::module_ &module) {
  nb::class_<Deferred>(module, "Deferred", nb::is_weak_referenceable(), nb::is_final(),
                       "The result of one operation of a Session, which may not be there yet.")
      .def("__init__",
           [](nb::handle, const nb::args &, const nb::kwargs &) {
             raise(PyExc_TypeError, "a Deferred is made by a session: session.call(..), session.host(..)");
           })
      .def_prop_ro("done", &Deferred::isDone, "Whether it has finished or failed.")
      .def_prop_ro("failed", &Deferred::hasFailed, "Whether it has failed.")
      .def("value", &Deferred::value,
           "The value, the same object each time; or raises why it failed. Only when done.")
      .def_prop_ro("origin", &Deferred::origin, "The place of the call: (file, line).");
}
