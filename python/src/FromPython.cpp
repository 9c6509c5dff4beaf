#include "src/Errors.h"
#include "src/Values.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Ops/WholeNumber.h"
#include <cmath>

using namespace xcs;
using namespace xcs::python;

namespace {

/// What is known of the type of a part.
enum class Known : uint8_t {
  Nothing, // any value
  Json,    // a JSON value: no bytes, no nan
  Type,    // see TypeId
};

enum class Form : uint8_t { List, Object, Dict, Record, Some, Ok };

/// A list, dict or wrapper whose parts are being read. Its finished parts are at the end of `parts`.
struct Open {
  nb::object source; // a list, a tuple or a dict
  Form form;
  Known known; // of the parts of a List or Object
  TypeId type; // of the whole
  size_t first;
  Py_ssize_t next = 0, size = 0; // of a dict `next` is the position of PyDict_Next
  nb::object key = {};           // of the part in work, in a dict
};

class Reader {
public:
  Reader(const ConstantView *view, const Limits &limits, std::string_view place)
      : view(view), limits(limits), place(place) {}

  Value read(PyObject *object, Known known, TypeId type) {
    enter(object, known, type);
    while (!open.empty())
      step();
    return std::move(parts.back());
  }

private:
  const ConstantView *view; // null: no static types
  const Limits &limits;
  std::string_view place;
  std::vector<Open> open;
  std::vector<Value> parts;

  std::string where() const {
    std::string text(place);
    for (const Open &at : open)
      if (at.form == Form::List)
        text += "[" + std::to_string(at.next - 1) + "]";
      else if (at.form == Form::Ok)
        text += "[\"ok\"]";
      else if (at.form != Form::Some && at.key.is_valid())
        text += "[" + std::string(nb::repr(at.key).c_str()) + "]";
    return text;
  }

  [[noreturn]] void wrong(PyObject *exception, const std::string &what) const {
    raise(exception, where() + ": " + what);
  }

  [[noreturn]] void unexpected(PyObject *object, const std::string &wanted,
                               const std::string &remedy = "") const {
    wrong(PyExc_TypeError, "expected " + wanted + ", got " + typeName(object) + remedy);
  }

  std::string named(TypeId type) const { return "`" + printType(*view, type) + "`"; }

  /// An object that does not fit a type: what to write in its place.
  [[noreturn]] void noScalar(PyObject *object, TypeId type) const;

  void put(Value v) { parts.push_back(std::move(v)); }

  /// A new level below the current part.
  void push(PyObject *source, Form form, Known known, TypeId type, Py_ssize_t size) {
    if (open.size() >= limits[Limit::JsonDepth])
      wrong(PyExc_ValueError, "nested deeper than " + std::to_string(limits[Limit::JsonDepth]) +
                                  " levels, or a container that contains itself");
    open.push_back({nb::borrow(source), form, known, type, parts.size(), 0, size});
  }

  Value text(PyObject *object) const {
    Py_ssize_t size = 0;
    const char *bytes = PyUnicode_AsUTF8AndSize(object, &size);
    if (!bytes)
      raiseAt(where());
    return Value::str(bounded({bytes, static_cast<size_t>(size)}));
  }

  std::string_view bounded(std::string_view content) const {
    if (content.size() > limits[Limit::ValueBytes] || content.size() > UINT32_MAX)
      raiseLimit(Limit::ValueBytes, limits, where());
    return content;
  }

  Value bytes(PyObject *object) const {
    Py_buffer buffer;
    if (PyObject_GetBuffer(object, &buffer, PyBUF_SIMPLE) != 0)
      raiseAt(where());
    struct Release {
      Py_buffer *held;
      ~Release() { PyBuffer_Release(held); }
    } release{&buffer};
    return Value::bytes(bounded({static_cast<const char *>(buffer.buf), static_cast<size_t>(buffer.len)}));
  }

