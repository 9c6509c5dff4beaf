#pragma once
#include "xcs/Frontend/Scalars.h"
#include <variant>

namespace xcs {

/// Makes a struct of handles a record of XIR, whose fields have the names of its members:
///
///     struct Passage { xcs::Str title, text; XCS_RECORD(title, text) };
///
/// The struct stays an aggregate. The macro names all members, in order.
#define XCS_RECORD(...)                                                                                      \
  struct XcsRecord {};                                                                                       \
  template <class Self, class Visit> static void xcsVisit(Self &self, Visit &&visit) {                       \
    XCS_RECORD_EACH(XCS_RECORD_FIELD, __VA_ARGS__)                                                           \
  }
#define XCS_RECORD_FIELD(name) visit(#name, self.name);
#define XCS_RECORD_PARENS ()
#define XCS_RECORD_EXPAND(...) XCS_RECORD_EXPAND2(XCS_RECORD_EXPAND2(XCS_RECORD_EXPAND2(__VA_ARGS__)))
#define XCS_RECORD_EXPAND2(...) XCS_RECORD_EXPAND1(XCS_RECORD_EXPAND1(XCS_RECORD_EXPAND1(__VA_ARGS__)))
#define XCS_RECORD_EXPAND1(...) XCS_RECORD_EXPAND0(XCS_RECORD_EXPAND0(XCS_RECORD_EXPAND0(__VA_ARGS__)))
#define XCS_RECORD_EXPAND0(...) __VA_ARGS__
#define XCS_RECORD_EACH(macro, ...) __VA_OPT__(XCS_RECORD_EXPAND(XCS_RECORD_STEP(macro, __VA_ARGS__)))
#define XCS_RECORD_STEP(macro, first, ...)                                                                   \
  macro(first) __VA_OPT__(XCS_RECORD_AGAIN XCS_RECORD_PARENS(macro, __VA_ARGS__))
#define XCS_RECORD_AGAIN() XCS_RECORD_STEP

template <class R> TypeId recordTypeIn(ConstantPool &pool);

/// What makes the type of a handle or of a record.
template <class T> constexpr TypeMaker typeMaker() {
  if constexpr (IsRecord<T>)
    return &recordTypeIn<T>;
  else
    return &T::typeIn;
}

/// The types of the members of a record, in order.
template <class R> const std::vector<TypeMaker> &fieldTypes() {
  static const std::vector<TypeMaker> types = [] {
    std::vector<TypeMaker> made;
    R any{};
    R::xcsVisit(any, [&]<class T>(std::string_view, T &) { made.push_back(typeMaker<T>()); });
    return made;
  }();
  return types;
}

template <class R> TypeId recordTypeIn(ConstantPool &pool) {
  std::vector<std::string_view> names;
  R any{};
  R::xcsVisit(any, [&]<class T>(std::string_view name, T &) { names.push_back(name); });
  return tracing::recordType(pool, names, fieldTypes<R>());
}

template <class T> Operand operandOf(const T &given, const Origin &at);

/// One value of a struct of handles.
template <class R> Handle packed(const R &record, const Origin &at) {
  std::vector<Operand> fields;
  R::xcsVisit(record,
              [&]<class T>(std::string_view, const T &field) { fields.push_back(operandOf<T>(field, at)); });
  return tracing::recordOf(fields, &recordTypeIn<R>, at);
}

/// A handle or a record as an operand.
template <class T> Operand operandOf(const T &given, const Origin &at) {
  if constexpr (IsRecord<T>)
    return {packed(given, at), &recordTypeIn<T>};
  else
    return {given, &T::typeIn};
}

/// What converts to a handle, which says where if that takes an operation.
template <class T, class X> T asHandle(const X &given, const Origin &at) {
  if constexpr (std::is_constructible_v<T, const X &, const Origin &>)
    return T(given, at);
  else
    return T(given);
}

/// A recorded value as the handle or the record of its type.
template <class T> T madeHandle(const Handle &made) {
  if constexpr (IsRecord<T>) {
    T record{};
    const std::vector<Handle> fields = tracing::fieldsOf(made, fieldTypes<T>());
    size_t next = 0;
    T::xcsVisit(record, [&]<class F>(std::string_view, F &field) { field = madeHandle<F>(fields[next++]); });
    return record;
  } else {
    return T(made);
  }
}

} // namespace xcs
