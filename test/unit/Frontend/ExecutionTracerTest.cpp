#include "TraceTest.h"
#include "xcs/Frontend/TraceFunction.h"
#include "xcs/Frontend/TracingStrategy.h"

using namespace xcs;

namespace {

std::unique_ptr<Module> parsed(std::string_view text) {
  std::string messages;
  llvm::raw_string_ostream stream(messages);
  DiagnosticEngine diagnostics(&stream);
  auto module =
      parseModule(std::make_shared<SourceBuffer>("hand.xir", std::string(text)), diagnostics, {}, nullptr);
  EXPECT_TRUE(module) << messages;
  diagnostics.setLocations(nullptr);
  return module;
}

/// The plan of a module, which must compile.
std::unique_ptr<PlanFile> planOf(Module &module) {
  std::string messages;
  llvm::raw_string_ostream stream(messages);
  DiagnosticEngine diagnostics(&stream);
  diagnostics.showRemarks(false);
  auto bytes = compile(module, {}, diagnostics);
  EXPECT_TRUE(bytes) << messages << printed(module);
  if (!bytes)
    return nullptr;
  auto file = PlanFile::fromBytes(*bytes, "traced", diagnostics, {});
  EXPECT_TRUE(file) << messages;
  diagnostics.setLocations(nullptr);
  return file ? std::move(*file) : nullptr;
}

constexpr std::string_view handWritten = R"(
model @gpt {url = "http://127.0.0.1:8080/v1", model = "small"}

func @main(%question: str) -> str {
  %a = model.chat @gpt(%question) {temperature = 0.7} : str
  %b = model.chat @gpt(%question) {temperature = 0.7} : str
  %c = model.chat @gpt(%question) {temperature = 0.7} : str
  %d = model.chat @gpt(%question) {temperature = 0.7} : str
  %e = model.chat @gpt(%question) {temperature = 0.7} : str
  %drafts = list.pack(%a, %b, %c, %d, %e) : list<str>
  %all = str.join(%drafts) {separator = "\n---\n"} : str
  %prompt = str.format(%question, %all) {template = "Which is best for {0}?\n{1}"} : str
  %best = model.chat @gpt(%prompt) {temperature = 0.0, system = "You are a judge."} : str
  return(%best)
})";

} // namespace

TEST(TraceFunction, TheEnsembleIsTheHandWrittenOneUpToNames) {
  auto traced = traceFunction([](ExecutionTracer &tracer) -> Result<std::vector<Recorded>, TraceError> {
    ConstantPool &pool = tracer.pool();
    const Builder::Attr model[] = {{"url", pool.textAttr("http://127.0.0.1:8080/v1")},
                                   {"model", pool.textAttr("small")}};
    if (auto declared = tracer.declare(ResourceKind::Model, "gpt", model); !declared)
      return declared.error();
    const Recorded question = tracer.parameter(pool.scalar(TypeKind::Str), "question");
    std::vector<TraceOperand> drafts;
    const Builder::Attr warm[] = {{"temperature", pool.floatAttr(0.7)}};
    for (int i = 0; i < 5; ++i) {
      const TraceOperand prompt[] = {question};
      auto draft = tracer.add({"model.chat", prompt, warm, "gpt", {}, {"judge.cpp", 7}});
      if (!draft)
        return draft.error();
      drafts.push_back(*draft);
    }
    auto list = tracer.add({"list.pack", drafts, {}, {}, {}, {"judge.cpp", 8}});
    if (!list)
      return list.error();
    const TraceOperand separated[] = {*list};
    const Builder::Attr separator[] = {{"separator", pool.textAttr("\n---\n")}};
    auto all = tracer.add({"str.join", separated, separator, {}, {}, {"judge.cpp", 9}});
    if (!all)
      return all.error();
    const TraceOperand asked[] = {question, *all};
    const Builder::Attr form[] = {{"template", pool.textAttr("Which is best for {0}?\n{1}")}};
    auto prompt = tracer.add({"str.format", asked, form, {}, {}, {"judge.cpp", 10}});
    if (!prompt)
      return prompt.error();
    const TraceOperand judged[] = {*prompt};
    const Builder::Attr cold[] = {{"temperature", pool.floatAttr(0)},
                                  {"system", pool.textAttr("You are a judge.")}};
    auto best = tracer.add({"model.chat", judged, cold, "gpt", {}, {"judge.cpp", 11}});
    if (!best)
      return best.error();
    return std::vector<Recorded>{*best};
  });
  ASSERT_TRUE(traced) << traced.error().message;
  EXPECT_EQ(withoutNames(printed(**traced)), withoutNames(printed(*parsed(handWritten))));
  EXPECT_TRUE(planOf(**traced));
}

