#pragma once
#include "xcs/Frontend/HandleOf.h"

namespace xcs {

/// A loop over a list that is known only at run time is an operation, not a loop of the host program.
template <class Use> struct NoHostLoop {
  static_assert(neverTrue<Use>,
                "a traced list is not known while the program is written down: take xcs::map, "
                "xcs::filter, xcs::loop or xcs::reduce in place of a `for` over it");
};

#define XCS_NO_HOST_LOOP                                                                                     \
  template <class Use = int> void begin() const { (void)sizeof(NoHostLoop<Use>); }                           \
  template <class Use = int> void end() const {}

/// `list<T>`.
template <class T> class List : public Handle {
public:
  using Element = T;
  List() = default; // empty
  explicit List(Handle made) : Handle(std::move(made)) {}
  List(std::initializer_list<T> elements, const Origin &at = Origin::current())
      : List(std::span<const T>(elements.begin(), elements.size()), at) {}
  template <class X>
    requires std::is_convertible_v<const X &, T>
  List(const std::vector<X> &elements, const Origin &at = Origin::current());
  List(std::span<const T> elements, const Origin &at = Origin::current());
  static TypeId typeIn(ConstantPool &pool) {
    return tracing::compoundType(pool, TypeKind::List, typeMaker<T>()(pool));
  }
  XCS_NO_HOST_LOOP

  T operator[](const In<I64> &index) const {
    return madeHandle<T>(tracing::record(OpCode::list_get, {{*this, &typeIn}, {index.value, &I64::typeIn}},
                                         typeMaker<T>(), index.at));
  }
  I64 size(const Origin &at = Origin::current()) const {
    return I64(tracing::record(OpCode::list_len, {{*this, &typeIn}}, &I64::typeIn, at));
  }
};

/// `dict<K, V>`: the value of a key by `[]`, which fails without one; `dict::get` gives an option.
template <class K, class V> class Dict : public Handle {
public:
  using Key = K;
  using Mapped = V;
  Dict() = default; // empty
  explicit Dict(Handle made) : Handle(std::move(made)) {}
  Dict(std::initializer_list<std::pair<K, V>> entries, const Origin &at = Origin::current())
      : Dict(std::vector<std::pair<K, V>>(entries), at) {}
  Dict(const std::vector<std::pair<K, V>> &entries, const Origin &at = Origin::current());
  static TypeId typeIn(ConstantPool &pool) {
    return tracing::dictType(pool, typeMaker<K>()(pool), typeMaker<V>()(pool));
  }
  XCS_NO_HOST_LOOP

  V operator[](const In<K> &key) const {
    return madeHandle<V>(tracing::record(OpCode::dict_at, {{*this, &typeIn}, {key.value, &K::typeIn}},
                                         typeMaker<V>(), key.at));
  }
  I64 size(const Origin &at = Origin::current()) const {
    return I64(tracing::record(OpCode::dict_len, {{*this, &typeIn}}, &I64::typeIn, at));
  }
};

/// `option<T>`: a value or none.
template <class T> class Option : public Handle {
public:
  using Element = T;
  Option() = default; // none
  explicit Option(Handle made) : Handle(std::move(made)) {}
  template <class X>
    requires(std::is_convertible_v<const X &, T> && !std::is_base_of_v<Option, X>)
  Option(const X &given, const Origin &at = Origin::current())
      : Handle(some(operandOf<T>(asHandle<T>(given, at), at), at)) {}
  static TypeId typeIn(ConstantPool &pool) {
    return tracing::compoundType(pool, TypeKind::Option, typeMaker<T>()(pool));
  }
  /// The value, or another one without it.
  T valueOr(const T &other, const Origin &at = Origin::current()) const {
    return madeHandle<T>(
        tracing::record(OpCode::option_or, {{*this, &typeIn}, operandOf<T>(other, at)}, typeMaker<T>(), at));
  }
  Bool hasValue(const Origin &at = Origin::current()) const {
    return Bool(tracing::record(OpCode::option_is_some, {{*this, &typeIn}}, &Bool::typeIn, at));
  }

private:
  static Handle some(Operand value, const Origin &at) {
    if (value.handle.isMisfit())
      return std::move(value.handle);
    if (Value known = tracing::valueOf(value); !known.empty())
      return Handle(Value::some(std::move(known)));
    return tracing::record(OpCode::option_some, {std::move(value)}, &typeIn, at);
  }
};

/// `result<T>`: a value or an error, as `attempt` gives it.
template <class T> class Outcome : public Handle {
public:
  using Element = T;
  Outcome() = default; // nothing: an error where it is used
  explicit Outcome(Handle made) : Handle(std::move(made)) {}
  static TypeId typeIn(ConstantPool &pool) {
    return tracing::compoundType(pool, TypeKind::Result, typeMaker<T>()(pool));
  }
  /// The value, or another one in place of an error.
  T valueOr(const T &other, const Origin &at = Origin::current()) const {
    return madeHandle<T>(
        tracing::record(OpCode::result_or, {{*this, &typeIn}, operandOf<T>(other, at)}, typeMaker<T>(), at));
  }
  Bool hasValue(const Origin &at = Origin::current()) const {
    return Bool(tracing::record(OpCode::result_is_ok, {{*this, &typeIn}}, &Bool::typeIn, at));
  }
};

template <class T> List<T>::List(std::span<const T> elements, const Origin &at) {
  std::vector<Operand> operands;
  operands.reserve(elements.size());
  for (const T &element : elements)
    operands.push_back(operandOf<T>(element, at));
  Handle::operator=(tracing::listOf(operands, &typeIn, at));
}

template <class T>
template <class X>
  requires std::is_convertible_v<const X &, T>
List<T>::List(const std::vector<X> &elements, const Origin &at) {
  std::vector<Operand> operands;
  operands.reserve(elements.size());
  for (const X &element : elements)
    operands.push_back(operandOf<T>(asHandle<T>(element, at), at));
  Handle::operator=(tracing::listOf(operands, &typeIn, at));
}

template <class K, class V> Dict<K, V>::Dict(const std::vector<std::pair<K, V>> &entries, const Origin &at) {
  std::vector<Operand> operands;
  for (const auto &[key, value] : entries) {
    operands.push_back(operandOf<K>(key, at));
    operands.push_back(operandOf<V>(value, at));
  }
  Handle::operator=(tracing::dictOf(operands, &typeIn, at));
}

#undef XCS_NO_HOST_LOOP

/// The element of what can be a list: a List, or a vector of the host program.
template <class A> struct ElementOfForm {};
template <class T> struct ElementOfForm<List<T>> {
  using type = T;
};
template <class X> struct ElementOfForm<std::vector<X>> {
  using type = HandleOf<X>;
};
template <class A> using ElementOf = typename ElementOfForm<A>::type;

template <class X> struct HandleForm<std::vector<X>> {
  using type = List<HandleOf<X>>;
};
template <class K, class V> struct HandleForm<std::vector<std::pair<K, V>>> {
  using type = Dict<HandleOf<K>, HandleOf<V>>;
};
template <class X> struct HandleForm<std::optional<X>> {
  using type = Option<HandleOf<X>>;
};

/// An operand of any type.
class Any {
public:
  template <class X, class T = HandleOf<X>>
  Any(const X &given, const Origin &at = Origin::current())
      : operand(operandOf<T>(asHandle<T>(given, at), at)), at(at) {}
  Operand operand;
  Origin at;
};

} // namespace xcs
