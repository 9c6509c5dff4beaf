#include "src/Callables.h"
#include "src/Compile.h"
#include "src/Errors.h"
#include "src/Values.h"
#include "xcs/Support/Utf8.h"

using namespace xcs;
using namespace xcs::python;

OpTable::OpTable(nb::handle ops, const Limits &limits) : limits(limits) {
  if (!PyDict_Check(ops.ptr()))
    raise(PyExc_TypeError, "ops: expected a dict such as {\"name\": function}, got " + typeName(ops.ptr()));
  for (auto [key, function] : nb::borrow<nb::dict>(ops)) {
    std::string name = utf8Of(key, "ops");
    if (!PyCallable_Check(function.ptr()))
      raise(PyExc_TypeError, "ops[\"" + name + "\"]: expected a callable, got " + typeName(function.ptr()));
    names.insert(name);
    functions.emplace(std::move(name), Kept(nb::borrow(function)));
  }
}

bool OpTable::has(std::string_view function) const { return names.contains(function); }

std::string python::exceptionText(nb::handle exception) {
  std::string text = typeName(exception.ptr());
  nb::object shown = nb::steal(PyObject_Str(exception.ptr()));
  const char *words = shown.is_valid() ? PyUnicode_AsUTF8AndSize(shown.ptr(), nullptr) : nullptr;
  if (!words) // its own `__str__` fails, or gives what UTF-8 cannot say
    PyErr_Clear();
  else if (*words)
    text += ": " + std::string(words);
  return readableText(text);
}

Result<Value, HostFailure> OpTable::call(const HostCall &call) {
  PythonEntry python;
  if (!python)
    return HostFailure{"the interpreter ends"};
  auto function = functions.find(call.function);
  if (function == functions.end())
    return HostFailure{"there is no such function"};
  try {
    HostThread here(engine, {});
    ObjectOptions options{limits};
    nb::list arguments;
    for (size_t i = 0; i < call.operands.size(); ++i)
      arguments.append(objectOf(call.operands[i], call.constants, call.operandTypes[i], options));
    nb::object callee = function->second.get(); // the table may be cleared meanwhile
    nb::object result = callee(*arguments);
    return valueOf(result.ptr(), call.constants, call.resultType, limits, "the result");
  } catch (nb::python_error &error) {
    nb::object exception = nb::borrow(error.value());
    std::string text = exceptionText(exception);
    Kept oldest; // dropped last: that may run anything
    if (raised.size() == mostKept) {
      oldest = std::move(raised.front().exception);
      raised.pop_front();
    }
    raised.push_back({text, Kept(exception)});
    return HostFailure{std::move(text)};
  } catch (const std::exception &error) {
    return HostFailure{error.what()};
  }
}

int OpTable::traverse(visitproc visit, void *arg) const {
  for (const auto &[name, function] : functions)
    Py_VISIT(function.held());
  for (const Raised &one : raised)
    Py_VISIT(one.exception.held());
  return 0;
}

void OpTable::clear() {
  // First out of reach, then dropped: that may run anything.
  auto dropped = std::exchange(functions, {});
  auto exceptions = std::exchange(raised, {});
}

nb::object OpTable::exceptionOf(std::string_view failureMessage) {
  for (auto kept = raised.rbegin(); kept != raised.rend(); ++kept)
    if (failureMessage.ends_with(kept->message))
      return kept->exception.get();
  return {};
}
