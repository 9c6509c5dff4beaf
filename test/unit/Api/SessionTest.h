#pragma once
#include "xcs/Api/Session.h"
#include "xcs/Compiler/Compiler.h"
#include "llvm/Support/raw_ostream.h"
#include <atomic>
#include <gtest/gtest.h>

namespace xcs {

inline constexpr int64_t ms = 1'000'000;

/// A program as the bytes of a plan; empty, with the messages shown, where it does not compile.
inline std::string planOf(const std::string &text, unsigned level = 2) {
  std::string messages;
  llvm::raw_string_ostream stream(messages);
  DiagnosticEngine diagnostics(&stream);
  diagnostics.showRemarks(false);
  CompileOptions options;
  options.level = level;
  auto bytes = compile(std::make_shared<SourceBuffer>("test.xir", text), options, diagnostics);
  EXPECT_TRUE(bytes) << messages;
  return bytes ? std::move(*bytes) : std::string();
}

inline ProgramRef loaded(Session &session, const std::string &text, const Grants *grants = nullptr) {
  DiagnosticEngine diagnostics;
  auto program = session.load(planOf(text), "test", diagnostics, grants);
  EXPECT_TRUE(program) << (diagnostics.all().empty() ? "" : diagnostics.all().front().message);
  return program ? std::move(*program) : ProgramRef();
}

/// An error as it is shown.
inline std::string shown(Diag id, const std::string &message) {
  return message + " [" + std::string(rowOf(id).kind) + "]";
}
inline std::string shown(const RunRef &run) {
  return shown(run.report().failure.id, run.report().failure.message);
}

inline SessionOptions jobs(unsigned count) {
  SessionOptions options;
  options.jobs = count;
  return options;
}

/// Doubles a number.
inline const char *const doubled = R"(func @main(%n: i64) -> i64 {
  %r = i64.add(%n, %n) : i64
  return(%r)
}
)";

/// Waits for as many milliseconds and gives the number.
inline const char *const slow = R"(func @main(%n: i64, %time: duration) -> i64 {
  %w = time.sleep(%time) : none
  %r = i64.add(%n, %n) : i64
  return(%r)
}
)";

} // namespace xcs
