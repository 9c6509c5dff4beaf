#include "src/HostJobs.h"
#include "src/Callables.h"
#include "src/Deferred.h"
#include "src/Segment.h"
#include "src/Values.h"

using namespace xcs;
using namespace xcs::python;

int64_t HostJobs::add(std::shared_ptr<HostJob> job) {
  MutexLock lock(mutex);
  jobs.emplace(++last, std::move(job));
  return last;
}

void HostJobs::drop(int64_t number) { take(number); }

std::shared_ptr<HostJob> HostJobs::take(int64_t number) {
  MutexLock lock(mutex);
  auto found = jobs.find(number);
  if (found == jobs.end())
    return nullptr;
  std::shared_ptr<HostJob> job = std::move(found->second);
  jobs.erase(found);
  return job;
}

Value python::visibleValue(nb::handle object, const Limits &limits) {
  if (PyUnicode_CheckExact(object.ptr()) || PyLong_CheckExact(object.ptr()) ||
      PyFloat_CheckExact(object.ptr()) || PyBool_Check(object.ptr()) || object.is_none() ||
      PyList_CheckExact(object.ptr()) || PyDict_CheckExact(object.ptr())) {
    try {
      return jsonOf(object.ptr(), limits, "the result");
    } catch (nb::python_error &) {
      // An int beyond the range of a float, a lone surrogate, an object within: operations see that it is
      // something else.
    }
  }
  const std::string name = typeName(object.ptr());
  Value members[] = {Value::str("python object"), Value::str(name)};
  return Value::object(members);
}

Value HostJobs::run(HostJob &job, const HostCall &call) {
  nb::object function = job.function.get(), arguments = job.arguments.get(), keywords = job.keywords.get();
  job.function = Kept();
  job.arguments = Kept();
  job.keywords = Kept();
  std::unordered_map<const Node *, size_t> operandOf;
  for (size_t i = 0; i < job.needs.size(); ++i)
    operandOf.emplace(job.needs[i].get(), 1 + i);
  auto valueOfNode = [&](const NodeRef &node) -> nb::object {
    auto given = operandOf.find(node.get());
    if (node->host || given == operandOf.end())
      return node->host ? node->host->result.get() : node->get(limits);
    const size_t i = given->second;
    if (!node->object)
      node->object = Kept(objectOf(call.operands[i], call.constants, call.operandTypes[i], {limits}));
    return node->object.get();
  };
  arguments = withValues(arguments, valueOfNode);
  keywords = withValues(keywords, valueOfNode);
  nb::object result = nb::steal(PyObject_Call(function.ptr(), arguments.ptr(), keywords.ptr()));
  if (!result.is_valid())
    throw nb::python_error();
  job.isOver = true;
  Value visible = job.isWanted ? visibleValue(result, limits) : Value::none();
  job.result = Kept(result);
  return visible;
}

Result<Value, HostFailure> HostJobs::call(const HostCall &call) {
  PythonEntry python; // before the job, which is dropped with the GIL
  std::shared_ptr<HostJob> job = take(call.operands[0].asI64());
  if (!python || !job)
    return HostFailure{"it was stopped"};
  if (std::shared_ptr<Segment> segment = job->segment.lock())
    segment->lacksThread.store(false);
  std::string text;
  try {
    HostThread here(engine, job->segment);
    return run(*job, call);
  } catch (nb::python_error &error) {
    nb::object exception = nb::borrow(error.value());
    text = exceptionText(exception);
    job->failure = std::make_shared<Reason>(Kept(exception));
  } catch (const std::exception &error) {
    text = error.what();
  }
  job->isOver = true;
  return HostFailure{std::move(text)};
}
