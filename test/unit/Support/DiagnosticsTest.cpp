#include "xcs/Support/Diagnostics.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include <gtest/gtest.h>
#include <map>
#include <set>

using namespace xcs;

namespace {

/// An engine over one source text, and what it printed.
struct Engine {
  explicit Engine(std::string text, DiagnosticFormat format = DiagnosticFormat::Text)
      : table(std::make_shared<SourceBuffer>("a.xir", std::move(text))), stream(printed),
        engine(&stream, format) {
    engine.setLocations(&table);
  }
  void undefined(uint32_t offset, std::string_view name = "%x") {
    engine.report(Diag::UndefinedValue, Location::atOffset(offset), {name, ""});
  }

  LocationTable table;
  std::string printed;
  llvm::raw_string_ostream stream;
  DiagnosticEngine engine;
};

size_t countOf(std::string_view text, std::string_view part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != text.npos; at = text.find(part, at + part.size()))
    ++count;
  return count;
}

} // namespace

TEST(Diagnostics, ShowsTheLineAndACaret) {
  Engine e("func\n  yield(%x)\n");
  e.engine.report(Diag::UndefinedValue, Location::atOffset(13), {"%x", "; did you mean `%y`"});
  EXPECT_EQ(e.printed,
            "a.xir:2:9: error: `%x` is not defined before its use; did you mean `%y` [undefined-value]\n"
            "  yield(%x)\n"
            "        ^~\n");
  EXPECT_TRUE(e.engine.hasErrors());
}

TEST(Diagnostics, TheCaretStandsRightAfterTabsWideAndControlCharacters) {
  Engine e("\t\xe6\xbc\xa2\x1b %x"); // a tab, a character two columns wide, an escape
  e.undefined(6);
  EXPECT_EQ(e.printed, "a.xir:1:7: error: `%x` is not defined before its use [undefined-value]\n"
                       "\t\xe6\xbc\xa2\\x1b %x\n"
                       "\t       ^~\n");
}

TEST(Diagnostics, ALongLineIsCutAroundTheColumn) {
  std::string before(1000, 'a'), behind(1000, 'b');
  Engine e(before + "\xc3\xa9%x" + behind);
  e.undefined(1002);
  const Diagnostic &d = e.engine.all().at(0);
  EXPECT_EQ(d.column, 1003u);
  EXPECT_LT(d.sourceLine.size(), 200u);
  EXPECT_TRUE(d.sourceLine.starts_with("...a"));
  EXPECT_TRUE(d.sourceLine.ends_with("b..."));
  EXPECT_EQ(d.sourceLine.substr(d.caret, 3), "%xb");
}

TEST(Diagnostics, ALineIsNeverCutWithinACharacter) {
  std::string wide;
  for (int i = 0; i < 400; ++i)
    wide += "\xe6\xbc\xa2";
  for (uint32_t offset = 300; offset < 320; ++offset) {
    Engine e(wide);
    e.undefined(offset);
    EXPECT_TRUE(llvm::json::isUTF8(e.engine.all().at(0).sourceLine)) << offset;
  }
}

TEST(Diagnostics, AMessageCannotDriveTheTerminal) {
  Engine e("");
  e.engine.reportFile(Diag::EmptyInput, "a\x1b[2J\xc2\x9b.xir", {"a\n\x7f"});
  EXPECT_EQ(e.printed,
            "a\\x1b[2J\\x9b.xir: error: `a\\x0a\\x7f` is empty; write at least one `func` [empty-input]\n");
}

TEST(Diagnostics, WhatIsNotSeenOrTurnsTheTextAroundIsWritten) {
  // Right-to-left override, zero width space, line separator, half a character; a word of Hebrew is what it
  // is.
  Engine e("\u202e\u200b\u2028\xe6 \u05e9\u05dc %x");
  e.undefined(16);
  EXPECT_EQ(e.printed, "a.xir:1:17: error: `%x` is not defined before its use [undefined-value]\n"
                       "\\u202e\\u200b\\u2028\\xe6 \u05e9\u05dc %x\n"
                       "                          ^~\n");
}

TEST(Diagnostics, AVeryLongNameIsShortened) {
  Engine e("");
  e.engine.report(Diag::UndefinedValue, Location(), {"%" + std::string(1'000'000, 'x'), ""});
  EXPECT_LT(e.printed.size(), 1200u);
  EXPECT_NE(e.printed.find("xxx...` is not defined before its use"), std::string::npos);
}

