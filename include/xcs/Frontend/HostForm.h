#pragma once
#include "xcs/Frontend/OperationRecords.h"
#include "xcs/Support/Result.h"
#include <tuple>

namespace xcs {

/// Why an operation failed, as a value of the host program.
struct OutcomeError {
  std::string kind, message, op;
  int64_t attempt = 1;
};

/// What a value of a run is in the host program: `HostOf<List<Str>>` is `std::vector<std::string>`. A struct
/// of handles is itself, with literals in it, whose values `hostValue` gives.
template <class T> struct HostForm;
template <class T> using HostOf = typename HostForm<T>::type;

template <> struct HostForm<Bool> {
  using type = bool;
  static type from(const Value &value) { return value.asBool(); }
};
template <> struct HostForm<I64> {
  using type = int64_t;
  static type from(const Value &value) { return value.asI64(); }
};
template <> struct HostForm<F64> {
  using type = double;
  static type from(const Value &value) { return value.asF64(); }
};
template <> struct HostForm<Str> {
  using type = std::string;
  static type from(const Value &value) { return type(value.text()); }
};
template <> struct HostForm<Duration> {
  using type = std::chrono::nanoseconds;
  static type from(const Value &value) { return type(value.asI64()); }
};
template <> struct HostForm<Bytes> {
  using type = std::vector<std::byte>;
  static type from(const Value &value) {
    const std::byte *first = reinterpret_cast<const std::byte *>(value.text().data());
    return type(first, first + value.text().size());
  }
};
template <> struct HostForm<Json> {
  using type = JsonText;
  static type from(const Value &value);
};
template <> struct HostForm<None> {
  using type = std::monostate;
  static type from(const Value &) { return {}; }
};
template <class T> struct HostForm<List<T>> {
  using type = std::vector<HostOf<T>>;
  static type from(const Value &value) {
    type made;
    made.reserve(value.items().size());
    for (const Value &item : value.items())
      made.push_back(HostForm<T>::from(item));
    return made;
  }
};
template <class K, class V> struct HostForm<Dict<K, V>> {
  using type = std::vector<std::pair<HostOf<K>, HostOf<V>>>; // in the order of the keys
  static type from(const Value &value) {
    type made;
    const std::span<const Value> items = value.items();
    for (size_t i = 0; i + 1 < items.size(); i += 2)
      made.emplace_back(HostForm<K>::from(items[i]), HostForm<V>::from(items[i + 1]));
    return made;
  }
};
template <class T> struct HostForm<Option<T>> {
  using type = std::optional<HostOf<T>>;
  static type from(const Value &value) {
    return value.kind() == ValueKind::OptionSome ? type(HostForm<T>::from(value.items()[0])) : std::nullopt;
  }
};
template <class T> struct HostForm<Outcome<T>> {
  using type = Result<HostOf<T>, OutcomeError>;
  static type from(const Value &value) {
    const std::span<const Value> items = value.items();
    if (value.kind() == ValueKind::ResultOk)
      return HostForm<T>::from(items[0]);
    return OutcomeError{std::string(items[0].text()), std::string(items[1].text()),
                        std::string(items[2].text()), items[3].asI64()};
  }
};
template <IsRecord R> struct HostForm<R> {
  using type = R;
  static type from(const Value &value) { return madeHandle<R>(Handle(value)); }
};

/// The value of a literal, such as a member of a record that a run returned; none of a traced value, or of
/// what does not fit the type, such as `Json(JsonText{"{"})`.
template <class T> std::optional<HostOf<T>> hostValue(const T &handle) {
  const Value value = tracing::valueOf({handle, &T::typeIn});
  return value.empty() ? std::nullopt : std::optional<HostOf<T>>(HostForm<T>::from(value));
}

} // namespace xcs