  int64_t integer(PyObject *object) const {
    int overflow = 0;
    long long number = PyLong_AsLongLongAndOverflow(object, &overflow);
    if (overflow)
      wrong(PyExc_OverflowError, "an int beyond 64 bits; pass it as a float, or as text");
    if (number == -1 && PyErr_Occurred())
      raiseAt(where());
    return number;
  }

  /// An int as a JSON number: of any size that a float has, too.
  Value jsonInteger(PyObject *object) const;

  Value jsonFloat(PyObject *object, Known known) const {
    double number = PyFloat_AsDouble(object);
    if (known == Known::Json && !std::isfinite(number))
      wrong(PyExc_ValueError, "nan and inf are no JSON values");
    return Value::f64(number);
  }

  void enter(PyObject *object, Known known, TypeId type);
  bool enterBuiltin(PyObject *object, Known known);
  void enterTyped(PyObject *object, TypeId type);
  void enterResult(PyObject *object, TypeId type);
  void enterRecord(PyObject *object, TypeId type);
  Value scalar(PyObject *object, TypeId type);
  Value duration(PyObject *object, TypeId type);
  Value number(PyObject *object, TypeId type);
  void step();
  void stepList(Open &at);
  void stepDict(Open &at);
  void stepRecord(Open &at);
  void close();
};

} // namespace

Value Reader::jsonInteger(PyObject *object) const {
  int overflow = 0;
  PyLong_AsLongLongAndOverflow(object, &overflow);
  if (!overflow)
    return Value::i64(integer(object));
  if (PyLong_AsDouble(object) == -1.0 && PyErr_Occurred()) {
    PyErr_Clear();
    wrong(PyExc_OverflowError, "an int beyond the range of a float; pass it as text");
  }
  nb::object digits = nb::steal(PyNumber_ToBase(object, 10));
  if (!digits.is_valid())
    raiseAt(where());
  return Value::whole(text(digits.ptr()).text());
}

void Reader::enter(PyObject *object, Known known, TypeId type) {
  if (known == Known::Type && view->kind(type) != TypeKind::Json)
    return enterTyped(object, type);
  if (known == Known::Type)
    known = Known::Json;
  if (!enterBuiltin(object, known))
    unexpected(object, known == Known::Json ? "str, int, float, bool, None, list or dict (JSON)"
                                            : "str, int, float, bool, None, bytes, list or dict");
}

/// Reads a value by the type of the object; false if it is none of those that values have.
bool Reader::enterBuiltin(PyObject *object, Known known) {
  if (PyUnicode_Check(object))
    put(text(object));
  else if (object == Py_None)
    put(Value::none());
  else if (PyBool_Check(object))
    put(Value::boolean(object == Py_True));
  else if (PyLong_Check(object))
    put(known == Known::Json ? jsonInteger(object) : Value::i64(integer(object)));
  else if (PyFloat_Check(object))
    put(jsonFloat(object, known));
  else if (PyList_Check(object) || PyTuple_Check(object))
    push(object, Form::List, known, {}, PySequence_Size(object));
  else if (PyDict_Check(object))
    push(object, Form::Object, known, {}, PyDict_Size(object));
  else if (known == Known::Nothing && (PyBytes_Check(object) || PyByteArray_Check(object)))
    put(bytes(object));
  else
    return false;
  return true;
}

void Reader::enterTyped(PyObject *object, TypeId type) {
  switch (view->kind(type)) {
  case TypeKind::List:
    if (!PyList_Check(object) && !PyTuple_Check(object))
      unexpected(object, "a list for " + named(type));
    return push(object, Form::List, Known::Type, type, PySequence_Size(object));
  case TypeKind::Dict:
    if (!PyDict_Check(object))
      unexpected(object, "a dict for " + named(type));
    return push(object, Form::Dict, Known::Type, type, PyDict_Size(object));
  case TypeKind::Record:
    return enterRecord(object, type);
  case TypeKind::Result:
    return enterResult(object, type);
  case TypeKind::Option:
    if (object == Py_None)
      return put(Value::optionNone());
    return push(object, Form::Some, Known::Type, type, 1);
  case TypeKind::Secret:
    wrong(PyExc_TypeError,
          "a secret cannot be passed as an argument; the program reads it from the environment");
  case TypeKind::Bool:
  case TypeKind::I64:
  case TypeKind::F64:
  case TypeKind::Str:
  case TypeKind::Bytes:
  case TypeKind::Json:
  case TypeKind::None:
  case TypeKind::Duration:
    return put(scalar(object, type));
  }
}