TEST(TraceFunction, ValuesAreConstantsAndAnErrorComesOut) {
  auto traced = traceFunction([](ExecutionTracer &tracer) -> Result<std::vector<Recorded>, TraceError> {
    const TraceOperand sum[] = {{Value::i64(1), tracer.pool().scalar(TypeKind::I64)},
                                {Value::i64(2), tracer.pool().scalar(TypeKind::I64)}};
    auto three = tracer.add({"i64.add", sum});
    if (!three)
      return three.error();
    return std::vector<Recorded>{*three};
  });
  ASSERT_TRUE(traced) << traced.error().message;
  EXPECT_EQ(withoutNames(printed(**traced)), withoutNames(printed(*parsed(R"(
func @main() -> i64 {
  %c = i64.add(1, 2) : i64
  return(%c)
})"))));
  auto wrong = traceFunction([](ExecutionTracer &tracer) -> Result<std::vector<Recorded>, TraceError> {
    return tracer.add({"no.such"}).error();
  });
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().id, Diag::UnknownOp);
  auto empty = traceFunction([](ExecutionTracer &) { return std::vector<Recorded>(); });
  ASSERT_FALSE(empty);
  EXPECT_EQ(empty.error().id, Diag::NotRecorded) << "[not-recorded]";
}

TEST(ExecutionTracer, EqualGraphsAreEqualWhateverTheValues) {
  Trace trace;
  std::vector<std::string> texts;
  for (const char *word : {"a", "b", "b"}) {
    trace.nextLine = 1;
    const TraceOperand given = trace.text(word);
    Recorded joined = trace.add("str.concat", {given, trace.text("c")});
    Recorded upper = trace.add("str.upper", {joined});
    TraceSegment segment = trace.finish({upper});
    ASSERT_EQ(segment.parameters.size(), 2u) << "no value is in the graph";
    EXPECT_EQ(segment.parameters[0].value.text(), word);
    EXPECT_EQ(segment.ordinal, texts.size());
    texts.push_back(printed(*segment.module));
  }
  EXPECT_EQ(texts[0], texts[1]);
  EXPECT_EQ(texts[1], texts[2]);
}

TEST(ExecutionTracer, FiveEqualSamplesStayFiveAndEachHasTheNameOfItsCall) {
  Trace trace;
  trace.model();
  trace.line = 6;
  const Recorded question = trace.tracer.parameter(trace.str());
  std::vector<TraceOperand> drafts;
  std::vector<Recorded> wanted;
  for (int i = 0; i < 5; ++i) {
    wanted.push_back(trace.add("model.chat", {question}, {}, "gpt"));
    drafts.push_back(wanted.back());
  }
  wanted.push_back(trace.add("list.pack", drafts));
  TraceSegment segment = trace.finish(wanted);
  std::unique_ptr<PlanFile> file = planOf(*segment.module);
  ASSERT_TRUE(file);
  std::vector<std::string> draws;
  for (const PlanOp &op : file->view().ops)
    if (op.code == OpCode::model_chat)
      draws.emplace_back(file->view().constants.textAttr(file->view().constants.find(op.dict, "draw")));
  EXPECT_EQ(draws, (std::vector<std::string>{"report.py:6", "report.py:6#1", "report.py:6#2", "report.py:6#3",
                                             "report.py:6#4"}));
  const PlanLocation &at = file->view().locations[file->view().ops[0].location];
  EXPECT_EQ(file->view().constants.text(at.file), "dir/report.py");
  EXPECT_EQ(at.line, 6u);
}

TEST(ExecutionTracer, WhatTouchesTheWorldIsKeptThoughNobodyWantsIt) {
  Trace trace;
  trace.model();
  trace.add("model.chat", {trace.text("hello")}, {}, "gpt");
  trace.add("host.call", {},
            {{"function", trace.pool().textAttr("f")}, {"effect", trace.pool().textAttr("pure")}});
  Recorded used = trace.add("str.upper", {trace.text("a")});
  std::unique_ptr<PlanFile> file = planOf(*trace.finish({used}).module);
  ASSERT_TRUE(file);
  EXPECT_EQ(file->view().ops.size(), 3u);
}

TEST(ExecutionTracer, AResultOfAnEarlierSegmentIsOneParameter) {
  Trace trace;
  Recorded first = trace.add("str.upper", {trace.text("a")}),
           unwanted = trace.add("str.lower", {trace.text("B")});
  trace.finish({first});
  EXPECT_TRUE(trace.tracer.knows(first));
  EXPECT_FALSE(trace.tracer.knows(unwanted));
  EXPECT_EQ(trace.tracer.typeOf(first), trace.str());
  Recorded twice = trace.add("str.concat", {first, first}), again = trace.add("str.concat", {twice, first});
  TraceSegment segment = trace.finish({again});
  ASSERT_EQ(segment.parameters.size(), 1u);
  EXPECT_EQ(segment.parameters[0].earlier, first);
  EXPECT_EQ(segment.results, std::vector<Recorded>{again});
  auto gone = trace.tried("str.upper", {unwanted});
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().id, Diag::NotRecorded);
  trace.tracer.forget(first);
  EXPECT_FALSE(trace.tried("str.upper", {first}));
  EXPECT_FALSE(trace.tracer.knows(first));
}

namespace {

struct WrongCall {
  std::string_view op;
  Diag id;
  std::string_view message; // a part of it
  std::vector<TraceOperand> operands = {};
  std::vector<Builder::Attr> attributes = {};
  std::string_view symbol = {};
};

/// Each call is rejected, twice, since what was found out once is still wrong; then the segment is as if none
/// had been made.
void expectWrong(Trace &trace, Recorded good, std::span<const WrongCall> calls) {
  for (int round = 0; round < 2; ++round)
    for (const WrongCall &call : calls) {
      auto made = trace.tried(call.op, call.operands, call.attributes, call.symbol);
      ASSERT_FALSE(made) << call.op << " " << call.message;
      EXPECT_EQ(made.error().id, call.id) << call.op << ": " << made.error().message;
      EXPECT_NE(made.error().message.find(call.message), std::string::npos) << made.error().message;
      EXPECT_EQ(trace.tracer.size(), 1u);
    }
  TraceSegment segment = trace.finish({good});
  EXPECT_EQ(segment.parameters.size(), 1u) << "values of rejected calls are gone";
  EXPECT_TRUE(planOf(*segment.module));
}

} // namespace

TEST(ExecutionTracer, AWrongCallIsToldAsTheVerifierTellsItAndRecordsNothing) {
  Trace trace;
  trace.model();
  Recorded text = trace.add("str.upper", {trace.text("a")});
  const AttrId a = trace.pool().textAttr("a"), negative = trace.pool().floatAttr(-1);
  const AttrId two = trace.pool().textAttr("{0} {1}");
  const WrongCall wrong[] = {
      {"str.uper", Diag::UnknownOp, "there is no operation `str.uper`; did you mean `str.upper`", {text}},
      {"", Diag::UnknownOp, "there is no operation ``"},
      {"str.upper", Diag::OperandCount, "takes 1 operand, not 2", {text, text}},
      {"str.upper", Diag::OperandType, "cannot pass `i64` as `str`", {trace.number(1)}},
      {"str.join", Diag::OperandType, "cannot pass `str` as", {text}},
      {"json.cast", Diag::OperandType, "as `json`", {text}},
      {"str.upper", Diag::UnknownAttribute, "has no attribute", {text}, {{"field", a}}},
      {"host.call", Diag::MissingAttribute, "needs the attribute `function`", {text}},
      {"model.chat", Diag::AttributeType, "must be", {text}, {{"temperature", a}}, "gpt"},
      {"model.chat", Diag::BadAttribute, "must not be negative", {text}, {{"temperature", negative}}, "gpt"},
      {"str.format", Diag::BadAttribute, "template", {text}, {{"template", two}}},
      {"model.chat", Diag::UndefinedSymbol, "`@gtp`", {text}, {}, "gtp"},
      {"model.chat", Diag::MissingSymbol, "needs", {text}},
  };
  expectWrong(trace, text, wrong);
}

TEST(ExecutionTracer, WhatOnlyTheTracerRejectsRecordsNothingEither) {
  Trace trace;
  trace.model();
  Recorded text = trace.add("str.upper", {trace.text("a")});
  const AttrId a = trace.pool().textAttr("a"), unit = trace.pool().unitAttr();
  const TraceOperand wrongKind(Value::i64(1), trace.str()), wrongText(Value::str("\xff"), trace.str()),
      untyped(Value::i64(1), TypeId());
  const WrongCall wrong[] = {
      {"if", Diag::NotRecorded, "control flow", {text}},
      {"return", Diag::NotRecorded, "control flow"},
      {"list.pack", Diag::NotRecorded, "give it with the call"},
      {"model.chat", Diag::NotRecorded, "names its draws", {text}, {{"draw", a}}, "gpt"},
      {"str.upper", Diag::DuplicateKey, "given twice", {text}, {{"keep", unit}, {"keep", unit}}},
      {"str.upper", Diag::UnknownAttribute, "has no attribute", {text}, {{"\xff", unit}}},
      {"str.upper", Diag::ConstantType, "does not match `str`", {wrongKind}},
      {"str.upper", Diag::ConstantType, "does not match", {wrongText}},
      {"str.upper", Diag::ConstantType, "any type", {untyped}},
  };
  expectWrong(trace, text, wrong);
}

TEST(ExecutionTracer, AnOpenResultHasItsUsualTypeOrTheOneThatIsGiven) {
  Trace trace;
  trace.model();
  const TypeId str = trace.str(), i64 = trace.i64();
  const Builder::Attr name{"function", trace.pool().textAttr("f")};
  EXPECT_EQ(trace.tracer.typeOf(trace.add("model.chat", {trace.text("a")}, {}, "gpt")), str);
  EXPECT_EQ(trace.tracer.typeOf(trace.add("model.chat", {trace.text("a")}, {}, "gpt", i64)), i64);
  EXPECT_EQ(trace.tracer.typeOf(trace.add("host.call", {}, {name})), trace.pool().scalar(TypeKind::Json));
  EXPECT_EQ(trace.tracer.typeOf(trace.add("host.call", {}, {name}, {}, trace.pool().list(i64))),
            trace.pool().list(i64));
  EXPECT_EQ(trace.tracer.typeOf(trace.add("list.pack", {trace.number(1)})), trace.pool().list(i64));
  EXPECT_EQ(trace.tracer.typeOf(trace.add("list.pack", {}, {}, {}, trace.pool().list(str))),
            trace.pool().list(str));
  Recorded answer = trace.add("http.request", {trace.text("http://a.example/")});
  Recorded status = trace.add("record.get", {answer}, {{"field", trace.pool().textAttr("status")}});
  EXPECT_EQ(trace.tracer.typeOf(status), i64);
  auto wrong = trace.tried("str.upper", {trace.text("a")}, {}, {}, i64);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().id, Diag::ResultType);
  EXPECT_TRUE(planOf(*trace.finish({status}).module));
}

