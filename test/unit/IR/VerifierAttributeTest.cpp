#include "IR/IrTest.h"

using namespace xcs;

namespace {
struct VerifierAttribute : FunctionTest {
  /// The message about `time.sleep` with these attributes.
  std::string sleepWith(std::initializer_list<Builder::Attr> attrs) {
    begin({{"d", duration}}, {}, "f" + std::to_string(module.functions.size()));
    builder->value(OpCode::time_sleep, none, {parameter(0)}, attrs);
    std::string found = diagnose();
    module.functions.back()->graph.setAttributes(lastOp(), DictId()); // right again
    return found;
  }
  std::string resourceWith(ResourceKind kind, std::initializer_list<Builder::Attr> attrs) {
    addResource(kind, "r" + std::to_string(module.resources.size()), attrs);
    std::string found = diagnose();
    module.resources.clear();
    return found;
  }
  AttrId url = pool.textAttr("http://a.example");
};
} // namespace

TEST_F(VerifierAttribute, AnUnknownNameSuggestsTheNearest) {
  begin({{"xs", pool.list(str)}});
  builder->value(OpCode::str_join, str, {parameter(0)}, {{"seperator", pool.textAttr(",")}});
  builder->value(OpCode::str_join, str, {parameter(0)}, {{"timeout", pool.durationAttr(1)}});
  builder->value(OpCode::str_join, str, {parameter(0)}, {{"hint.latncy", pool.durationAttr(1)}});
  EXPECT_EQ(diagnose(),
            "error: `str.join` has no attribute `seperator`; did you mean `separator` [unknown-attribute]\n"
            "error: `str.join` has no attribute `timeout` [unknown-attribute]\n"
            "error: `str.join` has no attribute `hint.latncy`; did you mean `hint.latency` "
            "[unknown-attribute]\n");
}

TEST_F(VerifierAttribute, CommonAttributesAreOfEveryOperation) {
  EXPECT_EQ(sleepWith({{"keep", pool.unitAttr()},
                       {"hint.latency", pool.durationAttr(5)},
                       {"sched.priority", pool.intAttr(1)},
                       {"pattern.kind", pool.textAttr("map")},
                       {"timeout", pool.durationAttr(5)}}),
            "");
}

TEST_F(VerifierAttribute, BesideThemAreFactsAndNothingElse) {
  begin({{"d", duration}});
  ComputationGraph &graph = module.functions.back()->graph;
  builder->value(OpCode::time_sleep, none, {parameter(0)},
                 {{"timeout", pool.durationAttr(5)}, {"sched.order", pool.intAttr(1)}});
  const Operation &op = graph.operation(lastOp());
  EXPECT_EQ(op.attributes, dict({{"timeout", pool.durationAttr(5)}}));
  EXPECT_EQ(graph.facts(lastOp()), dict({{"sched.order", pool.intAttr(1)}}));
  EXPECT_EQ(diagnose(), "");
  // A plan leaves them out, so what means something must not be among them.
  graph.setFacts(lastOp(), dict({{"sched.order", pool.intAttr(1)}, {"timeout", pool.durationAttr(9)}}));
  EXPECT_EQ(diagnose(), "error: `time.sleep` has no attribute `timeout` [unknown-attribute]\n");
}

TEST_F(VerifierAttribute, WhatIsRequiredMustBeGiven) {
  begin({});
  builder->value(OpCode::core_const, i64, {});
  builder->value(OpCode::str_format, str, {});
  EXPECT_EQ(diagnose(),
            "error: `const` needs the attribute `value`; add it as a literal [missing-attribute]\n"
            "error: `str.format` needs the attribute `template`; add it as a string [missing-attribute]\n");
}

TEST_F(VerifierAttribute, EachHasItsType) {
  EXPECT_EQ(sleepWith({{"timeout", pool.intAttr(5)}}),
            "error: the attribute `timeout` of `time.sleep` must be a duration such as `250ms`, not `5` "
            "[attribute-type]\n");
  EXPECT_EQ(
      sleepWith({{"timeout", pool.unitAttr()}}),
      "error: the attribute `timeout` of `time.sleep` must be a duration such as `250ms`, not a bare name "
      "[attribute-type]\n");
  EXPECT_EQ(sleepWith({{"keep", pool.intAttr(1)}}), "error: the attribute `keep` of `time.sleep` must be a "
                                                    "flag: the bare name, or `true` or `false`, not `1` "
                                                    "[attribute-type]\n");
  EXPECT_EQ(sleepWith({{"hint.cost", pool.intAttr(1)}}), "") << "an integer is a number";
}

