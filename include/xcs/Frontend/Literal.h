#pragma once
#include "xcs/Support/Ids.h"
#include <chrono>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace xcs {

class ConstantPool;
class DeclaredResource;
class Trace; // lib/Frontend/Trace.h

/// Nanoseconds of a duration of the host program; none if they are beyond 64 bits with sign.
template <class Count, class Unit>
std::optional<int64_t> nanosecondsOf(std::chrono::duration<Count, Unit> given) {
  using Scale = std::ratio_divide<Unit, std::nano>;
  if constexpr (std::is_floating_point_v<Count>) {
    using Real = std::common_type_t<Count, double>;
    const Real exact = static_cast<Real>(given.count()) * Scale::num / Scale::den;
    if (!(exact >= -0x1p63 && exact < 0x1p63)) // NaN, too
      return std::nullopt;
    return static_cast<int64_t>(exact);
  } else {
    using Whole = std::common_type_t<Count, std::intmax_t>;
    if constexpr (Scale::num == 1) {
      const Whole scaled = static_cast<Whole>(given.count()) / static_cast<Whole>(Scale::den);
      return std::in_range<int64_t>(scaled) ? std::optional<int64_t>(scaled) : std::nullopt;
    } else {
      int64_t scaled = 0;
      if (__builtin_mul_overflow(static_cast<Whole>(given.count()), Scale::num, &scaled))
        return std::nullopt;
      return scaled / Scale::den;
    }
  }
}

/// A duration of the host program in any unit, for an attribute. One of `std::chrono` that converts by itself
/// would wrap.
struct Timespan {
  template <class Count, class Unit>
  Timespan(std::chrono::duration<Count, Unit> given) : nanoseconds(nanosecondsOf(given)) {}
  std::optional<int64_t> nanoseconds; // none: too long
};

/// The value of an attribute in a host program: what a program in text writes after `key =`.
class Literal {
public:
  enum class Kind : uint8_t { Flag, Bool, I64, F64, Str, Duration, List, Dict, Secret, Env, Type };
  struct Entry;

  Literal() = default; // a bare key
  template <std::same_as<bool> B> Literal(B given) : kind(Kind::Bool), number(given) {}
  template <std::integral N>
    requires(!std::same_as<N, bool>)
  Literal(N given) : kind(Kind::I64), number(static_cast<int64_t>(given)) {
    if (!std::in_range<int64_t>(given)) { // not an i64: the program is refused where one is wanted
      kind = Kind::Str;
      text = std::to_string(given);
    }
  }
  Literal(double given) : kind(Kind::F64), real(given) {}
  Literal(std::string given) : kind(Kind::Str), text(std::move(given)) {}
  Literal(std::string_view given) : Literal(std::string(given)) {}
  Literal(const char *given) : Literal(std::string(given)) {}
  template <class Count, class Unit>
  Literal(std::chrono::duration<Count, Unit> given) : Literal(duration(nanosecondsOf(given))) {}
  Literal(Timespan given) : Literal(duration(given.nanoseconds)) {}
  Literal(const std::vector<std::string> &given) : kind(Kind::List), items(given.begin(), given.end()) {}

  static Literal duration(std::optional<int64_t> nanoseconds); // none: refused where a duration is wanted
  static Literal list(std::vector<Literal> items);
  static Literal dict(std::vector<Entry> entries);
  static Literal type(TypeId (*maker)(ConstantPool &));

  Kind kind = Kind::Flag;
  int64_t number = 0;                        // Bool, I64, Duration in nanoseconds
  double real = 0;                           // F64
  std::string text;                          // Str; the name of a Secret or of an Env
  std::string prefix;                        // of a Secret
  std::vector<Literal> items;                // of a List; of a Dict, its values
  std::vector<std::string> keys;             // of a Dict
  TypeId (*maker)(ConstantPool &) = nullptr; // of a Type
};

struct Literal::Entry {
  std::string key;
  Literal value;
};

/// Entries of an attribute that is a dictionary: `{{"Accept", "text/plain"}}`.
class Entries {
public:
  Entries(std::initializer_list<Literal::Entry> given) : entries(given) {}
  Entries(std::vector<Literal::Entry> given) : entries(std::move(given)) {}
  std::vector<Literal::Entry> entries;
};

/// Hidden text: the program has the name of the environment variable, and a run reads the value. A secret
/// goes into a header or into the environment of a program, and nowhere else.
Literal secret(std::string_view name, std::string_view prefix = {});
/// The same for a variable that may be seen, such as a URL.
Literal environment(std::string_view name);

/// Something outside the program that operations use, as `model @gpt {...}` declares it. Copies are cheap and
/// mean the same. A program declares those that it uses. Thread safety: immutable.
class DeclaredResource {
public:
  struct Data; // lib/Frontend/Trace.h
  const Data &declared() const { return *data; }

protected:
  DeclaredResource(uint8_t kind, std::string_view name, const class Attributes &attributes);

private:
  std::shared_ptr<const Data> data;
};

/// Bounds of `limit` resources that an operation counts against: one, or several with how many slots it
/// takes of each.
class LimitUse {
public:
  struct Part {
    DeclaredResource limit;
    int64_t slots = 1;
  };
  LimitUse(const DeclaredResource &limit) : parts{{limit, 1}} {}
  LimitUse(std::initializer_list<Part> given) : parts(given) {}
  std::vector<Part> parts;
};

/// Attributes of one operation or resource, in the order in which they were added; what was not given is not
/// in it.
class Attributes {
public:
  void add(std::string_view key, Literal value) { entries.push_back({key, std::move(value)}); }
  void add(std::string_view key, bool given) {
    if (given)
      add(key, Literal());
  }
  template <class T> void add(std::string_view key, const std::optional<T> &given) {
    if (given)
      add(key, Literal(*given));
  }
  void add(std::string_view key, const std::optional<Entries> &given);
  void add(std::string_view key, const std::optional<LimitUse> &given);

  struct Entry {
    std::string_view key; // of the table: it lasts
    Literal value;
  };
  std::vector<Entry> entries;
  std::optional<LimitUse> limits;
};

} // namespace xcs