TEST(ExecutionTracer, NamesThatNoTextCouldSayAreNumbersOrErrors) {
  Trace trace;
  std::vector<TraceOperand> texts;
  for (std::string_view name : {"p1", "", "a b", "good", "good", "\xff", "1a"})
    texts.emplace_back(trace.tracer.parameter(trace.str(), name));
  trace.line = 3;
  const Recorded all = trace.add("list.pack", texts);
  TraceSegment segment = trace.finish({all});
  const std::string text = printed(*segment.module);
  EXPECT_EQ(
      text.find("func @segment(%p0: str, %p1: str, %p2: str, %good: str, %p4: str, %p5: str, %p6: str)"), 0u)
      << text;
  EXPECT_TRUE(parsed(text));
  for (std::string_view name : {"", "gpt 4", "4o", "\xff"}) {
    auto wrong = trace.tracer.declare(ResourceKind::Model, name, {});
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().id, Diag::NotRecorded) << wrong.error().message;
  }
  auto strange = trace.tracer.add({"time.now", {}, {}, {}, {}, {"dir/\xff\n.py", 1}});
  ASSERT_TRUE(strange);
  TraceSegment odd = trace.finish({*strange});
  EXPECT_TRUE(planOf(*odd.module)) << "whatever the file's name is";
}

