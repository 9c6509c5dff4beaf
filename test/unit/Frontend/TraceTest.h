#pragma once
#include "xcs/Compiler/Compiler.h"
#include "xcs/Frontend/ExecutionTracer.h"
#include "xcs/IR/Printer.h"
#include "xcs/Plan/PlanFile.h"
#include "xcs/Syntax/Parser.h"
#include "llvm/Support/raw_ostream.h"
#include <gtest/gtest.h>
#include <map>

namespace xcs {

inline std::string printed(const Module &module) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  print(module, stream);
  return text;
}

/// A text without `loc(..)`, in which every `%name` is the number of its first occurrence: equal up to the
/// names of values.
inline std::string withoutNames(std::string_view text) {
  std::map<std::string, size_t, std::less<>> numbers;
  std::string out;
  for (size_t at = 0; at < text.size();) {
    if (text.substr(at).starts_with(" loc(")) {
      at = std::min(text.find('\n', at), text.size());
      continue;
    }
    out += text[at];
    if (text[at++] != '%')
      continue;
    size_t end = at;
    while (end < text.size() && (std::isalnum(static_cast<unsigned char>(text[end])) || text[end] == '_'))
      ++end;
    std::string name(text.substr(at, end - at));
    out += std::to_string(numbers.try_emplace(std::move(name), numbers.size()).first->second);
    at = end;
  }
  return out;
}

/// A tracer, with short ways to call it.
struct Trace {
  ExecutionTracer tracer;
  uint32_t line = 0; // of the calls; 0: each has one of its own
  uint32_t nextLine = 1;

  explicit Trace(TraceForm form = TraceForm::Segment, std::string_view symbol = "segment")
      : tracer(form, symbol) {}

  ConstantPool &pool() { return tracer.pool(); }
  TypeId str() { return pool().scalar(TypeKind::Str); }
  TypeId i64() { return pool().scalar(TypeKind::I64); }
  TraceOperand text(std::string_view value) { return {Value::str(value), str()}; }
  TraceOperand number(int64_t value) { return {Value::i64(value), i64()}; }

  Result<Recorded, TraceError> tried(std::string_view op, std::vector<TraceOperand> operands,
                                     std::vector<Builder::Attr> attributes = {}, std::string_view symbol = {},
                                     TypeId result = {}) {
    return tracer.add(
        {op, operands, attributes, symbol, result, {"dir/report.py", line ? line : nextLine++, 5}});
  }
  Recorded add(std::string_view op, std::vector<TraceOperand> operands,
               std::vector<Builder::Attr> attributes = {}, std::string_view symbol = {}, TypeId result = {}) {
    auto made = tried(op, std::move(operands), std::move(attributes), symbol, result);
    EXPECT_TRUE(made) << op << ": " << made.error().message;
    return made ? *made : Recorded();
  }
  /// Declares `model @gpt`.
  void model() {
    const Builder::Attr attributes[] = {{"url", pool().textAttr("http://127.0.0.1:8080/v1")},
                                        {"model", pool().textAttr("small")}};
    EXPECT_TRUE(tracer.declare(ResourceKind::Model, "gpt", attributes));
  }
  TraceSegment finish(std::vector<Recorded> wanted) { return tracer.finish(wanted); }
};

} // namespace xcs
