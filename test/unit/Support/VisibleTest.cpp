#include "xcs/Support/Visible.h"
#include "xcs/Support/ShellWord.h"
#include <gtest/gtest.h>
#include <random>

using namespace xcs;

namespace {

struct Row {
  std::string_view text, people, json;
};

constexpr std::string_view replacement = "\xef\xbf\xbd";

// Every kind of character that must not reach a terminal, its borders, and their neighbours that may.
const Row rows[] = {
    {"", "", ""},
    {"plain text, 1 + 2 ~", "plain text, 1 + 2 ~", "plain text, 1 + 2 ~"},
    {"tab\tstays", "tab\tstays", "tab\tstays"},
    {std::string_view("\0", 1), "\\x00", "\\u0000"},
    {"\x1b[2J", "\\x1b[2J", "\\u001b[2J"},
    {"\r", "\\x0d", "\\u000d"},
    {"\x1f ", "\\x1f ", "\\u001f "},
    {"~\x7f", "~\\x7f", "~\\u007f"},
    {"\xc2\x80", "\\x80", "\\u0080"},
    {"\xc2\x9b", "\\x9b", "\\u009b"},
    {"\xc2\x9f\xc2\xa0", "\\x9f\xc2\xa0", "\\u009f\xc2\xa0"},
    {"soft\xc2\xadhyphen", "soft\\xadhyphen", "soft\\u00adhyphen"},
    {"\xd8\x9c", "\\u061c", "\\u061c"},
    {"\xe1\xa0\x8e", "\\u180e", "\\u180e"},
    {"\xe2\x80\x8a\xe2\x80\x8b", "\xe2\x80\x8a\\u200b", "\xe2\x80\x8a\\u200b"},
    {"a\xe2\x80\x8d\xe2\x80\x8c", "a\xe2\x80\x8d\xe2\x80\x8c", "a\xe2\x80\x8d\xe2\x80\x8c"}, // joiners
    {"\xe2\x80\x8e\xe2\x80\x8f", "\\u200e\\u200f", "\\u200e\\u200f"},
    {"\xe2\x80\xa8\xe2\x80\xa9", "\\u2028\\u2029", "\\u2028\\u2029"},
    {"\xe2\x80\xae\xe2\x80\xaf", "\\u202e\xe2\x80\xaf", "\\u202e\xe2\x80\xaf"},
    {"\xe2\x81\xa0\xe2\x81\xa6\xe2\x81\xaf", "\\u2060\\u2066\\u206f", "\\u2060\\u2066\\u206f"},
    {"\xef\xbb\xbf", "\\ufeff", "\\ufeff"},
    {"\xef\xbf\xb9\xef\xbf\xbc", "\\ufff9\xef\xbf\xbc", "\\ufff9\xef\xbf\xbc"},
    {"\xf3\xa0\x80\x81", "\\U000e0001", "\\udb40\\udc01"},
    {"\xf3\xa0\x81\xbf\xf3\xa0\x82\x80", "\\U000e007f\xf3\xa0\x82\x80", "\\udb40\\udc7f\xf3\xa0\x82\x80"},
    {"\xf0\x9f\x98\x80 \xc3\xa4 \xe6\xbc\xa2", "\xf0\x9f\x98\x80 \xc3\xa4 \xe6\xbc\xa2",
     "\xf0\x9f\x98\x80 \xc3\xa4 \xe6\xbc\xa2"},
    {"\xff", "\\xff", replacement},
    {"\x9b", "\\x9b", replacement}, // a byte that some terminals obey
    {"\xe2\x80", "\\xe2\\x80", "\xef\xbf\xbd\xef\xbf\xbd"},
    {"\xc0\xaf", "\\xc0\\xaf", "\xef\xbf\xbd\xef\xbf\xbd"},                      // an overlong `/`
    {"\xed\xa0\x80", "\\xed\\xa0\\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"}, // half of a pair
};

} // namespace

TEST(Visible, EachCharacterIsShown) {
  for (const Row &row : rows) {
    EXPECT_EQ(visible(row.text), row.people);
    EXPECT_EQ(visible(row.text, Escapes::Json), row.json);
  }
}

