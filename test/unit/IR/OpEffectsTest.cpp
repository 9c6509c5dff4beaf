#include "xcs/IR/OpEffects.h"
#include "IR/IrTest.h"

using namespace xcs;

namespace {
struct OpEffects : FunctionTest {
  OpEffects() { begin({}); }

  Effect effectWith(OpCode code, std::initializer_list<Builder::Attr> attrs) {
    OpId op = builder->op(code, {}, attrs);
    return effectOf(pool.view(), graph().operation(op));
  }
  Effect request(std::string_view method, std::initializer_list<Builder::Attr> more = {}) {
    std::vector<DictEntry> entries{{pool.intern("method"), pool.textAttr(method)}};
    for (const Builder::Attr &attr : more)
      entries.push_back({pool.intern(attr.key), attr.value});
    OpId op = builder->op(OpCode::http_request, {});
    graph().setAttributes(op, pool.dict(entries));
    return effectOf(pool.view(), graph().operation(op));
  }
  Builder::Attr flag(std::string_view name) { return {name, pool.unitAttr()}; }
};
} // namespace

TEST_F(OpEffects, AMethodSaysWhatARequestDoes) {
  EXPECT_EQ(effectWith(OpCode::http_request, {}), Effect::Sample) << "GET when nothing is said";
  EXPECT_EQ(request("GET"), Effect::Sample);
  EXPECT_EQ(request("HEAD"), Effect::Sample);
  EXPECT_EQ(request("PUT"), Effect::WriteIdempotent);
  EXPECT_EQ(request("DELETE"), Effect::WriteIdempotent);
  EXPECT_EQ(request("POST"), Effect::WriteNever);
  EXPECT_EQ(request("PATCH"), Effect::WriteNever);
  EXPECT_EQ(request("BREW"), Effect::WriteNever) << "what nobody knows is taken for the worst";
}

TEST_F(OpEffects, APostMaySayThatItOnlyAsks) {
  Builder::Attr asks{"effect", pool.textAttr("sample")};
  EXPECT_EQ(request("POST", {asks}), Effect::Sample);
  EXPECT_EQ(request("PATCH", {asks}), Effect::WriteNever) << "only POST asks";
  EXPECT_EQ(request("PUT", {asks}), Effect::WriteIdempotent);
}

TEST_F(OpEffects, AKeyLetsAPostBeRepeated) {
  Builder::Attr key{"idempotency_key", pool.textAttr("k")};
  EXPECT_EQ(request("POST", {key}), Effect::WriteKeyed);
  EXPECT_EQ(request("PUT", {key}), Effect::WriteIdempotent);
}

TEST_F(OpEffects, WhatDoesNotChangeIsRead) {
  EXPECT_EQ(request("GET", {flag("stable")}), Effect::Read);
  EXPECT_EQ(request("POST", {flag("stable")}), Effect::WriteNever);
  EXPECT_EQ(effectWith(OpCode::model_chat, {}), Effect::Sample);
  EXPECT_EQ(effectWith(OpCode::model_chat, {flag("deterministic")}), Effect::Read);
  EXPECT_EQ(effectWith(OpCode::model_chat, {{"deterministic", pool.boolAttr(true)}}), Effect::Read);
  EXPECT_EQ(effectWith(OpCode::model_chat, {{"deterministic", pool.boolAttr(false)}}), Effect::Sample);
}

TEST_F(OpEffects, AFunctionOfTheHostDoesWhatItsProgramSays) {
  auto said = [&](std::string_view effect, std::string_view repeat = "never") {
    return effectWith(OpCode::host_call,
                      {{"effect", pool.textAttr(effect)}, {"repeat", pool.textAttr(repeat)}});
  };
  EXPECT_EQ(effectWith(OpCode::host_call, {}), Effect::WriteNever) << "without a word it may do anything";
  EXPECT_EQ(said("pure"), Effect::Pure);
  EXPECT_EQ(said("sample"), Effect::Sample);
  EXPECT_EQ(said("read"), Effect::Read);
  EXPECT_EQ(said("read(db)", "idempotent"), Effect::Read);
  EXPECT_EQ(said("write"), Effect::WriteNever);
  EXPECT_EQ(said("write(db)", "idempotent"), Effect::WriteIdempotent);
  EXPECT_EQ(said("perhaps"), Effect::WriteNever) << "what nobody knows is taken for the worst";
}

TEST_F(OpEffects, OtherOperationsDoWhatTheirRowSays) {
  EXPECT_EQ(effectWith(OpCode::i64_add, {}), Effect::Pure);
  EXPECT_EQ(effectWith(OpCode::log_print, {}), Effect::Log);
  EXPECT_EQ(effectWith(OpCode::core_map, {}), Effect::Bodies);
  EXPECT_EQ(effectWith(OpCode::core_assert, {}), Effect::Guard);
}

TEST(IsWrite, OnlyWritesAre) {
  EXPECT_TRUE(isWrite(Effect::WriteIdempotent));
  EXPECT_TRUE(isWrite(Effect::WriteKeyed));
  EXPECT_TRUE(isWrite(Effect::WriteNever));
  for (Effect effect :
       {Effect::Pure, Effect::Read, Effect::Sample, Effect::Guard, Effect::Bodies, Effect::Log, Effect::Wait})
    EXPECT_FALSE(isWrite(effect));
}
