#pragma once
#include "xcs/Compiler/Compiler.h"
#include "xcs/Ops/OpTable.h"
#include "xcs/Plan/PlanFile.h"
#include "xcs/Runtime/Executor.h"
#include "xcs/World/FakeWorld.h"
#include "llvm/Support/raw_ostream.h"
#include <gtest/gtest.h>

namespace xcs {

inline constexpr int64_t ms = 1'000'000;

/// A program, carried out by an executor before a FakeWorld.
struct Stage {
  std::string messages;
  llvm::raw_string_ostream stream{messages};
  DiagnosticEngine diagnostics{&stream};
  std::unique_ptr<PlanFile> file;
  RunOptions options;
  FakeWorld::Script script = FakeWorld::sleeps;
  FakeWorld *world = nullptr;
  std::unique_ptr<Executor> executor;

  explicit Stage(const std::string &text, unsigned level = 0, unsigned jobs = 1) {
    diagnostics.showRemarks(false);
    options.jobs = jobs;
    CompileOptions asked;
    asked.level = level;
    auto bytes = compile(std::make_shared<SourceBuffer>("test.xir", text), asked, diagnostics);
    if (!bytes)
      return;
    auto opened = PlanFile::fromBytes(*bytes, "test", diagnostics, {});
    if (opened)
      file = std::move(*opened);
  }

  bool prepare() {
    EXPECT_TRUE(file) << messages;
    if (file && !executor)
      executor =
          std::make_unique<Executor>(file->view(), options, FakeWorld::factory(file->view(), script, world));
    return executor != nullptr;
  }
  RunReport run(std::vector<Value> arguments = {}) {
    if (!prepare())
      return {};
    return executor->run(0, std::move(arguments));
  }
  OpCode codeOf(const FakeWorld::Entry &entry) const { return file->view().ops[entry.op].code; }
  size_t count(WorldOutcome::Kind kind) const {
    size_t found = 0;
    for (const FakeWorld::Entry &entry : world->entries())
      found += entry.kind == kind;
    return found;
  }
};

/// A `time.sleep` of so many milliseconds as text.
inline std::string sleepOf(const std::string &name, int milliseconds) {
  return "  %t" + name + " = const {value = " + std::to_string(milliseconds) + "ms} : duration\n  %" + name +
         " = time.sleep(%t" + name + ") : none\n";
}

} // namespace xcs