void Reader::noScalar(PyObject *object, TypeId type) const {
  const TypeKind kind = view->kind(type);
  std::string wanted = "None", remedy;
  switch (kind) {
  case TypeKind::Bool:
    wanted = "True or False";
    remedy = "bool(..)";
    break;
  case TypeKind::Str:
    wanted = "a str";
    remedy = PyBytes_Check(object) ? ".decode() after" : "str(..)";
    break;
  case TypeKind::Bytes:
    wanted = "bytes";
    remedy = PyUnicode_Check(object) ? ".encode() after" : "bytes(..)";
    break;
  case TypeKind::I64:
    wanted = "an int";
    remedy = "int(..)";
    break;
  case TypeKind::F64:
    wanted = "a float or an int";
    remedy = "float(..)";
    break;
  case TypeKind::None:
  case TypeKind::Json:
  case TypeKind::Duration:
  case TypeKind::Secret:
  case TypeKind::List:
  case TypeKind::Option:
  case TypeKind::Result:
  case TypeKind::Record:
  case TypeKind::Dict:
    break;
  }
  // What `int(..)` and the like would raise on is not proposed.
  const bool isText = PyUnicode_Check(object) || PyBytes_Check(object);
  const bool isNumber = PyFloat_Check(object) || PyLong_Check(object);
  const bool isSimple = isText || (isNumber && kind != TypeKind::Bytes);
  if (!remedy.empty() && isSimple)
    remedy = remedy.starts_with(".") ? "; write " + remedy + " it" : "; write " + remedy + " around it";
  else
    remedy.clear();
  unexpected(object, wanted + " for " + named(type), remedy);
}

Value Reader::scalar(PyObject *object, TypeId type) {
  switch (view->kind(type)) {
  case TypeKind::Bool:
    if (PyBool_Check(object))
      return Value::boolean(object == Py_True);
    break;
  case TypeKind::Str:
    if (PyUnicode_Check(object))
      return text(object);
    break;
  case TypeKind::None:
    if (object == Py_None)
      return Value::none();
    break;
  case TypeKind::Bytes:
    if (PyObject_CheckBuffer(object))
      return bytes(object);
    break;
  case TypeKind::Duration:
    return duration(object, type);
  case TypeKind::I64:
  case TypeKind::F64:
    return number(object, type);
  case TypeKind::Json:
  case TypeKind::Secret:
  case TypeKind::List:
  case TypeKind::Option:
  case TypeKind::Result:
  case TypeKind::Record:
  case TypeKind::Dict:
    break; // enterTyped
  }
  noScalar(object, type);
}

Value Reader::number(PyObject *object, TypeId type) {
  if (PyBool_Check(object) || PyUnicode_Check(object))
    noScalar(object, type);
  if (view->kind(type) == TypeKind::I64) {
    if (PyLong_Check(object))
      return Value::i64(integer(object));
    if (!PyIndex_Check(object))
      noScalar(object, type);
    nb::object whole = nb::steal(PyNumber_Index(object));
    if (!whole.is_valid())
      raiseAt(where());
    return Value::i64(integer(whole.ptr()));
  }
  if (!PyFloat_Check(object) && !PyLong_Check(object) && !nb::hasattr(object, "__float__") &&
      !PyIndex_Check(object))
    noScalar(object, type);
  double real = PyFloat_AsDouble(object);
  if (real == -1.0 && PyErr_Occurred()) {
    if (PyLong_Check(object) && PyErr_ExceptionMatches(PyExc_OverflowError)) {
      PyErr_Clear();
      wrong(PyExc_OverflowError, "an int too large for a float");
    }
    raiseAt(where());
  }
  return Value::f64(real);
}

