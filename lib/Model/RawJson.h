#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace xcs {

/// A JSON value as it appears in somebody's text, read as far as is asked for and no further: what no one
/// asks for is passed over by its quotes and brackets, whatever it holds (NaN, `1e400`, halves of characters,
/// a key twice, any depth), in one pass, with one bit of memory a level. Refers to the text. Thread safety:
/// immutable.
class RawJson {
public:
  enum class Kind : uint8_t {
    Absent,
    Null,
    Bool,
    Number, // as RFC 8259 writes one
    String,
    Array,
    Object,
    Odd,   // `NaN`, `undefined` and whatever else is not JSON
    Twice, // a key that occurs twice, with different values: no one knows which counts
  };
  /// Why a text is not a JSON value.
  enum class Fault : uint8_t {
    None,
    Empty,  // nothing but blanks
    CutOff, // it ends within the value
    Wrong,
    Extra, // there is more after the value
  };

  RawJson() = default;
  /// The value that is all of a text; blanks and a byte order mark around it do not count. `out` is also set
  /// for Extra, to what comes before; `rest` then is what comes after it.
  static Fault whole(std::string_view text, RawJson &out, std::string_view *rest = nullptr);
  /// The value at the beginning of a text; absent when there is none.
  static RawJson firstOf(std::string_view text);

  Kind kind() const { return own; }
  bool isAbsent() const { return own == Kind::Absent || own == Kind::Null; }
  /// As it is written.
  std::string_view text() const { return written; }
  /// For people: "a number", "an object".
  std::string_view description() const;

  /// Appends the content of a String. Halves of a character (`\ud83d`) become three bytes each, as WTF-8
  /// writes them, and bytes that are not UTF-8 stay as they are: the rest may come with another piece, and
  /// `makeReadable` looks at the finished text. False when an escape is wrong.
  bool appendTo(std::string &out) const;
  /// The number, where it is whole and fits (`3`, `3.0`), also of a String that is one.
  std::optional<int64_t> integer() const;
  std::optional<double> number() const;

  /// The items of an Array; false when something is wrong between them.
  bool items(std::vector<RawJson> &out) const;
  /// The items of an Array of one number and more, that are all within f64; else false, with whatever in
  /// `out`: the fast way for much of the usual.
  bool numbers(std::vector<double> &out) const;
  /// The value at a JSON pointer, absent when there is none.
  RawJson at(std::string_view pointer) const;

private:
  RawJson(Kind kind, std::string_view text) : own(kind), written(text) {}
  friend class RawObject;

  Kind own = Kind::Absent;
  std::string_view written;
};

/// The members of an Object, found once.
class RawObject {
public:
  /// Of anything but an object: without members.
  explicit RawObject(const RawJson &object);
  /// Whether something is wrong between the members.
  bool isBroken() const { return broken; }
  bool isEmpty() const { return members.empty(); }
  /// Absent when there is no such member.
  RawJson find(std::string_view key) const;
  /// Calls `visit` with the key, its escapes read, and the value of each member, until it says false; then
  /// false. A member whose key has an escape that is none is passed over.
  bool forEach(const std::function<bool(std::string_view key, const RawJson &value)> &visit) const;

private:
  struct Member {
    std::string_view key; // between its quotes, as it is written
    RawJson value;
  };
  std::vector<Member> members;
  bool broken = false;
};

/// Joins the two halves of each character, and puts U+FFFD in place of a half that stayed alone. False when
/// the text is not UTF-8 even so.
bool makeReadable(std::string &text);

} // namespace xcs
