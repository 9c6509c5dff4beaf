#include "src/Grants.h"
#include "src/Compile.h"
#include <functional>

using namespace xcs;
using namespace xcs::python;

/// Gives each text of a keyword to `use`, and takes the keyword out.
static void forEach(nb::dict &keywords, const char *keyword,
                    const std::function<void(const std::string &)> &use) {
  nb::object given = nb::borrow(PyDict_GetItemString(keywords.ptr(), keyword));
  if (!given.is_valid())
    return;
  if (PyDict_DelItemString(keywords.ptr(), keyword) != 0)
    throw nb::python_error();
  if (PyUnicode_Check(given.ptr()))
    return use(utf8Of(given, keyword));
  if (!PyList_Check(given.ptr()) && !PyTuple_Check(given.ptr()) && !PyAnySet_Check(given.ptr()))
    raise(PyExc_TypeError,
          std::string(keyword) + ": expected a str or a list of str, got " + typeName(given.ptr()));
  for (nb::handle item : given) {
    nb::object text = nb::borrow(item);
    if (nb::hasattr(item, "__fspath__"))
      text = nb::steal(PyOS_FSPath(item.ptr()));
    if (!text.is_valid())
      throw nb::python_error();
    use(utf8Of(text, keyword));
  }
}

static void allOf(nb::dict &keywords, const char *keyword, const char *form,
                  const std::function<bool(const std::string &)> &add) {
  forEach(keywords, keyword, [&](const std::string &text) {
    if (!add(text))
      raise(PyExc_ValueError, std::string(keyword) + ": \"" + text + "\" is not " + form);
  });
}

static void takePaths(nb::dict &keywords, Grants &grants) {
  using Access = PathGrants::Access;
  auto allow = [&](const char *keyword, Access access) {
    forEach(keywords, keyword, [&](const std::string &path) {
      if (std::string why; !grants.paths().allow(access, path, why))
        raise(PyExc_ValueError, std::string(keyword) + ": \"" + path + "\" cannot be granted: " + why);
    });
  };
  allow("allow_read", Access::Read);
  allow("allow_write", Access::Write);
  forEach(keywords, "deny_read", [&](const std::string &path) { grants.paths().deny(Access::Read, path); });
  forEach(keywords, "deny_write", [&](const std::string &path) { grants.paths().deny(Access::Write, path); });
  allOf(keywords, "allow_run", "a program that exists",
        [&](const std::string &name) { return grants.programs().allow(name); });
  forEach(keywords, "deny_run", [&](const std::string &name) { grants.programs().deny(name); });
}

Grants python::takeGrants(nb::dict &keywords) {
  Grants grants;
  allOf(keywords, "allow_net", "HOST[:PORT]", [&](const std::string &host) { return grants.allowNet(host); });
  allOf(keywords, "deny_net", "HOST[:PORT]", [&](const std::string &host) { return grants.denyNet(host); });
  allOf(keywords, "allow_secret", "NAME@HOST[:PORT], or NAME@run:PROG with a program that exists",
        [&](const std::string &text) { return grants.allowSecret(text); });
  forEach(keywords, "allow_env", [&](const std::string &name) { grants.allowEnv(name); });
  forEach(keywords, "deny_env", [&](const std::string &name) { grants.denyEnv(name); });
  takePaths(keywords, grants);
  if (nb::object all = nb::borrow(PyDict_GetItemString(keywords.ptr(), "allow_all")); all.is_valid()) {
    if (!PyBool_Check(all.ptr()))
      raise(PyExc_TypeError, "allow_all: expected True or False, got " + typeName(all.ptr()));
    if (all.ptr() == Py_True)
      grants.allowAll();
    PyDict_DelItemString(keywords.ptr(), "allow_all");
  }
  return grants;
}

void python::setLimits(Limits &limits, nb::handle changes) {
  if (changes.is_none())
    return;
  if (!PyDict_Check(changes.ptr()))
    raise(PyExc_TypeError,
          "limits: expected a dict such as {\"json-depth\": 100}, got " + typeName(changes.ptr()));
  for (auto [key, value] : nb::borrow<nb::dict>(changes)) {
    const std::string name = utf8Of(key, "limits");
    std::optional<Limit> limit = Limits::byName(name);
    if (!limit)
      raise(PyExc_ValueError,
            "limits: there is no limit \"" + name + "\"; they are those of `xcs-run --limit`");
    unsigned long long bound = PyLong_Check(value.ptr()) ? PyLong_AsUnsignedLongLong(value.ptr()) : 0;
    if (!PyLong_Check(value.ptr()) || PyErr_Occurred()) {
      PyErr_Clear();
      raise(PyExc_ValueError, "limits: \"" + name + "\" takes a whole number of 0 or more");
    }
    limits.set(*limit, bound);
  }
}
