#include "Runtime/Program.h"
#include "Runtime/Stage.h"

using namespace xcs;

namespace {

constexpr uint64_t request = 16 << 10, timer = 1 << 10;

/// What an activation of the body of the only `map` in @main takes outside its frame.
uint64_t outsideOf(const std::string &body) {
  const std::string text = R"(
model @m {url = "http://127.0.0.1:1", model = "small"}
func private @ask(%x: str) -> str {
  %a = model.chat @m(%x) : str
  return(%a)
}
func @main(%xs: list<str>) -> list<str> {
  %second = const {value = 1s} : duration
  %ys = map(%xs) : list<str> {
  ^(%x: str)
)" + body + R"(
  }
  return(%ys)
}
)";
  const Stage stage(text); // at -O0: as it is written
  EXPECT_TRUE(stage.file) << stage.messages;
  if (!stage.file)
    return 0;
  const PlanView &view = stage.file->view();
  const Program program(view, {});
  for (const PlanOp &op : view.ops)
    if (op.code == OpCode::core_map)
      return program.outsideBytes[op.firstRegion];
  ADD_FAILURE() << "no map";
  return 0;
}

} // namespace

TEST(ProgramMemory, WhatWaitsAtOnceCountsTogether) {
  EXPECT_EQ(outsideOf("yield(%x)"), 0u);
  EXPECT_EQ(outsideOf("%t = time.sleep(%second) : none\n yield(%x)"), timer);
  EXPECT_EQ(outsideOf("%a = model.chat @m(%x) : str\n yield(%a)"), request);
  EXPECT_EQ(outsideOf("%a = model.chat @m(%x) : str\n %b = model.chat @m(%a) : str\n yield(%b)"), request)
      << "one after the other";
  EXPECT_EQ(outsideOf("%a = model.chat @m(%x) : str\n %b = model.chat @m(%x) : str\n"
                      "%c = str.concat(%a, %b) : str\n yield(%c)"),
            2 * request);
}

TEST(ProgramMemory, WhatIsCalledCounts) {
  EXPECT_EQ(outsideOf("%a = call @ask(%x) : str\n yield(%a)"), request);
}

TEST(ProgramMemory, OfSeveralBranchesTheLargestCounts) {
  const std::string branches = R"(
    %none = const {value = ""} : str
    %is = str.eq(%x, %none) : bool
    %a = if(%is) : str {
      %b = model.chat @m(%x) : str
      yield(%b)
    } {
      %t = time.sleep(%second) : none
      yield(%x)
    }
    yield(%a))";
  const uint64_t bytes = outsideOf(branches);
  EXPECT_GE(bytes, request);
  EXPECT_LT(bytes, request + timer) << "and a frame";
}