Value Reader::duration(PyObject *object, TypeId type) {
  int64_t nanoseconds = 0;
  if (PyUnicode_Check(object)) {
    if (!parseDuration(text(object).text(), nanoseconds))
      wrong(PyExc_ValueError, "expected a duration such as \"250ms\" or \"1h30m\", or a datetime.timedelta");
    return Value::duration(nanoseconds);
  }
  nb::object timedelta = nb::module_::import_("datetime").attr("timedelta");
  if (!nb::isinstance(object, timedelta))
    unexpected(object, "a datetime.timedelta, or a text such as \"250ms\", for " + named(type));
  nb::object microseconds = nb::borrow(object).floor_div(timedelta(0, 0, 1));
  int64_t whole = integer(microseconds.ptr());
  if (__builtin_mul_overflow(whole, int64_t(1000), &nanoseconds))
    wrong(PyExc_OverflowError, "a duration beyond 292 years");
  return Value::duration(nanoseconds);
}

/// Whether a dict has the member `name`; `value` is then the member, borrowed.
static PyObject *member(PyObject *dict, std::string_view name) {
  nb::str key(name.data(), name.size());
  return PyDict_GetItemWithError(dict, key.ptr());
}

void Reader::enterResult(PyObject *object, TypeId type) {
  static constexpr const char *wanted =
      "{\"ok\": value} or {\"error\": {\"kind\", \"message\", \"op\", \"attempt\"}} for ";
  if (!PyDict_Check(object) || PyDict_Size(object) != 1)
    unexpected(object, wanted + named(type));
  if (member(object, "ok"))
    return push(object, Form::Ok, Known::Type, type, 1);
  PyObject *error = member(object, "error");
  if (!error || !PyDict_Check(error) || PyDict_Size(error) != 4)
    unexpected(object, wanted + named(type));
  PyObject *members[4] = {};
  static constexpr std::string_view names[] = {"kind", "message", "op", "attempt"};
  for (size_t i = 0; i < 4; ++i) {
    members[i] = member(error, names[i]);
    if (!members[i] || !(i < 3 ? PyUnicode_Check(members[i]) : PyLong_Check(members[i])))
      unexpected(object, wanted + named(type));
  }
  Value texts[] = {text(members[0]), text(members[1]), text(members[2])};
  put(Value::error(texts[0].text(), texts[1].text(), texts[2].text(), integer(members[3])));
}

/// Every member must be a field; a missing field is found when its turn comes.
void Reader::enterRecord(PyObject *object, TypeId type) {
  if (!PyDict_Check(object))
    unexpected(object, "a dict for " + named(type));
  Py_ssize_t at = 0, found = 0;
  PyObject *key = nullptr;
  for (const TypeField &field : view->fields(type))
    found += member(object, view->text(field.name)) != nullptr;
  push(object, Form::Record, Known::Type, type, static_cast<Py_ssize_t>(view->fields(type).size()));
  while (found != PyDict_Size(object) && PyDict_Next(object, &at, &key, nullptr)) {
    bool known = false;
    if (PyUnicode_Check(key)) {
      Value name = text(key);
      for (const TypeField &field : view->fields(type))
        known = known || view->text(field.name) == name.text();
    }
    if (!known)
      wrong(PyExc_TypeError, named(type) + " has no field " + std::string(nb::repr(nb::handle(key)).c_str()));
  }
}

