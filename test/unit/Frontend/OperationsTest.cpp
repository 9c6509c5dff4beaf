// Every operation of the table has a function of C++, which records it and nothing else but constants.
#include "xcs/Frontend/Combinators.h"
#include "xcs/IR/Verifier.h"
#include <gtest/gtest.h>
#include <set>

using namespace xcs;

namespace {

struct Row {
  Str name;
  I64 count;
  XCS_RECORD(name, count)
};

/// A parameter of the function that is being traced.
template <class T> T any() {
  const NamedFunction<T()> source("source", [](std::span<const Handle>) -> std::vector<Operand> {
    return {operandOf<T>(T(), Origin::current())};
  });
  return source();
}

/// A result has no zero.
template <> Outcome<Str> any<Outcome<Str>>() {
  return function("ok", [] { return result::ok("x"); })();
}

Model anyModel() { return Model("gpt", {.url = "http://127.0.0.1:8080/v1", .model = "small"}); }
Http anyHttp() { return Http("site", {.url = "http://127.0.0.1:8080"}); }

/// The operations besides constants and calls in the first function of a program.
std::set<std::string> recorded(const Module &module) {
  std::set<std::string> names;
  const ComputationGraph &graph = module.functions[0]->graph;
  for (uint32_t i = 0; i < graph.operationCount(); ++i) {
    const OpCode code = graph.operation(OpId(i)).code;
    if (code != OpCode::core_const && code != OpCode::core_call && code != OpCode::core_return)
      names.emplace(rowOf(code).name);
  }
  return names;
}

struct Called {
  std::string name;
  Traced traced;
};

const std::vector<Called> &allCalls() {
  static const std::vector<Called> calls = [] {
    std::vector<Called> made;
#define XCS_CALL(name, ...) made.push_back({name, traceFunction([] { (void)__VA_ARGS__; })});
#include "OperationCalls.inc"
#undef XCS_CALL
    return made;
  }();
  return calls;
}

} // namespace

TEST(Operations, EachFunctionRecordsItsOperation) {
  for (const Called &call : allCalls()) {
    ASSERT_TRUE(call.traced.module) << call.name << ": " << call.traced.error.message;
    EXPECT_EQ(recorded(*call.traced.module), std::set<std::string>{call.name});
  }
}

TEST(Operations, EachPureAndWorldOperationHasAFunction) {
  std::set<std::string_view> called = {"const", "record.make", "record.get", "record.with", "host.call"};
  for (const Called &call : allCalls())
    called.insert(call.name);
  for (size_t i = 0; i < opCodeCount; ++i) {
    const OpRow &row = rowOf(static_cast<OpCode>(i));
    EXPECT_TRUE(row.form == OpForm::Control || called.contains(row.name)) << row.name;
  }
}

TEST(Operations, WhatTheyRecordVerifies) {
  // Each of these needs one of two: an operand, or an attribute in its place.
  const std::set<std::string> partial = {"str.regex_match",  "str.regex_extract", "str.regex_extract_all",
                                         "str.regex_groups", "str.regex_replace", "str.regex_rewrite",
                                         "str.regex_split",  "str.join",          "str.split",
                                         "json.get",         "json.find",         "json.put",
                                         "json.validate",    "json.violations",   "model.chat",
                                         "http.request",     "exec.run",          "dict.make",
                                         "list.flat",        "str.fill"};
  for (const Called &call : allCalls()) {
    DiagnosticEngine diagnostics;
    if (!partial.contains(call.name) && !verify(*call.traced.module, diagnostics, Limits()))
      ADD_FAILURE() << call.name << ": " << diagnostics.all()[0].message;
  }
}
