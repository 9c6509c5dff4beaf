#include "src/Arguments.h"
#include "src/Compile.h"
#include <vector>

using namespace xcs;
using namespace xcs::python;

uint64_t python::wholeOf(nb::handle object, const char *what, uint64_t least, uint64_t most,
                         const char *meaning) {
  nb::object number = PyFloat_Check(object.ptr()) ? nb::object() : nb::steal(PyNumber_Index(object.ptr()));
  if (!number.is_valid()) {
    PyErr_Clear();
    raise(PyExc_TypeError,
          std::string(what) + ": expected an int (" + meaning + "), got " + typeName(object.ptr()));
  }
  const unsigned long long whole = PyLong_AsUnsignedLongLong(number.ptr());
  if (PyErr_Occurred() || whole < least || whole > most) {
    PyErr_Clear();
    raise(PyExc_ValueError, std::string(what) + ": expected " + std::to_string(least) + " to " +
                                std::to_string(most) + " (" + meaning + "), got " + shownObject(number));
  }
  return whole;
}

unsigned python::jobsOf(nb::handle object) {
  return static_cast<unsigned>(wholeOf(object, "jobs", 0, 1024, "threads that compute, 0 for one per core"));
}

bool python::boolOf(nb::handle object, const char *what) {
  if (!PyBool_Check(object.ptr()))
    raise(PyExc_TypeError, std::string(what) + ": expected True or False, got " + typeName(object.ptr()));
  return object.ptr() == Py_True;
}

Origin python::originOf(nb::handle object) {
  if (!PyTuple_Check(object.ptr()) || PyTuple_Size(object.ptr()) != 2 || !PyUnicode_Check(object[0].ptr()) ||
      !PyLong_Check(object[1].ptr()))
    raise(PyExc_TypeError,
          "origin: expected the place of the call, such as (\"report.py\", 12), got " + shownObject(object));
  Origin origin{utf8Of(object[0], "origin[0]"), 0};
  nb::object line = object[1];
  origin.line = static_cast<uint32_t>(wholeOf(line, "origin[1]", 0, UINT32_MAX, "a line, 0 for none"));
  return origin;
}

namespace {

struct Signature {
  std::string_view name;
  std::vector<std::string_view> parameters;
  size_t positional = 0, required = 0; // of the first ones
  bool takesAnyKeyword = false;
};

} // namespace

/// `name(a, b=, *, c=, **any)`: parameters with a default end in `=`.
static Signature parse(std::string_view text) {
  const size_t open = text.find('(');
  Signature out;
  out.name = text.substr(0, open);
  text = text.substr(open + 1, text.size() - open - 2);
  bool isPositional = true;
  while (!text.empty()) {
    const size_t comma = std::min(text.find(", "), text.size());
    std::string_view parameter = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 2, text.size()));
    if (parameter == "*") {
      isPositional = false;
      continue;
    }
    if (parameter.starts_with("**")) {
      out.takesAnyKeyword = true;
      continue;
    }
    out.positional += isPositional;
    if (parameter.ends_with("="))
      parameter.remove_suffix(1);
    else
      ++out.required;
    out.parameters.push_back(parameter);
  }
  return out;
}

static std::string namesOf(const std::vector<std::string_view> &parameters) {
  std::string names;
  for (std::string_view parameter : parameters)
    names += (names.empty() ? "`" : ", `") + std::string(parameter) + "`";
  return names.empty() ? "none" : names;
}

void python::raiseNoFit(std::string_view signature, const nb::args &args, const nb::kwargs &keywords) {
  const Signature wanted = parse(signature);
  const std::string name = std::string(wanted.name) + "()";
  const size_t given = args.size();
  if (given > wanted.positional) {
    std::string message = name + " takes " + std::to_string(wanted.positional) +
                          (wanted.positional == 1 ? " argument" : " arguments") + " without a name, got " +
                          std::to_string(given);
    if (wanted.positional < wanted.parameters.size())
      message += "; write " + std::string(wanted.parameters[wanted.positional]) + "=..";
    raise(PyExc_TypeError, message);
  }
  for (auto [key, value] : keywords) {
    const std::string keyword = utf8Of(key, "keyword");
    size_t at = 0;
    while (at < wanted.parameters.size() && wanted.parameters[at] != keyword)
      ++at;
    if (at < given)
      raise(PyExc_TypeError, name + " got `" + keyword + "` twice, without its name and with it");
    if (at == wanted.parameters.size() && !wanted.takesAnyKeyword)
      raise(PyExc_TypeError,
            name + " has no parameter `" + keyword + "`; its parameters: " + namesOf(wanted.parameters));
  }
  for (size_t i = given; i < wanted.required; ++i)
    if (!keywords.contains(nb::str(wanted.parameters[i].data(), wanted.parameters[i].size())))
      raise(PyExc_TypeError, name + " needs the argument `" + std::string(wanted.parameters[i]) + "`");
  raise(PyExc_TypeError,
        name + " does not take these arguments; its parameters: " + namesOf(wanted.parameters));
}
