#include "Runtime/Language/ProgramCheck.h"
#include "Runtime/Language/ProgramWriter.h"
#include "xcs/Transforms/Draws.h"
#include <cstdlib>
#include <gtest/gtest.h>

using namespace xcs;

namespace {

/// `XCS_PROGRAMS=20000` has more programs tried, `XCS_FIRST_PROGRAM=123` others; `XCS_SHRINK=0` shows them
/// whole.
uint64_t setting(const char *name, uint64_t usual) {
  const char *given = std::getenv(name);
  return given ? std::strtoull(given, nullptr, 10) : usual;
}

ProgramWriter writerOf(uint64_t seed) { return ProgramWriter(seed, 5 + seed % 50); }

/// The program, and how little of it is enough.
std::string report(ProgramCheck &check, const std::string &text, uint64_t seed, const Finding &found) {
  auto fails = [&](const std::string &shorter) {
    std::optional<Finding> other = check.check(shorter, seed);
    return other && other->kind == found.kind;
  };
  std::string small = shrink(text, fails, setting("XCS_SHRINK", 500));
  std::optional<Finding> last = check.check(small, seed);
  return found.kind + ": " + found.detail + "\nprogram " + std::to_string(seed) + ":\n" + text +
         "\nshrunk:\n" + small + (last ? last->kind + ": " + last->detail : "(not always)");
}

} // namespace

TEST(LanguageProperty, EveryRunIsWhatTheReferenceSays) {
  ProgramCheck check;
  uint64_t first = setting("XCS_FIRST_PROGRAM", 0), count = setting("XCS_PROGRAMS", 250), broken = 0;
  for (uint64_t seed = first; seed != first + count && broken != 3; ++seed) {
    std::string text = writerOf(seed).text();
    if (std::optional<Finding> found = check.check(text, seed)) {
      ++broken;
      ADD_FAILURE() << report(check, text, seed, *found);
    }
  }
  if (broken != 0)
    return;
  // The property is worth little when most programs fail at once or decide nothing.
  EXPECT_GT(check.good, count / 4);
  EXPECT_GT(check.failed, count / 10);
  EXPECT_LT(check.undecided, count / 8);
}

/// A new row of the table is run by some program, or it stands here with a reason.
TEST(LanguageProperty, ProgramsRunEveryOperation) {
  constexpr struct {
    OpCode code;
    const char *why;
  } left[] = {{OpCode::model_chat, "asks over a network"},
              {OpCode::model_embed, "asks over a network"},
              {OpCode::http_request, "asks over a network"},
              {OpCode::ask_human, "asks a person"},
              {OpCode::host_call, "asks the program that runs the plan"},
              {OpCode::core_return, "ends every function"},
              {OpCode::core_yield, "ends regions"},
              {OpCode::core_continue, "ends the region of every `while`"}};
  ProgramCheck check;
  std::set<OpCode> ran;
  std::string messages;
  for (uint64_t seed = 0; seed != 1500; ++seed) {
    std::unique_ptr<Module> module = check.parse(writerOf(seed).text(), messages);
    ASSERT_TRUE(module) << messages;
    assignDraws(*module);
    if (std::optional<ProgramCheck::Expected> expected = check.expected(*module, seed))
      ran.insert(expected->ran.begin(), expected->ran.end());
  }
  for (auto [code, why] : left)
    EXPECT_TRUE(ran.insert(code).second) << rowOf(code).name << " " << why << ", but is run: strike it off";
  for (size_t code = 0; code != opCodeCount; ++code)
    EXPECT_TRUE(ran.contains(static_cast<OpCode>(code)))
        << rowOf(static_cast<OpCode>(code)).name
        << " is run by no program: see ProgramOps.cpp for attributes and operands of a special kind";
}
