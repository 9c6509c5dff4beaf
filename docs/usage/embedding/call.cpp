// Compiles a program from its text and runs it, twice at once, in this process.
#include "xcs/Api/Session.h"
#include "xcs/Compiler/Compiler.h"
#include "xcs/Ops/Value.h"
#include "llvm/Support/raw_ostream.h"

using namespace xcs;

static const char text[] = R"(
func @main(%name: str) -> str {
  %greeting = str.format(%name) {template = "Hello, {0}!"} : str
  return(%greeting)
}
)";

int main(int argc, char **argv) {
  DiagnosticEngine diagnostics(&llvm::errs());
  auto source = std::make_shared<SourceBuffer>("greeting", argc > 1 ? argv[1] : text);
  auto plan = compile(source, CompileOptions(), diagnostics);
  if (!plan)
    return 1;
  Session session;
  auto program = session.load(*plan, "greeting", diagnostics);
  if (!program)
    return 1;
  const auto main = program->function("main");
  if (!main) {
    llvm::errs() << "the program has no function @main\n";
    return 1;
  }
  const RunRef first = session.submit(*program, *main, {RunInput(Value::str("Ada"))});
  const RunRef second =
      session.submit(*program, *main, {RunInput(first)}); // starts before its input is there
  for (const RunRef &run : {first, second}) {
    session.wait(run);
    if (!run.report().ok) {
      llvm::errs() << run.report().failure.message << '\n';
      return 1;
    }
    llvm::outs() << run.report().results[0].text() << '\n';
  }
  return 0;
}
