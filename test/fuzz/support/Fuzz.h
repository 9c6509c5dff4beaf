#pragma once
#include "xcs/Compiler/Compiler.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Ops/Value.h"
#include "xcs/Plan/Plan.h"
#include "xcs/Support/Utf8.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// What the fuzzers share.
namespace xcs::fuzz {

/// What must hold whatever the input: else the process ends, with the input as libFuzzer's finding.
inline void require(bool holds, const char *what, std::string_view shown = {}) {
  if (holds)
    return;
  std::fprintf(stderr, "%s: %s\n", what, quoteString(shown).c_str());
  std::abort();
}

inline void requireText(std::string_view text, const char *what) {
  require(invalidUtf8At(text) == std::string_view::npos, what, text);
}

/// Whatever a value holds: every `str` in it is UTF-8.
inline void requireTexts(const Value &whole) {
  std::vector<const Value *> open{&whole};
  while (!open.empty()) {
    const Value *at = open.back();
    open.pop_back();
    if (at->kind() == ValueKind::Str)
      requireText(at->text(), "a str that is no UTF-8");
    else if (at->kind() >= ValueKind::List && at->kind() <= ValueKind::ResultError)
      for (const Value &item : at->items())
        open.push_back(&item);
  }
}

/// The bytes of the plan of a program, which must be right.
inline std::string compilePlan(std::string_view program, unsigned level) {
  DiagnosticEngine diagnostics(&llvm::errs());
  diagnostics.showRemarks(false);
  CompileOptions options;
  options.level = level;
  auto source = std::make_shared<SourceBuffer>("sample.xir", std::string(program));
  Result<std::string> bytes = compile(std::move(source), options, diagnostics);
  if (!bytes)
    std::abort();
  return *bytes;
}

} // namespace xcs::fuzz