void Reader::step() {
  Open &at = open.back();
  switch (at.form) {
  case Form::List:
    return stepList(at);
  case Form::Object:
  case Form::Dict:
    return stepDict(at);
  case Form::Record:
    return stepRecord(at);
  case Form::Some:
  case Form::Ok: {
    if (at.next++ == 1)
      return close();
    nb::object content = at.form == Form::Ok ? nb::borrow(member(at.source.ptr(), "ok")) : at.source;
    return enter(content.ptr(), Known::Type, view->element(at.type));
  }
  }
}

void Reader::stepList(Open &at) {
  // The list may change while `__index__` of an item runs.
  if (at.next == at.size || at.next >= PySequence_Size(at.source.ptr()))
    return close();
  nb::object item = nb::steal(PySequence_GetItem(at.source.ptr(), at.next++));
  if (!item.is_valid())
    raiseAt(where());
  if (at.known == Known::Type)
    return enter(item.ptr(), Known::Type, view->element(at.type));
  enter(item.ptr(), at.known, {});
}

void Reader::stepDict(Open &at) {
  PyObject *key = nullptr, *value = nullptr;
  if (!PyDict_Next(at.source.ptr(), &at.next, &key, &value))
    return close();
  at.key = nb::borrow(key);
  nb::object held = nb::borrow(value);
  if (at.form == Form::Dict) {
    const TypeId type = at.type; // `at` moves when a part is opened
    put(scalar(key, view->keyType(type)));
    return enter(value, Known::Type, view->valueType(type));
  }
  if (!PyUnicode_Check(key))
    wrong(PyExc_TypeError, "the key of a JSON object is a str, not " + typeName(key));
  put(text(key));
  enter(value, at.known, {});
}

void Reader::stepRecord(Open &at) {
  if (at.next == at.size)
    return close();
  const TypeField &field = view->fields(at.type)[static_cast<size_t>(at.next++)];
  std::string_view name = view->text(field.name);
  at.key = nb::str(name.data(), name.size());
  nb::object value = nb::borrow(PyDict_GetItemWithError(at.source.ptr(), at.key.ptr()));
  if (value.is_valid())
    return enter(value.ptr(), Known::Type, field.type);
  if (view->kind(field.type) != TypeKind::Option)
    wrong(PyExc_TypeError, "it is missing; " + named(at.type) + " has this field");
  put(Value::optionNone());
}

void Reader::close() {
  Open done = std::move(open.back());
  open.pop_back();
  std::span<Value> items(parts.data() + done.first, parts.size() - done.first);
  if (items.size() > UINT32_MAX)
    raiseLimit(Limit::ValueBytes, limits, where());
  Value whole;
  switch (done.form) {
  case Form::List:
    whole = Value::list(items);
    break;
  case Form::Object:
    whole = Value::object(items);
    break;
  case Form::Dict: {
    const size_t keys = items.size();
    whole = Value::dict(items);
    if (whole.size() != keys) // a timedelta and the same duration as a text
      wrong(PyExc_ValueError, "two keys are the same " + named(view->keyType(done.type)));
    break;
  }
  case Form::Record:
    whole = Value::record(items);
    break;
  case Form::Some:
    whole = Value::some(std::move(items[0]));
    break;
  case Form::Ok:
    whole = Value::ok(std::move(items[0]));
    break;
  }
  if (whole.byteSize() > limits[Limit::ValueBytes])
    raiseLimit(Limit::ValueBytes, limits, where());
  parts.resize(done.first);
  put(std::move(whole));
}

Value python::valueOf(PyObject *object, const Limits &limits, std::string_view place) {
  return Reader(nullptr, limits, place).read(object, Known::Nothing, {});
}

Value python::jsonOf(PyObject *object, const Limits &limits, std::string_view place) {
  return Reader(nullptr, limits, place).read(object, Known::Json, {});
}

Value python::valueOf(PyObject *object, const ConstantView &view, TypeId type, const Limits &limits,
                      std::string_view place) {
  return Reader(&view, limits, place).read(object, Known::Type, type);
}
