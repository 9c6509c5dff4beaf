#pragma once
#include "src/Python.h"
#include "xcs/Ops/Constants.h"
#include "xcs/Ops/Value.h"
#include "xcs/Support/Limits.h"
#include <string>
#include <string_view>
#include <vector>

// Values of a run and objects of Python, without JSON text between them. Nothing here recurses. Each function
// is called with the GIL and throws nb::python_error with the Python error set.
namespace xcs::python {

/// The value of an object: str, int, float, bool, None, bytes, and lists, tuples and dicts of them, to
/// Limit::JsonDepth. `place` names the object in errors: an int beyond 64 bits is an OverflowError, a lone
/// surrogate a UnicodeEncodeError, every other object a TypeError, and all of them name the part that is
/// wrong, as in `messages[2]["content"]`.
Value valueOf(PyObject *object, const Limits &limits, std::string_view place);

/// The same as a JSON value: no bytes, no nan, no inf, but ints of any size that a float has.
Value jsonOf(PyObject *object, const Limits &limits, std::string_view place);

/// The value of type `type` of an object. An int fits an f64, None and a missing member an option; bytes-like
/// objects are bytes; a datetime.timedelta, or a text such as "250ms", is a duration; a dict is a record of
/// its members, and {"ok": value} or {"error": {..}} a result. Objects that offer `__index__` or `__float__`
/// are numbers.
Value valueOf(PyObject *object, const ConstantView &view, TypeId type, const Limits &limits,
              std::string_view place);

/// How values become objects.
struct ObjectOptions {
  Limits limits;
  /// Texts that must not get out (RunReport::secrets); null: none.
  const std::vector<std::string> *secrets = nullptr;
};

/// A new object for a value whose type is not known: a list, option or JSON value speaks for itself; records
/// become lists.
nb::object objectOf(const Value &value, const ObjectOptions &options);

/// A new object for a value of type `type`: records are dicts in the order of their fields, options the
/// content or None, results
/// {"ok": value} or {"error": {..}}, durations a text such as "1.5s" (a timedelta would lose nanoseconds). A
/// secret is an error. So is a value that would take more than Limit::ValueBytes as objects: values share
/// their parts, objects cannot.
nb::object objectOf(const Value &value, const ConstantView &view, TypeId type, const ObjectOptions &options);

} // namespace xcs::python