TEST_F(VerifierAttribute, NumbersAndDurationsAreInTheirRange) {
  EXPECT_EQ(sleepWith({{"timeout", pool.durationAttr(0)}}),
            "error: the attribute `timeout` of `time.sleep` must be longer than 0s [bad-attribute]\n");
  EXPECT_EQ(sleepWith({{"hint.cost", pool.floatAttr(-0.5)}}),
            "error: the attribute `hint.cost` of `time.sleep` must not be negative [bad-attribute]\n");
  EXPECT_EQ(sleepWith({{"hint.cost", pool.floatAttr(__builtin_nan(""))}}),
            "error: the attribute `hint.cost` of `time.sleep` must be a finite number [bad-attribute]\n");
}

TEST_F(VerifierAttribute, WordsAreOfTheirList) {
  EXPECT_EQ(sleepWith({{"cache", pool.textAttr("off")}}), "");
  EXPECT_EQ(
      sleepWith({{"cache", pool.textAttr("never")}}),
      "error: the attribute `cache` of `time.sleep` must be `auto`, `off` or `sample` [bad-attribute]\n");
}

TEST_F(VerifierAttribute, RetryHasItsEntries) {
  TypeId header = record({{"name", str}, {"value", str}});
  TypeId response = record({{"status", i64}, {"headers", pool.list(header)}, {"body", str}});
  auto retry = [&](std::initializer_list<Builder::Attr> entries) {
    begin({{"url", str}}, {}, "f" + std::to_string(module.functions.size()));
    builder->value(OpCode::http_request, response, {parameter(0)}, {{"retry", pool.dictAttr(dict(entries))}});
    std::string found = diagnose();
    module.functions.back()->graph.setAttributes(lastOp(), DictId());
    return found;
  };
  EXPECT_EQ(retry({{"max", pool.intAttr(3)}, {"base", pool.durationAttr(1)}, {"cap", pool.durationAttr(9)}}),
            "");
  EXPECT_EQ(retry({{"max", pool.intAttr(-1)}}),
            "error: the attribute `retry` of `http.request` has a `max` that is not a "
            "number of attempts [bad-attribute]\n");
  EXPECT_EQ(retry({{"cap", pool.intAttr(1)}}),
            "error: the attribute `retry` of `http.request` has a `cap` that is not a "
            "duration above 0s [bad-attribute]\n");
  EXPECT_EQ(retry({{"times", pool.intAttr(1)}}),
            "error: the attribute `retry` of `http.request` has no entry `times`; it "
            "has `max`, `base` and `cap` [bad-attribute]\n");
  EXPECT_EQ(sleepWith({{"retry", pool.dictAttr(dict({}))}}),
            "error: `time.sleep` has no attribute `retry` [unknown-attribute]\n")
      << "only requests are made again";
}

TEST_F(VerifierAttribute, AMethodIsOneThatHasAnEffect) {
  begin({{"url", str}});
  TypeId header = record({{"name", str}, {"value", str}});
  TypeId response = record({{"status", i64}, {"headers", pool.list(header)}, {"body", str}});
  builder->value(OpCode::http_request, response, {parameter(0)}, {{"method", pool.textAttr("PATCH")}});
  builder->value(OpCode::http_request, response, {parameter(0)}, {{"method", pool.textAttr("get")}});
  builder->value(OpCode::http_request, response, {parameter(0)},
                 {{"headers", pool.dictAttr(dict({{"X", pool.secretAttr(pool.intern("K"), StringId())}}))}});
  builder->value(OpCode::http_request, response, {parameter(0)},
                 {{"headers", pool.dictAttr(dict({{"X", pool.intAttr(1)}}))}});
  builder->value(OpCode::http_request, record({{"status", i64}}), {parameter(0)});
  EXPECT_EQ(
      diagnose(),
      "error: the attribute `method` of `http.request` must be one of `GET`, `HEAD`, `PUT`, `DELETE`, "
      "`POST`, "
      "`PATCH` [bad-attribute]\n"
      "error: the attribute `headers` of `http.request` has a `X` that is neither a string nor `secret(..)` "
      "nor `env(..)` [bad-attribute]\n"
      "error: `http.request` returns `record<status: i64, headers: list<record<name: str, value: "
      "str>>, "
      "body: str>`, or `bytes` as the `body`, not `record<status: i64>`; correct its types [type-rule]\n");
}