TEST(Diagnostics, PlacesWithoutATextHaveNoLineToShow) {
  Engine e("x");
  e.engine.report(Diag::UndefinedValue, e.table.addExplicit("prog.py", 3, 4), {"%x", ""});
  e.engine.report(Diag::UndefinedValue, Location(), {"%x", ""});
  e.engine.reportAt(Diag::UndefinedValue, {"b.xir", 8, 9}, {"%x", ""});
  EXPECT_EQ(e.printed, "prog.py:3:4: error: `%x` is not defined before its use [undefined-value]\n"
                       "error: `%x` is not defined before its use [undefined-value]\n"
                       "b.xir:8:9: error: `%x` is not defined before its use [undefined-value]\n");
}

TEST(Diagnostics, StopsPrintingAtTheCapAndCountsTheRest) {
  Engine e("x");
  for (int i = 0; i < 23; ++i) {
    e.undefined(0);
    e.engine.report(Diag::FirstDefinedHere, Location::atOffset(0), {"%x"});
  }
  e.engine.finish();
  e.engine.finish();
  EXPECT_EQ(countOf(e.printed, "error: `%x`"), DiagnosticEngine::cap);
  EXPECT_EQ(countOf(e.printed, "[first-defined-here]"), DiagnosticEngine::cap) << "notes go with their error";
  EXPECT_EQ(countOf(e.printed, "note: 3 more errors; fix the ones above first [more-errors]\n"), 1u);
  EXPECT_EQ(e.engine.errorCount(), 23u);
}

TEST(Diagnostics, StopsPrintingWarningsAtTheirCap) {
  Engine e("x");
  EXPECT_TRUE(e.engine.showsWarning(Diag::UnusedValue));
  for (size_t i = 0; i < DiagnosticEngine::warningCap + 3; ++i)
    e.engine.report(Diag::UnusedValue, Location::atOffset(0), {"a", "const"});
  EXPECT_FALSE(e.engine.showsWarning(Diag::UnusedValue));
  e.undefined(0);
  e.engine.finish();
  e.engine.finish();
  EXPECT_EQ(countOf(e.printed, "[unused-value]"), DiagnosticEngine::warningCap);
  EXPECT_EQ(countOf(e.printed, "note: 3 more warnings; they are not shown [more-warnings]\n"), 1u);
  EXPECT_EQ(e.engine.errorCount(), 1u);
}

TEST(Diagnostics, WarningsThatAreErrorsHaveTheCapOfErrors) {
  Engine e("x");
  WarningChoice choice;
  ASSERT_TRUE(choice.choose("error"));
  e.engine.setWarnings(choice);
  for (size_t i = 0; i < DiagnosticEngine::cap + 1; ++i)
    e.engine.report(Diag::UnusedValue, Location::atOffset(0), {"a", "const"});
  e.engine.finish();
  EXPECT_EQ(countOf(e.printed, "[unused-value]"), DiagnosticEngine::cap);
  EXPECT_EQ(countOf(e.printed, "note: 1 more error; fix the ones above first [more-errors]\n"), 1u);
}

TEST(Diagnostics, OneMoreErrorIsSingular) {
  Engine e("x");
  for (int i = 0; i < 21; ++i)
    e.undefined(0);
  e.engine.finish();
  EXPECT_EQ(countOf(e.printed, "note: 1 more error; "), 1u);
}

TEST(Diagnostics, NothingIsSaidAtTheEndBelowTheCap) {
  Engine e("x");
  e.undefined(0);
  std::string before = e.printed;
  e.engine.finish();
  EXPECT_EQ(e.printed, before);
}

TEST(Diagnostics, JsonIsOneObjectALine) {
  Engine e("\"\xff\" %x", DiagnosticFormat::Json); // a text that is not UTF-8 at all
  e.undefined(4, "%\"x\\");
  e.engine.report(Diag::FirstDefinedHere, Location(), {"%x"});
  llvm::SmallVector<llvm::StringRef> lines;
  llvm::StringRef(e.printed).split(lines, '\n');
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[2], "");
  auto error = llvm::cantFail(llvm::json::parse(lines[0]));
  EXPECT_EQ(error.getAsObject()->getString("severity"), "error");
  EXPECT_EQ(error.getAsObject()->getString("kind"), "undefined-value");
  EXPECT_EQ(error.getAsObject()->getString("message"), "`%\"x\\` is not defined before its use");
  EXPECT_EQ(error.getAsObject()->getString("file"), "a.xir");
  EXPECT_EQ(error.getAsObject()->getInteger("line"), 1);
  EXPECT_EQ(error.getAsObject()->getInteger("column"), 5);
  auto note = llvm::cantFail(llvm::json::parse(lines[1]));
  EXPECT_EQ(note.getAsObject()->getString("severity"), "note");
  EXPECT_EQ(note.getAsObject()->get("line"), nullptr);
}