TEST(ExecutionTracer, ASegmentHoldsTheResourcesThatItUses) {
  Trace trace;
  trace.model();
  TraceSegment without = trace.finish({trace.add("str.upper", {trace.text("a")})});
  EXPECT_TRUE(without.module->resources.empty());
  TraceSegment with = trace.finish({trace.add("model.chat", {trace.text("a")}, {}, "gpt")});
  ASSERT_EQ(with.module->resources.size(), 1u);
  EXPECT_TRUE(planOf(*with.module));
  trace.model(); // the same again
  const Builder::Attr other[] = {{"url", trace.pool().textAttr("http://a.example/")},
                                 {"model", trace.pool().textAttr("b")}};
  auto twice = trace.tracer.declare(ResourceKind::Model, "gpt", other);
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().id, Diag::RedefinedSymbol);
  auto broken = trace.tracer.declare(ResourceKind::Model, "bad", {});
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().id, Diag::MissingAttribute);
}

TEST(ExecutionTracer, SecretsListsAndTypesInAttributesAreTheirs) {
  Trace trace;
  ConstantPool &pool = trace.pool();
  const AttrId texts[] = {pool.textAttr("a"), pool.textAttr("b")};
  const DictEntry env[] = {
      {pool.intern("TOKEN"), pool.secretAttr(pool.intern("KEY"), pool.intern("Bearer "))},
      {pool.intern("HOME"), pool.envAttr(pool.intern("HOME"))}};
  Recorded command = trace.add("list.pack", {trace.text("cc")});
  Recorded ran = trace.add("exec.run", {command},
                           {{"reads", pool.listAttr(texts)},
                            {"writes", pool.listAttr({})},
                            {"env", pool.dictAttr(pool.dict(env))}});
  TraceSegment segment = trace.finish({ran});
  const std::string text = printed(*segment.module);
  EXPECT_NE(
      text.find(
          R"(reads = ["a", "b"], writes = [], env = {TOKEN = secret("KEY", prefix = "Bearer "), HOME = env("HOME")})"),
      std::string::npos)
      << text;
  EXPECT_TRUE(planOf(*segment.module));
}

