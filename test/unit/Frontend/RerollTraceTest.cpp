// Traced programs are, after `reroll`, those that a person writes.
#include "Frontend/TraceTest.h"

using namespace xcs;

namespace {

constexpr std::string_view model = "model @gpt {url = \"http://127.0.0.1:8080/v1\", model = \"small\"}\n";

std::unique_ptr<Module> parsed(std::string_view text) {
  std::string messages;
  llvm::raw_string_ostream stream(messages);
  DiagnosticEngine diagnostics(&stream);
  auto module = parseModule(
      std::make_shared<SourceBuffer>("test.xir", std::string(model) + std::string(text)), diagnostics);
  EXPECT_TRUE(module) << messages;
  return module;
}

/// The program after the passes up to `reroll`, without names.
std::string after(Module &module, bool rerolls) {
  std::string messages;
  llvm::raw_string_ostream stream(messages);
  DiagnosticEngine diagnostics(&stream);
  diagnostics.showRemarks(false);
  diagnostics.setLocations(&module.locations);
  CompileOptions options;
  Result<PipelineSteps> steps = parsePipeline(
      rerolls ? "inline,canonicalize,cse,dce,reroll" : "inline,canonicalize,cse,dce", diagnostics);
  options.passes = *steps;
  options.nameDraws = false;
  EXPECT_TRUE(optimize(module, options, diagnostics)) << messages;
  return withoutNames(printed(module));
}

void expectRerolled(Trace &trace, Recorded result, std::string_view handWritten) {
  TraceSegment segment = trace.finish({result});
  std::unique_ptr<Module> written = parsed(handWritten);
  ASSERT_TRUE(written && segment.module);
  const std::string wanted = after(*written, false);
  EXPECT_NE(wanted.find("map("), wanted.npos);
  EXPECT_EQ(after(*segment.module, true), wanted);
}

} // namespace

TEST(RerollTrace, FiveDraftsAndAJudge) {
  Trace trace(TraceForm::Program, "main");
  trace.model();
  const Recorded topic = trace.tracer.parameter(trace.str(), "topic");
  const Builder::Attr form[] = {{"template", trace.pool().textAttr("Write a {0} text on {1}.")}};
  std::vector<TraceOperand> drafts;
  for (const char *style : {"short", "long", "plain", "funny", "sad"}) {
    const Recorded prompt = trace.add("str.format", {trace.text(style), topic}, {form[0]});
    drafts.push_back(trace.add("model.chat", {prompt}, {}, "gpt"));
  }
  const Recorded all =
      trace.add("str.join", {trace.add("list.pack", drafts)}, {{"separator", trace.pool().textAttr("\n")}});
  const Recorded ask = trace.add("str.concat", {trace.text("Which is best?\n"), all});
  expectRerolled(trace, trace.add("model.chat", {ask}, {}, "gpt"), R"(
func @main(%topic: str) -> str {
  %styles = const {value = ["short", "long", "plain", "funny", "sad"]} : list<str>
  %drafts = map(%styles) : list<str> {
  ^(%style: str)
    %prompt = str.format(%style, %topic) {template = "Write a {0} text on {1}."} : str
    %draft = model.chat @gpt(%prompt) : str
    yield(%draft)
  }
  %all = str.join(%drafts) {separator = "\n"} : str
  %ask = str.concat("Which is best?\n", %all) : str
  %best = model.chat @gpt(%ask) : str
  return(%best)
})");
}

/// A loop in a loop: for each document a grade by each of three criteria, and their mean. The outer one
/// becomes the `map`.
TEST(RerollTrace, GradesByDocument) {
  Trace trace(TraceForm::Program, "main");
  trace.model();
  const Recorded topic = trace.tracer.parameter(trace.str(), "topic");
  std::vector<TraceOperand> means;
  for (const char *document : {"one", "two", "three", "four"}) {
    std::vector<TraceOperand> grades;
    for (const char *criterion : {"clear", "true", "kind"}) {
      const Recorded prompt = trace.add("str.format", {trace.text(criterion), topic, trace.text(document)},
                                        {{"template", trace.pool().textAttr("Is this {0} on {1}?\n{2}")}});
      grades.push_back(trace.add("str.to_f64", {trace.add("model.chat", {prompt}, {}, "gpt")}));
    }
    means.push_back(trace.add("f64.mean", {trace.add("list.pack", grades)}));
  }
  expectRerolled(trace, trace.add("list.pack", means), R"(
func @main(%topic: str) -> list<f64> {
  %documents = const {value = ["one", "two", "three", "four"]} : list<str>
  %all = map(%documents) : list<f64> {
  ^(%document: str)
    %p = str.format("clear", %topic, %document) {template = "Is this {0} on {1}?\n{2}"} : str
    %a = model.chat @gpt(%p) : str
    %x = str.to_f64(%a) : f64
    %q = str.format("true", %topic, %document) {template = "Is this {0} on {1}?\n{2}"} : str
    %b = model.chat @gpt(%q) : str
    %y = str.to_f64(%b) : f64
    %r = str.format("kind", %topic, %document) {template = "Is this {0} on {1}?\n{2}"} : str
    %c = model.chat @gpt(%r) : str
    %z = str.to_f64(%c) : f64
    %grades = list.pack(%x, %y, %z) : list<f64>
    %mean = f64.mean(%grades) : f64
    yield(%mean)
  }
  return(%all)
})");
}

/// Where each step needs the one before it is a `for`, which only the source shows: the trace stays.
TEST(RerollTrace, AChainStays) {
  Trace trace(TraceForm::Program, "main");
  trace.model();
  Recorded text = trace.tracer.parameter(trace.str(), "text");
  for (int i = 0; i != 8; ++i)
    text = trace.add("model.chat", {text}, {}, "gpt");
  TraceSegment segment = trace.finish({text});
  EXPECT_EQ(after(*segment.module, true).find("map("), std::string::npos);
}
