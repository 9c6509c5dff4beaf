#include "src/Compile.h"
#include "src/Deferred.h"
#include "src/Recording.h"
#include "src/Values.h"
#include "xcs/Ops/OpTable.h"

using namespace xcs;
using namespace xcs::python;

/// What an operation of a dialect takes where a function of the program gives something that is not known
/// yet.
static TypeKind wantedOf(std::string_view op) {
  if (op.starts_with("json.") || op == "host.call")
    return TypeKind::Json;
  if (op.starts_with("i64."))
    return TypeKind::I64;
  if (op.starts_with("f64."))
    return TypeKind::F64;
  if (op.starts_with("bool."))
    return TypeKind::Bool;
  return TypeKind::Str;
}

/// Raises what the verifier says of a call, at its place.
Recorded Recording::add(const TraceCall &call) {
  Result<Recorded, TraceError> recorded = tracer.add(call);
  if (!recorded) {
    FailureText text;
    text.id = rowOf(recorded.error().id).kind;
    text.failureClass = failureClassName(rowOf(recorded.error().id).failure);
    text.message = recorded.error().message;
    text.file = call.origin.file;
    text.line = call.origin.line;
    raiseFailure(exceptions().error, text);
  }
  return *recorded;
}

TraceOperand Recording::operandOf(nb::handle object, std::string_view op, const std::string &place,
                                  const TraceOrigin &origin) {
  if (const NodeRef *node = nodeOf(object))
    return resultOf(*node, op, origin);
  if (PyList_Check(object.ptr()) || PyTuple_Check(object.ptr())) {
    bool any = false;
    for (nb::handle item : nb::borrow(object))
      any = any || nodeOf(item);
    if (any)
      return packed(object, place, origin);
  }
  return plain(object, place);
}

TraceOperand Recording::resultOf(const NodeRef &node, std::string_view op, const TraceOrigin &origin) {
  ConstantPool &pool = tracer.pool();
  const bool isHost = node->host != nullptr;
  if (isHost && node->host->result) {
    // Its value is what the function gave, as an object: the engine had no use for it until now.
    nb::object object = node->host->result.get();
    if (PyUnicode_Check(object.ptr()) && op != "host.call")
      return plain(object, "the result of a function");
    return {visibleValue(object, limits()), pool.scalar(TypeKind::Json)};
  }
  if (isHost)
    node->host->isWanted = node->host->isWanted || op != "host.call";
  if (!node->isOpen && inputById.emplace(node->recorded.id, node).second)
    inputs.push_back(node);
  const TypeKind wanted = wantedOf(op);
  if (!isHost || wanted == TypeKind::Json)
    return node->recorded;
  const TraceOperand given[] = {node->recorded};
  TraceCall cast{"json.cast", given};
  cast.resultType = pool.scalar(wanted);
  cast.origin = origin;
  return add(cast);
}

TraceOperand Recording::packed(nb::handle items, const std::string &place, const TraceOrigin &origin) {
  std::vector<TraceOperand> operands;
  for (nb::handle item : nb::borrow(items)) {
    const std::string at = place + "[" + std::to_string(operands.size()) + "]";
    operands.push_back(nodeOf(item) ? resultOf(*nodeOf(item), "list.pack", origin) : plain(item, at));
  }
  TraceCall pack{"list.pack", operands};
  pack.origin = origin;
  return add(pack);
}

/// The element type of a list without Deferreds; none if it is only JSON.
TypeId Recording::typeOfItems(nb::handle items) {
  size_t texts = 0, bools = 0, ints = 0, floats = 0, all = 0;
  for (nb::handle item : nb::borrow(items)) {
    ++all;
    texts += PyUnicode_Check(item.ptr()) != 0;
    bools += PyBool_Check(item.ptr()) != 0;
    ints += PyLong_Check(item.ptr()) && !PyBool_Check(item.ptr());
    floats += PyFloat_Check(item.ptr()) != 0;
  }
  ConstantPool &pool = tracer.pool();
  if (texts == all) // an empty list too
    return pool.scalar(TypeKind::Str);
  if (bools == all)
    return pool.scalar(TypeKind::Bool);
  if (ints == all)
    return pool.scalar(TypeKind::I64);
  if (ints + floats == all)
    return pool.scalar(TypeKind::F64);
  return {};
}

/// `str`, `option<str>`, `list<list<f64>>`, ...
TypeId Recording::typeNamed(std::string_view name) {
  ConstantPool &pool = tracer.pool();
  std::vector<bool> options; // what is around the scalar, from the outside; else lists
  std::string_view inner = name;
  for (bool isOption; (isOption = inner.starts_with("option<")) || inner.starts_with("list<");) {
    options.push_back(isOption);
    inner.remove_prefix(inner.find('<') + 1);
  }
  TypeId type;
  for (TypeKind kind :
       {TypeKind::Str, TypeKind::I64, TypeKind::F64, TypeKind::Bool, TypeKind::Bytes, TypeKind::Json})
    if (inner == std::string(typeKindName(kind)) + std::string(options.size(), '>'))
      type = pool.scalar(kind);
  if (!type)
    raise(PyExc_ValueError, "result: `" + std::string(name) + "` is no type such as `str` or `option<str>`");
  for (size_t i = options.size(); i-- > 0;)
    type = options[i] ? pool.option(type) : pool.list(type);
  return type;
}