TEST(Diagnostics, WithoutAStreamTheyAreKept) {
  DiagnosticEngine engine;
  engine.reportFile(Diag::EmptyInput, "a.xir", {"a.xir"});
  ASSERT_EQ(engine.all().size(), 1u);
  EXPECT_EQ(engine.all()[0].kind, "empty-input");
  EXPECT_EQ(engine.all()[0].severity, Severity::Error);
}

TEST(Diagnostics, RemarksAreShownWhenAskedFor) {
  Engine e("x");
  auto remark = [&](Diag id) {
    e.engine.report(id, Location::atOffset(0), {"if", "%y"});
    e.engine.report(Diag::FirstDefinedHere, Location::atOffset(0), {"%x"});
  };
  e.engine.showRemarks(false);
  remark(Diag::MergedRead);
  EXPECT_EQ(e.printed, "") << "nor the note that belongs to it";
  std::vector<bool> wanted(diagnosticCount());
  wanted[static_cast<size_t>(Diag::MergedRead)] = true;
  e.engine.showRemarks(wanted, DiagnosticFormat::Json);
  remark(Diag::InlinedRegion);
  EXPECT_EQ(e.printed, "");
  remark(Diag::MergedRead);
  EXPECT_TRUE(e.printed.starts_with("{\"severity\":\"remark\",\"kind\":\"merged-read\",")) << e.printed;
  EXPECT_EQ(countOf(e.printed, "a.xir:1:1: note: "), 1u) << "only remarks have the form of their own";
  EXPECT_FALSE(e.engine.hasErrors());
}

TEST(Diagnostics, AFinishedMessageIsPrintedAsItIs) {
  Engine e("x");
  e.engine.reportFinished(Diag::UndefinedValue, {"b.xir", 2, 3}, "said {0} elsewhere");
  EXPECT_EQ(e.printed, "b.xir:2:3: error: said {0} elsewhere [undefined-value]\n");
}

TEST(FormatMessage, FillsHolesAndScansNothingTwice) {
  std::string_view arguments[] = {"{1}", "b"};
  EXPECT_EQ(formatMessage("{0}-{1}-{0}", arguments), "{1}-b-{1}");
  EXPECT_EQ(formatMessage("{unordered} {} {x} {0", arguments), "{unordered} {} {x} {0");
  EXPECT_EQ(formatMessage("{2}", arguments), "{2}") << "no such argument";
}

/// What each class leads to, written down a second time.
TEST(Diagnostics, TheClassOfARowDecidesTheExitCodeAndWhatTryCatches) {
  struct Meaning {
    FailureClass failure;
    int exit;
    bool isCaught;
  };
  constexpr Meaning meanings[] = {{FailureClass::None, 0, false},    {FailureClass::Program, 1, true},
                                  {FailureClass::Usage, 2, false},   {FailureClass::Refused, 3, false},
                                  {FailureClass::Limit, 4, false},   {FailureClass::Unknown, 5, false},
                                  {FailureClass::Waiting, 6, false}, {FailureClass::Stopped, 130, false}};
  static_assert(std::size(meanings) == failureClassCount);
  for (size_t i = 0; i < diagnosticCount(); ++i) {
    const Diag id = static_cast<Diag>(i);
    const DiagnosticRow &row = rowOf(id);
    size_t found = 0;
    for (const Meaning &meaning : meanings) {
      if (meaning.failure != row.failure)
        continue;
      ++found;
      EXPECT_EQ(static_cast<int>(exitCodeOf(id)), meaning.exit) << row.kind;
      EXPECT_EQ(isCatchable(id), meaning.isCaught) << row.kind;
    }
    EXPECT_EQ(found, 1u) << row.kind;
    EXPECT_EQ(row.severity == Severity::Error, row.failure != FailureClass::None) << row.kind;
  }
}

