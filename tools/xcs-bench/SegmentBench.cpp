// Segments of a running program: recorded, compiled, and found in the compile cache; docs/performance.md,
// "Segments".
#include "xcs-bench/Bench.h"
#include "xcs-bench/Table.h"
#include "xcs/Compiler/CompileCache.h"
#include "xcs/Frontend/ExecutionTracer.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdlib>

using namespace xcs;
using namespace xcs::bench;

namespace {

/// Records calls; a wrong one ends the bench.
class Recorder {
public:
  Recorder() {
    ConstantPool &pool = tracer.pool();
    const Builder::Attr model[] = {{"url", pool.textAttr("http://127.0.0.1:8080/v1")},
                                   {"model", pool.textAttr("small")}};
    if (!tracer.declare(ResourceKind::Model, "gpt", model))
      std::exit(1);
  }

  Recorded add(const TraceCall &call) {
    auto made = tracer.add(call);
    if (!made) {
      llvm::errs() << "xcs-bench: error: " << made.error().message << '\n';
      std::exit(1);
    }
    return *made;
  }
  TraceOperand text(std::string_view value) {
    return {Value::str(value), tracer.pool().scalar(TypeKind::Str)};
  }
  TraceSegment finish(Recorded wanted) {
    TraceSegment segment = tracer.finish({&wanted, 1});
    tracer.forget(wanted);
    return segment;
  }

  ExecutionTracer tracer;
};

TraceSegment one(Recorder &recorder, int) {
  const TraceOperand both[] = {recorder.text("a"), recorder.text("b")};
  return recorder.finish(recorder.add({"str.concat", both, {}, {}, {}, {"bench.py", 1}}));
}

/// Five draws of one question and a judge over them.
TraceSegment ensemble(Recorder &recorder, int) {
  ConstantPool &pool = recorder.tracer.pool();
  const TraceOperand question[] = {recorder.text("Which is the largest planet?")};
  const Builder::Attr warm[] = {{"temperature", pool.floatAttr(0.7)}};
  std::vector<TraceOperand> drafts;
  for (int i = 0; i < 5; ++i)
    drafts.emplace_back(recorder.add({"model.chat", question, warm, "gpt", {}, {"bench.py", 2}}));
  const TraceOperand list[] = {recorder.add({"list.pack", drafts, {}, {}, {}, {"bench.py", 3}})};
  const Builder::Attr separator[] = {{"separator", pool.textAttr("\n")}};
  const TraceOperand all[] = {question[0],
                              recorder.add({"str.join", list, separator, {}, {}, {"bench.py", 3}})};
  const Builder::Attr form[] = {{"template", pool.textAttr("Which is best for {0}?\n{1}")}};
  const TraceOperand prompt[] = {recorder.add({"str.format", all, form, {}, {}, {"bench.py", 4}})};
  return recorder.finish(recorder.add({"model.chat", prompt, {}, "gpt", {}, {"bench.py", 5}}));
}

/// A text that grows, n times.
TraceSegment chain(Recorder &recorder, int n) {
  TraceOperand last = recorder.text("a");
  Recorded made;
  for (int i = 0; i < n; ++i) {
    const TraceOperand both[] = {last, recorder.text("b")};
    made = recorder.add({"str.concat", both, {}, {}, {}, {"bench.py", 6}});
    last = made;
  }
  return recorder.finish(made);
}

struct Shape {
  const char *name;
  TraceSegment (*record)(Recorder &, int);
  int size, times; // `times`: segments in one measurement
};

CompileCache::Plan planOf(TraceSegment segment, CompileCache &cache) {
  DiagnosticEngine diagnostics(&llvm::errs());
  diagnostics.showRemarks(false);
  CompileOptions options;
  options.manager.verifyEach = false;
  auto plan = cache.compile(*segment.module, options, diagnostics);
  if (!plan)
    std::exit(1);
  return *plan;
}

} // namespace

int bench::runSegmentBench() {
  Table table({"segment", "operations", "record us", "compile us", "cache hit us"});
  const Shape shapes[] = {{"one call", one, 1, 500},
                          {"five draws and a judge", ensemble, 9, 200},
                          {"a chain", chain, 1000, 3},
                          {"a long chain", chain, 10000, 1}};
  for (const Shape &shape : shapes) {
    Recorder recorder;
    CompileCache keepsAll({.bytes = 1u << 30, .entries = 1000}), keepsNone({.bytes = 0, .entries = 0});
    auto run = [&](CompileCache *cache) {
      for (int i = 0; i < shape.times; ++i)
        if (TraceSegment segment = shape.record(recorder, shape.size); cache)
          planOf(std::move(segment), *cache);
    };
    const std::vector<double> seconds =
        medianSecondsInTurn(15, [&] { run(nullptr); }, [&] { run(&keepsNone); }, [&] { run(&keepsAll); });
    auto microseconds = [&](double s) { return fixed(s / shape.times * 1e6, 1); };
    table.add({shape.name, std::to_string(shape.size), microseconds(seconds[0]),
               microseconds(seconds[1] - seconds[0]), microseconds(seconds[2] - seconds[0])});
  }
  table.print();
  return 0;
}
