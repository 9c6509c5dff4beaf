// Functions of typed handles: recorded, compiled, called.
#include "xcs-bench/Bench.h"
#include "xcs-bench/Table.h"
#include "xcs/Compiler/Compiler.h"
#include "xcs/xcs.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdlib>

using namespace xcs;
using namespace xcs::bench;

namespace {

const Model gpt("gpt", {.url = "http://127.0.0.1:8080/v1", .model = "small"});

struct Shape {
  const char *name;
  std::function<Str(Str)> function;
  int size, times; // `times`: programs in one measurement
};

Str ensemble(Str question) {
  std::vector<Str> drafts;
  for (int i = 0; i < 5; ++i)
    drafts.push_back(model::chat(gpt, question, {.temperature = 0.7}));
  Str prompt = format("Which is best for {0}?\n{1}", question, str::join(List<Str>(drafts), "\n"));
  return model::chat(gpt, prompt);
}

/// A text that grows, `n` times; each operation has a literal, which is an operation too.
std::function<Str(Str)> chain(int n) {
  return [n](Str text) {
    for (int i = 0; i < n; ++i)
      text = text + "b";
    return text;
  };
}

template <class Made> void need(const Made &made) {
  if (made)
    return;
  llvm::errs() << "xcs-bench: error: a function did not compile or failed\n";
  std::exit(1);
}

} // namespace

int bench::runHandlesBench() {
  Table table({"function", "operations", "record us", "record us/operation", "compile us"});
  const Shape shapes[] = {{"one operation", chain(1), 1, 500},
                          {"five draws and a judge", ensemble, 8, 200},
                          {"a chain", chain(500), 1000, 5},
                          {"a long chain", chain(5000), 10000, 1}};
  for (const Shape &shape : shapes) {
    auto record = [&] {
      for (int i = 0; i < shape.times; ++i)
        need(traceFunction(shape.function).module);
    };
    auto compileAll = [&] {
      for (int i = 0; i < shape.times; ++i) {
        DiagnosticEngine diagnostics(&llvm::errs());
        diagnostics.showRemarks(false);
        need(xcs::compile(*traceFunction(shape.function).module, CompileOptions(), diagnostics));
      }
    };
    const std::vector<double> seconds = medianSecondsInTurn(15, record, compileAll);
    const double each = seconds[0] / shape.times * 1e6;
    table.add({shape.name, std::to_string(shape.size), fixed(each, 1), fixed(each / shape.size, 3),
               fixed((seconds[1] - seconds[0]) / shape.times * 1e6, 1)});
  }
  table.print();

  const auto program = compile([](I64 a, I64 b) { return a + b; });
  need(program);
  constexpr int calls = 2000;
  const std::vector<double> seconds = medianSecondsInTurn(
      15,
      [&] {
        for (int i = 0; i < calls; ++i)
          need(program(i, 1));
      },
      [&] {
        std::vector<Future<I64>> futures;
        for (int i = 0; i < calls; ++i)
          futures.push_back(program.async(i, 1));
        for (const Future<I64> &future : futures)
          need(future.get());
      });
  Table called({"calls of a compiled function", "us/call"});
  called.add({"one after the other", fixed(seconds[0] / calls * 1e6, 2)});
  called.add({"all at once", fixed(seconds[1] / calls * 1e6, 2)});
  called.print();
  return 0;
}