TraceOperand Recording::plain(nb::handle object, const std::string &place) {
  ConstantPool &pool = tracer.pool();
  PyObject *raw = object.ptr();
  TypeKind kind = TypeKind::Json;
  if (PyUnicode_Check(raw))
    kind = TypeKind::Str;
  else if (PyBool_Check(raw))
    kind = TypeKind::Bool;
  else if (PyLong_Check(raw))
    kind = TypeKind::I64;
  else if (PyFloat_Check(raw))
    kind = TypeKind::F64;
  else if (PyBytes_Check(raw) || PyByteArray_Check(raw))
    kind = TypeKind::Bytes;
  TypeId type = pool.scalar(kind);
  if (PyList_Check(raw) || PyTuple_Check(raw))
    if (TypeId element = typeOfItems(object))
      type = pool.list(element);
  Value value = valueOf(raw, pool.view(), type, limits(), place);
  return {std::move(value), type};
}

/// ("secret", NAME) and ("env", NAME) name variables of the environment; none for any other tuple.
static AttrId variableOf(ConstantPool &pool, nb::handle object, const std::string &place) {
  if (!PyTuple_Check(object.ptr()) || PyTuple_Size(object.ptr()) != 2)
    return {};
  const std::string which = utf8Of(object[0], place.c_str()), name = utf8Of(object[1], place.c_str());
  if (which == "secret")
    return pool.secretAttr(pool.intern(name), {});
  return which == "env" ? pool.envAttr(pool.intern(name)) : AttrId();
}

/// The attribute of a text or a number; none for any other object.
AttrId Recording::scalarAttributeOf(nb::handle object, AttrType type, const std::string &place) {
  ConstantPool &pool = tracer.pool();
  PyObject *raw = object.ptr();
  if (type == AttrType::Duration) { // a text too
    // Before the view, which is of the pool as it is.
    const TypeId duration = pool.scalar(TypeKind::Duration);
    Value value = valueOf(raw, pool.view(), duration, limits(), place);
    return pool.durationAttr(value.asI64());
  }
  if (PyUnicode_Check(raw) && type == AttrType::Symbol)
    return pool.symbolAttr(pool.intern(utf8Of(object, place.c_str())));
  if (PyUnicode_Check(raw))
    return pool.textAttr(utf8Of(object, place.c_str()));
  if (object.is_none() || (type == AttrType::Flag && raw == Py_True))
    return pool.unitAttr();
  if (PyBool_Check(raw))
    return pool.boolAttr(raw == Py_True);
  if (PyFloat_Check(raw))
    return pool.floatAttr(PyFloat_AsDouble(raw));
  if (PyLong_Check(raw))
    return pool.intAttr(valueOf(raw, limits(), place).asI64());
  return variableOf(pool, object, place);
}

AttrId Recording::attributeOf(nb::handle object, AttrType type, const std::string &place, int depth) {
  static constexpr int deepest = 64;
  if (depth > deepest)
    raise(PyExc_ValueError, place + ": nested too deep, or a container that contains itself");
  if (AttrId scalar = scalarAttributeOf(object, type, place))
    return scalar;
  ConstantPool &pool = tracer.pool();
  if (PyList_Check(object.ptr())) {
    std::vector<AttrId> items;
    for (nb::handle item : nb::borrow(object))
      items.push_back(
          attributeOf(item, AttrType::Any, place + "[" + std::to_string(items.size()) + "]", depth + 1));
    return pool.listAttr(items);
  }
  if (PyDict_Check(object.ptr())) {
    std::vector<DictEntry> entries;
    for (auto [key, value] : nb::borrow<nb::dict>(object)) {
      const std::string name = utf8Of(key, place.c_str());
      entries.push_back(
          {pool.intern(name), attributeOf(value, AttrType::Any, place + "[\"" + name + "\"]", depth + 1)});
    }
    return pool.dictAttr(pool.dict(entries));
  }
  raise(PyExc_TypeError,
        place + ": expected str, int, float, bool, None, list or dict, got " + typeName(object.ptr()));
}

std::vector<Builder::Attr> Recording::attributesOf(nb::handle attributes, std::vector<std::string> &keys) {
  std::vector<Builder::Attr> all;
  if (attributes.is_none())
    return all;
  if (!PyDict_Check(attributes.ptr()))
    raise(PyExc_TypeError, "attributes: expected a dict, got " + typeName(attributes.ptr()));
  keys.reserve(static_cast<size_t>(PyDict_Size(attributes.ptr()))); // the views stay where they are
  for (auto [key, value] : nb::borrow<nb::dict>(attributes)) {
    keys.push_back(utf8Of(key, "attributes"));
    AttrType type = AttrType::Any;
    for (size_t i = 0; i < attributeCount; ++i)
      if (rowOf(static_cast<Attribute>(i)).name == keys.back())
        type = rowOf(static_cast<Attribute>(i)).type;
    all.push_back({keys.back(), attributeOf(value, type, "attributes[\"" + keys.back() + "\"]")});
  }
  return all;
}
