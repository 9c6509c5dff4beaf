#include "IR/IrTest.h"

using namespace xcs;

namespace {
struct VerifierSymbol : FunctionTest {
  OpId call(std::string_view callee) {
    OpId op = builder->op(OpCode::core_call, {});
    builder->setSymbol(op, callee);
    return op;
  }
  void chat(std::string_view model) {
    builder->value(OpCode::model_chat, str, {parameter(0)});
    if (!model.empty())
      builder->setSymbol(lastOp(), model);
  }
};
} // namespace

TEST_F(VerifierSymbol, AModelCallNeedsAModel) {
  addModel();
  addResource(ResourceKind::Http, "web", {{"url", pool.textAttr("http://a.example")}});
  begin({{"q", str}});
  chat("gpt");
  chat("");
  chat("gp");
  chat("web");
  chat("main");
  EXPECT_EQ(diagnose(), "error: `model.chat` needs a model; write `model.chat @name` [missing-symbol]\n"
                        "error: there is no model `@gp`; did you mean `@gpt` [undefined-symbol]\n"
                        "error: `@web` is an http resource, but `model.chat` needs a model [symbol-kind]\n"
                        "error: `@main` is a function, but `model.chat` needs a model [symbol-kind]\n");
}

TEST_F(VerifierSymbol, ARequestMayHaveAResource) {
  addModel();
  addResource(ResourceKind::Http, "web", {{"url", pool.textAttr("http://a.example")}});
  TypeId header = record({{"name", str}, {"value", str}});
  TypeId response = record({{"status", i64}, {"headers", pool.list(header)}, {"body", str}});
  begin({{"q", str}});
  for (std::string_view resource : {"", "web", "gpt"}) {
    builder->value(OpCode::http_request, response, {parameter(0)});
    if (!resource.empty())
      builder->setSymbol(lastOp(), resource);
  }
  EXPECT_EQ(diagnose(),
            "error: `@gpt` is a model, but `http.request` needs an http resource [symbol-kind]\n");
}

TEST_F(VerifierSymbol, ACallNeedsAFunction) {
  addModel();
  begin({}, {}, "other");
  begin({});
  call("other");
  call("othr");
  call("gpt");
  builder->op(OpCode::core_call, {});
  EXPECT_EQ(diagnose(), "error: there is no function `@othr`; did you mean `@other` [undefined-symbol]\n"
                        "error: `@gpt` is a model, but `call` needs a function [symbol-kind]\n"
                        "error: `call` needs a function; write `call @name` [missing-symbol]\n");
}

TEST_F(VerifierSymbol, OtherOperationsTakeNone) {
  begin({});
  number();
  builder->setSymbol(lastOp(), "gpt");
  EXPECT_EQ(diagnose(), "error: `const` does not take a symbol; remove `@gpt` [unexpected-symbol]\n");
}

TEST_F(VerifierSymbol, ASymbolHasOneMeaning) {
  addModel();
  begin({}, {}, "gpt");
  addModel();
  std::string found = diagnose();
  std::string once = "error: `@gpt` is defined twice; give one of them another name [redefined-symbol]\n"
                     "note: `@gpt` was first defined here [first-defined-here]\n";
  EXPECT_EQ(found, once + once);
}

TEST_F(VerifierSymbol, FunctionsDoNotCallThemselves) {
  begin({}, {}, "a");
  call("a");
  EXPECT_EQ(diagnose(), "error: `@a` calls itself: @a -> @a; break the cycle, or write `attributes "
                        "{recursive}` on each function in it [recursion]\n");
}

TEST_F(VerifierSymbol, ALongerCycleIsNamed) {
  begin({}, {}, "main");
  call("a");
  for (auto [caller, callee] : {std::pair("a", "b"), {"b", "c"}, {"c", "a"}, {"d", "c"}}) {
    begin({}, {}, caller);
    call(callee);
  }
  EXPECT_EQ(diagnose(),
            "error: `@a` calls itself: @a -> @b -> @c -> @a; break the cycle, or write `attributes "
            "{recursive}` on each function in it [recursion]\n");
}

TEST_F(VerifierSymbol, AVeryLongCycleIsCutShort) {
  constexpr int count = 100000;
  for (int i = 0; i < count; ++i) {
    begin({}, {}, "f" + std::to_string(i));
    call("f" + std::to_string((i + 1) % count));
  }
  EXPECT_EQ(
      diagnose(),
      "error: `@f0` calls itself: @f0 -> @f1 -> @f2 -> @f3 -> @f4 -> @f5 -> @f6 -> @f7 -> (99992 more) "
      "-> @f0; break the cycle, or write `attributes {recursive}` on each function in it [recursion]\n");
}

TEST_F(VerifierSymbol, CallingTwiceIsNoRecursion) {
  begin({}, {}, "leaf");
  begin({}, {}, "middle");
  call("leaf");
  call("leaf");
  begin({});
  call("middle");
  call("leaf");
  EXPECT_EQ(diagnose(), "");
}

TEST_F(VerifierSymbol, AWriteIsSeenThroughCalls) {
  TypeId header = record({{"name", str}, {"value", str}});
  TypeId response = record({{"status", i64}, {"headers", pool.list(header)}, {"body", str}});
  begin({{"xs", pool.list(str)}});
  enter(builder->op(OpCode::core_map, {parameter(0)}), {{"x", str}});
  call("outer");
  call("silent");
  leave();
  begin({}, {}, "outer");
  call("middle");
  begin({}, {}, "middle");
  call("writer");
  begin({}, {}, "silent");
  begin({}, {}, "writer");
  builder->value(OpCode::http_request, response, {word("http://a.example")},
                 {{"method", pool.textAttr("DELETE")}});
  EXPECT_EQ(
      diagnose(),
      "error: `call @outer` writes in the body of a `map`, which has no order; add `{unordered}` to the "
      "`map` if any order is acceptable [unordered-write]\n"
      "note: the `map` is here [owner-is-here]\n");
}

/// What takes time to say is worked out only for the errors that are shown.
TEST_F(VerifierSymbol, ManyErrorsAmongManySymbolsTakeNoTime) {
  constexpr size_t count = 30000;
  for (size_t i = 0; i < count; ++i) {
    begin({}, {}, "function" + std::to_string(i));
    call("functoin" + std::to_string(i));
  }
  DiagnosticEngine engine;
  EXPECT_FALSE(verify(module, engine).ok());
  EXPECT_EQ(engine.errorCount(), count);
}