TEST(ExecutionTracer, NothingRecordedIsNoSegment) {
  Trace trace;
  EXPECT_FALSE(trace.finish({}).module);
  trace.add("str.upper", {trace.text("a")});
  trace.tracer.discard();
  EXPECT_EQ(trace.tracer.size(), 0u);
  EXPECT_FALSE(trace.finish({}).module);
  Recorded next = trace.add("str.upper", {trace.text("a")});
  EXPECT_EQ(trace.finish({next}).ordinal, 0u);
}

TEST(TracingStrategy, ASegmentEndsBeforeALookAndBeforeItIsTooLongOrTooOld) {
  Trace trace;
  trace.model();
  TracingStrategy strategy({.mostOperations = 3, .longestWait = 100});
  EXPECT_FALSE(strategy.endsBeforeWait(trace.tracer)) << "there is nothing to end";
  trace.add("str.upper", {trace.text("a")});
  EXPECT_FALSE(strategy.endsAfterCall(trace.tracer, 0));
  EXPECT_FALSE(strategy.endsAfterCall(trace.tracer, 1000)) << "nothing waits for the world yet";
  EXPECT_TRUE(strategy.endsBeforeWait(trace.tracer));
  trace.add("model.chat", {trace.text("a")}, {}, "gpt");
  EXPECT_FALSE(strategy.endsAfterCall(trace.tracer, 1000));
  EXPECT_FALSE(strategy.endsAfterCall(trace.tracer, 1099));
  EXPECT_TRUE(strategy.endsAfterCall(trace.tracer, 1100));
  trace.add("str.upper", {trace.text("a")});
  EXPECT_TRUE(strategy.endsAfterCall(trace.tracer, 1001)) << "it is long enough";
  trace.finish({});
  strategy.begin();
  trace.add("model.chat", {trace.text("a")}, {}, "gpt");
  EXPECT_FALSE(strategy.endsAfterCall(trace.tracer, 5000));
}