TEST_F(VerifierAttribute, AKeyIsASecret) {
  EXPECT_EQ(resourceWith(ResourceKind::Model, {{"url", url},
                                               {"model", pool.textAttr("m")},
                                               {"key", pool.secretAttr(pool.intern("K"), StringId())}}),
            "");
  EXPECT_EQ(
      resourceWith(ResourceKind::Model,
                   {{"url", url}, {"model", pool.textAttr("m")}, {"key", pool.textAttr("sk-1")}}),
      "error: the attribute `key` of `model` must be `secret(\"NAME\")`: a program never contains a key "
      "[bad-attribute]\n");
}

TEST_F(VerifierAttribute, ThePrefixOfASecretIsOneLine) {
  auto keyBehind = [&](std::string_view prefix) {
    return resourceWith(ResourceKind::Model,
                        {{"url", url},
                         {"model", pool.textAttr("m")},
                         {"key", pool.secretAttr(pool.intern("K"), pool.intern(prefix))}});
  };
  auto headerBehind = [&](std::string_view prefix) {
    AttrId secret = pool.secretAttr(pool.intern("K"), pool.intern(prefix));
    return resourceWith(ResourceKind::Http,
                        {{"url", url}, {"headers", pool.dictAttr(dict({{"X", secret}}))}});
  };
  for (std::string_view good : {"Bearer ", "", "Kl\xc3\xb6\xc3\x9f ", "\xc2\xa0"}) {
    EXPECT_EQ(keyBehind(good), "") << good;
    EXPECT_EQ(headerBehind(good), "") << good;
  }
  using namespace std::string_view_literals;
  for (std::string_view bad :
       {"Bearer \r\nX-Evil: 1\r\n"sv, "a\r"sv, "a\n"sv, "\n b"sv, "\0"sv, "\t"sv, "\x7f"sv, "\xc2\x85"sv}) {
    EXPECT_EQ(keyBehind(bad),
              "error: the attribute `key` of `model` has a control character in the prefix of a "
              "secret; it is one line [bad-attribute]\n");
    EXPECT_EQ(headerBehind(bad),
              "error: the attribute `headers` of `http` has a control character in the prefix "
              "of a secret; it is one line [bad-attribute]\n");
  }
}

TEST_F(VerifierAttribute, AUrlIsAStringOrFromTheEnvironment) {
  EXPECT_EQ(resourceWith(ResourceKind::Http, {{"url", pool.envAttr(pool.intern("URL"))}}), "");
  EXPECT_EQ(resourceWith(ResourceKind::Http, {{"url", pool.intAttr(1)}}),
            "error: the attribute `url` of `http` must be a string or `env(\"NAME\")` [bad-attribute]\n");
  EXPECT_EQ(resourceWith(ResourceKind::Http, {{"url", pool.textAttr("a.example")}}),
            "error: the attribute `url` of `http` must begin with `http://` or `https://` [bad-attribute]\n");
}

TEST_F(VerifierAttribute, ResourcesHaveTheAttributesOfTheirKind) {
  EXPECT_EQ(
      resourceWith(ResourceKind::Model, {{"url", url}, {"max_inflight", pool.intAttr(1)}}),
      "error: `model` has no attribute `max_inflight`; did you mean `max_in_flight` [unknown-attribute]\n"
      "error: `model` needs the attribute `model`; add it as a string [missing-attribute]\n");
  EXPECT_EQ(resourceWith(ResourceKind::Http, {{"url", url}, {"keep", pool.unitAttr()}}),
            "error: `http` has no attribute `keep` [unknown-attribute]\n")
      << "what operations have in common is not of resources";
  EXPECT_EQ(resourceWith(ResourceKind::Http, {{"url", url}, {"max_in_flight", pool.intAttr(0)}}),
            "error: the attribute `max_in_flight` of `http` must be at least 1 [bad-attribute]\n");
}
