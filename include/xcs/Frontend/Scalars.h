#pragma once
#include "xcs/Frontend/Handle.h"
#include <concepts>
#include <cstddef>

namespace xcs {

/// An operand of an operator, which thereby knows where it is written: anything that converts to `T`.
template <class T> struct In {
  template <class X>
    requires std::is_convertible_v<const X &, T>
  In(const X &given, const Origin &at = Origin::current()) : value(T(given)), at(at) {}
  Handle value;
  Origin at;
};

class Bool;

/// A traced value has no value in the host program. The message is what the compiler shows.
template <class N, class Handle> struct NoHostValue {
  static_assert(neverTrue<N>,
                "a traced value is not known while the program is written down: for `if`, `?:`, `while` and "
                "loops take xcs::cond, xcs::select, xcs::choose, xcs::loop or xcs::map; for `&&` and `!` of "
                "conditions keep xcs::Bool");
};

/// Makes `if (x)`, `x ? a : b`, `while (x)` and conversions to numbers errors with a remedy.
#define XCS_NO_HOST_VALUE                                                                                    \
  template <class N>                                                                                         \
    requires std::is_arithmetic_v<N>                                                                         \
  explicit operator N() const {                                                                              \
    (void)sizeof(NoHostValue<N, std::remove_cvref_t<decltype(*this)>>);                                      \
    return N();                                                                                              \
  }

#define XCS_OPERATOR(R, A, symbol, B, code)                                                                  \
  friend R operator symbol(const In<A> &a, const In<B> &b) {                                                 \
    return R(tracing::binary(OpCode::code, {a.value, &A::typeIn}, {b.value, &B::typeIn}, &R::typeIn, a.at)); \
  }
#define XCS_PREFIX(R, A, symbol, code)                                                                       \
  friend R operator symbol(const In<A> &a) {                                                                 \
    return R(tracing::unary(OpCode::code, {a.value, &A::typeIn}, &R::typeIn, a.at));                         \
  }
#define XCS_COMPARISONS(T, dialect)                                                                          \
  XCS_OPERATOR(Bool, T, ==, T, dialect##_eq)                                                                 \
  XCS_OPERATOR(Bool, T, !=, T, dialect##_ne)                                                                 \
  XCS_OPERATOR(Bool, T, <, T, dialect##_lt)                                                                  \
  XCS_OPERATOR(Bool, T, <=, T, dialect##_le)                                                                 \
  XCS_OPERATOR(Bool, T, >, T, dialect##_gt)                                                                  \
  XCS_OPERATOR(Bool, T, >=, T, dialect##_ge)

/// `bool`. `&&` and `||` look at both sides: there is no short circuit, so a call on the right is made in any
/// case. Take `cond` where it must not be.
class Bool : public Handle {
public:
  Bool() = default;
  explicit Bool(Handle made) : Handle(std::move(made)) {}
  template <std::same_as<bool> B> Bool(B given) : Handle(Value::boolean(given)) {}
  static TypeId typeIn(ConstantPool &pool) { return tracing::scalarType(pool, TypeKind::Bool); }
  XCS_NO_HOST_VALUE

  // Each operand is exact, so that these win over the operators of `bool`. With a `bool`, their place is that
  // of the operation before them.
  friend Bool operator&&(const Bool &a, const In<Bool> &b) { return both(OpCode::bool_and, a, b); }
  friend Bool operator||(const Bool &a, const In<Bool> &b) { return both(OpCode::bool_or, a, b); }
  template <std::same_as<bool> B> friend Bool operator&&(const Bool &a, B b) {
    return both(OpCode::bool_and, a, In<Bool>(b, Origin()));
  }
  template <std::same_as<bool> B> friend Bool operator||(const Bool &a, B b) {
    return both(OpCode::bool_or, a, In<Bool>(b, Origin()));
  }
  template <std::same_as<bool> B> friend Bool operator&&(B a, const Bool &b) {
    return both(OpCode::bool_and, Bool(a), In<Bool>(b, Origin()));
  }
  template <std::same_as<bool> B> friend Bool operator||(B a, const Bool &b) {
    return both(OpCode::bool_or, Bool(a), In<Bool>(b, Origin()));
  }
  /// Its place is that of the operation before it.
  friend Bool operator!(const Bool &a) {
    return Bool(tracing::unary(OpCode::bool_not, {a, &typeIn}, &typeIn, Origin()));
  }
  XCS_OPERATOR(Bool, Bool, ==, Bool, bool_eq)
  XCS_OPERATOR(Bool, Bool, !=, Bool, bool_xor)

private:
  static Bool both(OpCode code, const Bool &a, const In<Bool> &b) {
    return Bool(tracing::binary(code, {a, &typeIn}, {b.value, &typeIn}, &typeIn, b.at));
  }
};

/// `i64`. Overflow and division by zero are errors of the run.
class I64 : public Handle {
public:
  I64() = default;
  explicit I64(Handle made) : Handle(std::move(made)) {}
  template <std::integral N>
    requires(!std::same_as<N, bool>)
  I64(N given) : Handle(wholeNumber(static_cast<int64_t>(given), given > N(0))) {}
  static TypeId typeIn(ConstantPool &pool) { return tracing::scalarType(pool, TypeKind::I64); }
  XCS_NO_HOST_VALUE

  XCS_OPERATOR(I64, I64, +, I64, i64_add)
  XCS_OPERATOR(I64, I64, -, I64, i64_sub)
  XCS_OPERATOR(I64, I64, *, I64, i64_mul)
  XCS_OPERATOR(I64, I64, /, I64, i64_div)
  XCS_OPERATOR(I64, I64, %, I64, i64_rem)
  XCS_PREFIX(I64, I64, -, i64_neg)
  XCS_COMPARISONS(I64, i64)

private:
  static Handle wholeNumber(int64_t given, bool isPositive);
};

/// `f64`. There is no conversion from I64 but `i64::toF64`; numbers of the host program convert.
class F64 : public Handle {
public:
  F64() = default;
  explicit F64(Handle made) : Handle(std::move(made)) {}
  template <class N>
    requires(std::is_arithmetic_v<N> && !std::same_as<N, bool>)
  F64(N given) : Handle(Value::f64(static_cast<double>(given))) {}
  static TypeId typeIn(ConstantPool &pool) { return tracing::scalarType(pool, TypeKind::F64); }
  XCS_NO_HOST_VALUE

  XCS_OPERATOR(F64, F64, +, F64, f64_add)
  XCS_OPERATOR(F64, F64, -, F64, f64_sub)
  XCS_OPERATOR(F64, F64, *, F64, f64_mul)
  XCS_OPERATOR(F64, F64, /, F64, f64_div)
  XCS_PREFIX(F64, F64, -, f64_neg)
  XCS_COMPARISONS(F64, f64)
};

/// `str`: text in UTF-8. `+` joins, `format` fills a template.
class Str : public Handle {
public:
  Str() = default;
  explicit Str(Handle made) : Handle(std::move(made)) {}
  Str(const char *given) : Str(std::string_view(given)) {}
  Str(std::string_view given);
  Str(const std::string &given) : Str(std::string_view(given)) {}
  Str(std::nullptr_t) = delete;
  static TypeId typeIn(ConstantPool &pool) { return tracing::scalarType(pool, TypeKind::Str); }
  XCS_NO_HOST_VALUE

  XCS_OPERATOR(Str, Str, +, Str, str_concat)
  Str &operator+=(const In<Str> &more) { return *this = In<Str>(*this, more.at) + more; }
  XCS_COMPARISONS(Str, str)
};

/// `bytes`.
class Bytes : public Handle {
public:
  Bytes() = default;
  explicit Bytes(Handle made) : Handle(std::move(made)) {}
  Bytes(const std::vector<std::byte> &given);
  static TypeId typeIn(ConstantPool &pool) { return tracing::scalarType(pool, TypeKind::Bytes); }
  XCS_NO_HOST_VALUE

  XCS_OPERATOR(Bytes, Bytes, +, Bytes, bytes_concat)
  XCS_OPERATOR(Bool, Bytes, ==, Bytes, bytes_eq)
  friend Bool operator!=(const In<Bytes> &a, const In<Bytes> &b) { return !(a == b); }
};

/// `duration`.
class Duration : public Handle {
public:
  Duration() = default;
  explicit Duration(Handle made) : Handle(std::move(made)) {}
  template <class Count, class Unit>
  Duration(std::chrono::duration<Count, Unit> given) : Handle(wholeDuration(nanosecondsOf(given))) {}
  static TypeId typeIn(ConstantPool &pool) { return tracing::scalarType(pool, TypeKind::Duration); }
  XCS_NO_HOST_VALUE

  XCS_OPERATOR(Duration, Duration, +, Duration, duration_add)
  XCS_OPERATOR(Duration, Duration, -, Duration, duration_sub)
  XCS_OPERATOR(Duration, Duration, *, I64, duration_mul)
  XCS_COMPARISONS(Duration, duration)

private:
  static Handle wholeDuration(std::optional<int64_t> nanoseconds);
};

/// A text that is one JSON value.
struct JsonText {
  std::string text;
  friend bool operator==(const JsonText &, const JsonText &) = default;
};

/// `json`. A member or an element by `json[...]`; `json::cast<T>` for a type of its own.
class Json : public Handle {
public:
  Json() = default; // null
  explicit Json(Handle made) : Handle(std::move(made)) {}
  /// A text that is not JSON is a mistake of the trace that uses it.
  Json(const JsonText &given, const Origin &at = Origin::current());
  static TypeId typeIn(ConstantPool &pool) { return tracing::scalarType(pool, TypeKind::Json); }
  XCS_NO_HOST_VALUE

  Json operator[](const In<Str> &key) const {
    return Json(
        tracing::binary(OpCode::json_at, {*this, &typeIn}, {key.value, &Str::typeIn}, &typeIn, key.at));
  }
  Json operator[](const In<I64> &index) const {
    return Json(
        tracing::binary(OpCode::json_at, {*this, &typeIn}, {index.value, &I64::typeIn}, &typeIn, index.at));
  }
  XCS_OPERATOR(Bool, Json, ==, Json, json_eq)
  friend Bool operator!=(const In<Json> &a, const In<Json> &b) { return !(a == b); }
};

/// `none`: the result of an operation that is carried out for its effect.
class None : public Handle {
public:
  None() = default;
  explicit None(Handle made) : Handle(std::move(made)) {}
  static TypeId typeIn(ConstantPool &pool) { return tracing::scalarType(pool, TypeKind::None); }
};

#undef XCS_OPERATOR
#undef XCS_PREFIX
#undef XCS_COMPARISONS

} // namespace xcs
