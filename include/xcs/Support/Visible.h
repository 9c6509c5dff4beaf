#pragma once
#include "llvm/Support/raw_ostream.h"
#include <string>
#include <string_view>

namespace xcs {

// How text from outside (a plan, a program, an answer, a file name) is shown to a person: the one place that
// knows which characters must not reach a terminal unchanged. They are
// - the control characters, U+0000 to U+001F, U+007F and U+0080 to U+009F, which terminals obey,
// - those that change the direction of writing (U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069),
//   which make a text read differently from what it is (Unicode Technical Report 36, 2.10.4; CVE-2021-42574),
// - invisible ones, which make two texts look alike: U+00AD, U+180E, U+200B, U+2028, U+2029, U+2060 to
//   U+2065, U+206A to U+206F, U+FEFF, U+FFF9 to U+FFFB and the tags, U+E0000 to U+E007F; joiners (U+200C,
//   U+200D) stay, because many scripts and emoji need them,
// - bytes that are not UTF-8.

/// How such a character is escaped.
enum class Escapes : uint8_t {
  Text, // for people: `\x1b` below U+0100 and for bytes that are not UTF-8, else `\u202e` or `\U000e0001`
  Json, // as in a string of JSON and XIR: `\u001b`; a byte that is not UTF-8 becomes U+FFFD
};

/// Writes a piece of text, such as a name, within a line: line ends are escaped too, but tabs are not.
void printVisible(std::string_view text, llvm::raw_ostream &out, Escapes escapes = Escapes::Text);
/// The same as a string.
std::string visible(std::string_view text, Escapes escapes = Escapes::Text);
/// The same for a text of several lines: line ends are not escaped.
std::string visibleLines(std::string_view text, Escapes escapes = Escapes::Text);

/// A stream that passes text on to another one and escapes what must not reach a terminal; line ends are
/// kept. Buffered; flushes when destroyed.
class VisibleStream : public llvm::raw_ostream {
public:
  explicit VisibleStream(llvm::raw_ostream &out, Escapes escapes = Escapes::Text)
      : out(out), escapes(escapes) {
    SetBuffered();
  }
  ~VisibleStream() override;

private:
  void write_impl(const char *text, size_t size) override;
  uint64_t current_pos() const override { return written; }

  llvm::raw_ostream &out;
  Escapes escapes;
  std::string begun; // the first bytes of a character that is still incomplete
  uint64_t written = 0;
};

/// A character at the front of a text, and how it must be shown.
struct VisibleCharacter {
  size_t bytes = 1;
  uint32_t code = 0; // the byte itself if it is not part of a character
  enum class As : uint8_t { Itself, Control, Invisible, Byte } as = As::Itself;
};
/// The first character of a text that is not empty.
VisibleCharacter firstCharacter(std::string_view text);

} // namespace xcs