TEST(Visible, LineEndsStayInLinesAlone) {
  EXPECT_EQ(visible("a\nb\r\n"), "a\\x0ab\\x0d\\x0a");
  EXPECT_EQ(visible("a\n", Escapes::Json), "a\\u000a");
  EXPECT_EQ(visibleLines("a\nb\r\n"), "a\nb\\x0d\n");
}

/// Wherever the writers before it cut their pieces, a stream gives the same as the whole.
TEST(Visible, AStreamIsCutAnywhere) {
  std::string all;
  for (const Row &row : rows)
    all += std::string(row.text) + "\n";
  for (Escapes escapes : {Escapes::Text, Escapes::Json})
    for (size_t cut = 0; cut <= all.size(); ++cut) {
      std::string out;
      {
        llvm::raw_string_ostream inner(out);
        VisibleStream stream(inner, escapes);
        stream << std::string_view(all).substr(0, cut);
        stream.flush();
        stream << std::string_view(all).substr(cut);
      }
      ASSERT_EQ(out, visibleLines(all, escapes)) << "cut at " << cut;
    }
}

TEST(Visible, AStreamByteByByteAndItsUnfinishedEnd) {
  std::string out, text = "\xc2\x9b \xf3\xa0\x80\x81 \xe2\x80";
  {
    llvm::raw_string_ostream inner(out);
    VisibleStream stream(inner);
    stream.SetUnbuffered();
    for (char c : text)
      stream << c;
    EXPECT_EQ(stream.tell(), text.size());
  }
  EXPECT_EQ(out, "\\x9b \\U000e0001 \\xe2\\x80");
}

TEST(ShellWord, CanBeShownAndPasted) {
  EXPECT_EQ(shellWord("a/b.txt"), "a/b.txt");
  EXPECT_EQ(shellWord(""), "''");
  EXPECT_EQ(shellWord("a b"), "'a b'");
  EXPECT_EQ(shellWord("it's"), "'it'\\''s'");
  EXPECT_EQ(shellWord("\xc3\xa4 b"), "'\xc3\xa4 b'");
  EXPECT_EQ(shellWord("a\nb"), "$'a\\012b'");
  EXPECT_EQ(shellWord("\x1b[2K'\\x"), "$'\\033[2K\\'\\\\x'");
  EXPECT_EQ(shellWord("a\tb"), "$'a\\011b'");
  EXPECT_EQ(shellWord("\xe2\x80\xae"
                      "1"),
            "$'\\342\\200\\2561'");
  EXPECT_EQ(shellWord("\xff\xc3\xa4"), "$'\\377\xc3\xa4'");
}

TEST(ShellWord, IsReadBack) {
  using Words = std::vector<std::string>;
  EXPECT_EQ(shellWords(" a 'b c'\n\"d\\\\e\\f\"  # g 'h\ni\\ j"), (Words{"a", "b c", "d\\e\\f", "i j"}));
  EXPECT_EQ(shellWords("'a\\b' \"\" a#b $'\\012\\x\\t\\''"), (Words{"a\\b", "", "a#b", "\nx\t'"}));
  EXPECT_EQ(shellWords("$'\\x41\\x4a7\\x9g\\1019\\cA\\c?'"), (Words{"AJ7\tgA9\x01\x1f"}));
  EXPECT_EQ(shellWords("a\\\nb \\\n"), (Words{"ab"}));
  EXPECT_EQ(shellWords("# nothing\r\n"), (Words{}));
  for (const char *open : {"'a", "\"a", "$'a", "$'a\\'", "\"a\\\""})
    EXPECT_EQ(shellWords(open), std::nullopt) << open;
  std::mt19937 random(7);
  for (int i = 0; i != 20'000; ++i) {
    static constexpr std::string_view common = "'\\\"$#ab \n\t";
    std::string text;
    for (size_t left = random() % 6; left--;)
      text += random() % 3 ? common[random() % common.size()] : static_cast<char>(1 + random() % 255);
    EXPECT_EQ(shellWords("x " + shellWord(text) + " y"), (Words{"x", text, "y"})) << shellWord(text);
  }
}
