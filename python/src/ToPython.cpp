#include "src/Errors.h"
#include "src/Values.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/World/Redaction.h"

using namespace xcs;
using namespace xcs::python;

namespace {

enum class Form : uint8_t { List, Object, Dict, Record, Tuple };

/// A container whose parts are being made. It is in its own container already.
struct Open {
  std::span<const Value> items;
  nb::object container;
  Form form;
  TypeId type; // of the whole; none: not known
  size_t next = 0;
};

class Maker {
public:
  Maker(const ConstantView *view, const ObjectOptions &options) : view(view), options(options) {}

  nb::object make(const Value &value, TypeId type) {
    if (value.byteSize() > options.limits[Limit::ValueBytes])
      raiseLimit(Limit::ValueBytes, options.limits, "a value given to Python");
    nb::object whole = enter(value, type);
    while (!open.empty())
      step();
    return whole;
  }

private:
  const ConstantView *view;
  const ObjectOptions &options;
  std::vector<Open> open;

  nb::object enter(const Value &value, TypeId type);
  nb::object errorOf(const Value &value);
  nb::object text(std::string_view content);
  nb::object bytes(std::string_view content);
  nb::object whole(std::string_view digits);
  nb::object push(const Value &value, Form form, TypeId type, nb::object container) {
    open.push_back({value.items(), container, form, type});
    return container;
  }
  void step();
};

} // namespace

static nb::object owned(PyObject *object) {
  if (!object)
    throw nb::python_error();
  return nb::steal(object);
}

nb::object Maker::text(std::string_view content) {
  std::string redacted;
  if (options.secrets && !options.secrets->empty())
    content = redacted = redactSecrets(std::string(content), *options.secrets);
  return owned(PyUnicode_DecodeUTF8(content.data(), static_cast<Py_ssize_t>(content.size()), nullptr));
}

nb::object Maker::bytes(std::string_view content) {
  std::string redacted;
  if (options.secrets && !options.secrets->empty())
    content = redacted = redactSecrets(std::string(content), *options.secrets);
  return owned(PyBytes_FromStringAndSize(content.data(), static_cast<Py_ssize_t>(content.size())));
}

/// A number that contains a secret becomes a text, as in results printed as JSON.
nb::object Maker::whole(std::string_view digits) {
  nb::object shown = text(digits), number = nb::steal(PyLong_FromUnicodeObject(shown.ptr(), 10));
  if (number.is_valid())
    return number;
  if (!PyErr_ExceptionMatches(PyExc_ValueError))
    throw nb::python_error();
  PyErr_Clear();
  return shown;
}

nb::object Maker::errorOf(const Value &value) {
  std::span<const Value> parts = value.items();
  nb::dict error;
  error["kind"] = text(parts[0].text());
  error["message"] = text(parts[1].text());
  error["op"] = text(parts[2].text());
  error["attempt"] = owned(PyLong_FromLongLong(parts[3].asI64()));
  nb::dict whole;
  whole["error"] = error;
  return whole;
}

/// A new object for a value; of a container its parts follow.
nb::object Maker::enter(const Value &outer, TypeId type) {
  const Value *value = &outer;
  while (value->kind() == ValueKind::OptionSome) {
    type = type && view->kind(type) == TypeKind::Option ? view->element(type) : TypeId();
    value = &value->items()[0];
  }
  switch (value->kind()) {
  case ValueKind::Empty:
  case ValueKind::None:
  case ValueKind::OptionNone:
    return nb::none();
  case ValueKind::Bool:
    return nb::bool_(value->asBool());
  case ValueKind::I64:
    return owned(PyLong_FromLongLong(value->asI64()));
  case ValueKind::Whole:
    return whole(value->text());
  case ValueKind::F64:
    return owned(PyFloat_FromDouble(value->asF64()));
  case ValueKind::Duration:
    return text(printDuration(value->asI64()));
  case ValueKind::Str:
    return text(value->text());
  case ValueKind::Bytes:
    return bytes(value->text());
  case ValueKind::List:
    return push(*value, Form::List, type, owned(PyList_New(0)));
  case ValueKind::Object:
    return push(*value, Form::Object, type, owned(PyDict_New()));
  case ValueKind::Dict:
    return push(*value, Form::Dict, type, owned(PyDict_New()));
  case ValueKind::Record: {
    bool named = type && view->kind(type) == TypeKind::Record;
    return push(*value, named ? Form::Record : Form::Tuple, type,
                owned(named ? PyDict_New() : PyList_New(0)));
  }
  case ValueKind::ResultOk: {
    nb::object whole = owned(PyDict_New());
    return push(*value, Form::Record, type, whole);
  }
  case ValueKind::OptionSome:
    break; // above
  case ValueKind::ResultError:
    return errorOf(*value);
  case ValueKind::Secret:
    raise(exceptions().error, "a secret does not leave the run: it can only be sent where a grant allows it");
  }
  return nb::none();
}

void Maker::step() {
  Open &at = open.back();
  if (at.next == at.items.size()) {
    open.pop_back();
    return;
  }
  // `at` moves when a part is opened.
  const nb::object container = at.container;
  const Form form = at.form;
  const TypeId type = at.type;
  const std::span<const Value> items = at.items;
  const size_t i = at.next;
  at.next += form == Form::Object || form == Form::Dict ? 2 : 1;
  switch (form) {
  case Form::List:
  case Form::Tuple: {
    const bool known = type && view->kind(type) == TypeKind::List;
    nb::object part = enter(items[i], known ? view->element(type) : TypeId());
    if (PyList_Append(container.ptr(), part.ptr()) != 0)
      throw nb::python_error();
    return;
  }
  case Form::Object: {
    nb::object key = text(items[i].text());
    nb::object part = enter(items[i + 1], {});
    if (PyDict_SetItem(container.ptr(), key.ptr(), part.ptr()) != 0)
      throw nb::python_error();
    return;
  }
  case Form::Dict: {
    const bool known = type && view->kind(type) == TypeKind::Dict;
    nb::object key = enter(items[i], known ? view->keyType(type) : TypeId());
    nb::object part = enter(items[i + 1], known ? view->valueType(type) : TypeId());
    if (PyDict_SetItem(container.ptr(), key.ptr(), part.ptr()) != 0)
      throw nb::python_error();
    return;
  }
  case Form::Record: {
    const bool isRecord = type && view->kind(type) == TypeKind::Record;
    const bool isResult = type && view->kind(type) == TypeKind::Result;
    std::string_view name = isRecord ? view->text(view->fields(type)[i].name) : "ok";
    nb::str key(name.data(), name.size());
    const TypeId part = isRecord ? view->fields(type)[i].type : isResult ? view->element(type) : TypeId();
    nb::object object = enter(items[i], part);
    if (PyDict_SetItem(container.ptr(), key.ptr(), object.ptr()) != 0)
      throw nb::python_error();
    return;
  }
  }
}

nb::object python::objectOf(const Value &value, const ObjectOptions &options) {
  return Maker(nullptr, options).make(value, {});
}

nb::object python::objectOf(const Value &value, const ConstantView &view, TypeId type,
                            const ObjectOptions &options) {
  return Maker(&view, options).make(value, type);
}