/// A run that ends for one of these reasons must not go on as if a value had come, so they are written out
/// here: nothing joins or leaves them by accident.
TEST(Diagnostics, WhatTryNeverCatches) {
  std::map<FailureClass, std::set<std::string_view>> given;
  for (size_t i = 0; i < diagnosticCount(); ++i)
    if (const DiagnosticRow &row = rowOf(static_cast<Diag>(i)); row.failure > FailureClass::Program)
      given[row.failure].insert(row.kind);
  given.erase(FailureClass::Usage); // no operation fails with these
  const std::map<FailureClass, std::set<std::string_view>> expected = {
      {FailureClass::Refused,
       {"access-denied", "net-not-granted", "secret-not-granted", "env-not-granted", "read-not-granted",
        "write-not-granted", "run-not-granted", "private-address", "symlink-refused", "env-refused",
        "secret-in-operand", "refused"}},
      {FailureClass::Limit, {"budget-exceeded", "limit-exceeded", "response-too-large", "run-timeout"}},
      {FailureClass::Unknown,
       {"in-doubt", "journal-damaged", "journal-lost", "outcome-unknown", "unusable-answer"}},
      {FailureClass::Waiting, {"question-waiting"}},
      {FailureClass::Stopped, {"interrupted", "run-cancelled"}}};
  EXPECT_EQ(given, expected);
}

TEST(Diagnostics, TheFirstErrorIsTheExitCode) {
  DiagnosticEngine engine;
  EXPECT_EQ(engine.exitCode(), ExitCode::Done);
  engine.report(Diag::ShortSecret, {}, {"KEY"});
  EXPECT_EQ(engine.exitCode(), ExitCode::Done);
  engine.report(Diag::LimitExceeded, {}, {"it", "1", "byte", "plan-bytes"});
  engine.report(Diag::PlanNeeded, {});
  EXPECT_EQ(engine.exitCode(), ExitCode::LimitExceeded);
}

TEST(Diagnostics, ALineUnderTheWholeWordOrString) {
  Engine word("  %a = str.upper(%b)"), text("x = \"a \\\" b\" y"), mark("a { b");
  word.undefined(7);
  text.undefined(4);
  mark.undefined(2);
  EXPECT_NE(word.printed.find("\n       ^~~~~~~~~\n"), std::string::npos) << word.printed;
  EXPECT_NE(text.printed.find("\n    ^~~~~~~~\n"), std::string::npos) << text.printed;
  EXPECT_NE(mark.printed.find("\n  ^\n"), std::string::npos) << mark.printed;
}

TEST(Diagnostics, WarningsCanBeOffOrErrors) {
  WarningChoice choice;
  EXPECT_TRUE(choice.choose("no-unused"));
  EXPECT_TRUE(choice.isOff(Diag::UnusedValue));
  EXPECT_TRUE(choice.isOff(Diag::UnusedOperand));
  EXPECT_FALSE(choice.isOff(Diag::LiteralPath));
  EXPECT_TRUE(choice.choose("unused-value"));
  EXPECT_FALSE(choice.isOff(Diag::UnusedValue));
  EXPECT_TRUE(choice.choose("error=literal-path"));
  EXPECT_TRUE(choice.isError(Diag::LiteralPath));
  EXPECT_FALSE(choice.isError(Diag::UnusedValue));
  for (const char *wrong : {"", "unus", "no-", "error=", "undefined-value", "no-unused-", "error=none"})
    EXPECT_FALSE(choice.choose(wrong)) << wrong;

  DiagnosticEngine engine;
  engine.setWarnings(choice);
  engine.report(Diag::UnusedOperand, {}, {"0", "str.format"});
  EXPECT_TRUE(engine.all().empty());
  engine.report(Diag::LiteralPath, {}, {"~/x", "the path", "file.read", "so"});
  EXPECT_TRUE(engine.hasErrors());
  EXPECT_EQ(engine.all()[0].severity, Severity::Error);
  EXPECT_EQ(engine.exitCode(), ExitCode::ProgramFailed);
}

TEST(Diagnostics, OnlyTheTextOfAFailKeepsItsLines) {
  std::string printed;
  llvm::raw_string_ostream out(printed);
  DiagnosticEngine engine(&out);
  engine.reportFinished(Diag::Failed, {}, "one\nerror: two\x1b");
  engine.reportFinished(Diag::CannotRead, {}, "a\nb");
  EXPECT_EQ(printed, "error: one\n    error: two\\x1b [failed]\nerror: a\\x0ab [cannot-read]\n");
}
