#include "xcsc/Flags.h"

using namespace xcs;
using namespace xcs::compiler;
namespace cl = llvm::cl;

ProgramFlags::ProgramFlags(cl::OptionCategory &group)
    : level("O",
            cl::desc("Optimise: 0 to 3. Plans and reports default to -O2; everything else shows the program "
                     "as written "
                     "unless -O, --reroll or --passes is given"),
            cl::value_desc("0-3"), cl::Prefix, cl::cat(group)),
      passes("passes", cl::desc("Run these passes, in this order, in place of those of -O"),
             cl::value_desc("a,b(c),..."), cl::cat(group)),
      reroll("reroll",
             cl::desc("Make equal computations beside one another one `map`, as loops unrolled by a front "
                      "end; smaller plans, and messages that name an iteration"),
             cl::cat(group)),
      disable("disable-pass", cl::desc("Skip a pass"), cl::value_desc("PASS"), cl::CommaSeparated,
              cl::cat(group)),
      warnings(
          "W",
          cl::desc(
              "Turn warnings on or off: NAME, no-NAME, unused, no-unused, all, no-all; error makes errors of "
              "all, error=NAME of one"),
          cl::value_desc("[no-]NAME|error"), cl::Prefix, cl::cat(group)),
      imports(
          "I",
          cl::desc("Look for imported files in this directory, too, after that of the program; several are "
                   "searched in the order given"),
          cl::value_desc("DIR"), cl::Prefix, cl::cat(group)),
      startDirectory(
          "start-directory",
          cl::desc("The plan will be started in this directory, and nowhere else; `.` is the present one. "
                   "Relative and absolute paths of files can then be compared"),
          cl::value_desc("DIR"), cl::cat(group)),
      compileCache(
          "compile-cache",
          cl::desc(
              "Keep plans in this directory, and take the plan of a program that has not changed from it"),
          cl::value_desc("DIR"), cl::cat(group)) {}

static const char examplesText[] = R"(
EXAMPLES:
  xcsc program.xir -o program.xplan           compile
  xcsc program.xir --emit=none                check only
  xcsc program.xir --emit=report              what is fast, what is slow, and why
  xcsc program.xir --emit=svg -o graph.svg    draw what waits for what
  xcsc program.xir -o p.xplan --remarks=all   what was optimised, what was not, and why
)";

Flags::Flags(const std::string &tool)
    : groups(tool == "xcsc" ? "Program and output" : "Program"), common(groups), program(passGroup),
      inputs(cl::Positional, cl::desc("IN.xir"), cl::cat(groups.main)),
      output("o", cl::desc("Where the output goes; `-` is standard output, the default for text"),
             cl::value_desc("OUT"), cl::cat(groups.main)),
      emit("emit", cl::desc("What to produce:"), cl::init(Emit::Plan), cl::cat(groups.main),
           cl::values(
               clEnumValN(Emit::Plan, "plan", "a plan for xcs-run (default)"),
               clEnumValN(Emit::Xir, "xir", "the program as text, after the passes that -O or --passes name"),
               clEnumValN(Emit::IrJson, "ir-json", "the same as JSON, for programs in other languages"),
               clEnumValN(Emit::Dot, "dot", "the dependency graph for Graphviz"),
               clEnumValN(Emit::Mermaid, "mermaid", "the dependency graph for Mermaid"),
               clEnumValN(Emit::Svg, "svg", "the dependency graph as a picture"),
               clEnumValN(Emit::Json, "json", "the dependency graph with levels and costs as JSON"),
               clEnumValN(Emit::Report, "report",
                          "a summary for people: sizes, levels, critical path, patterns"),
               clEnumValN(Emit::None, "none", "nothing: check the program only"))),
      listPasses("list-passes", cl::desc("Print the passes and their options"), cl::cat(passGroup)),
      printBefore("print-before", cl::desc("Print the program before a pass, on standard error"),
                  cl::value_desc("PASS"), cl::CommaSeparated, cl::cat(passGroup)),
      printAfter("print-after", cl::desc("Print the program after a pass, on standard error"),
                 cl::value_desc("PASS"), cl::CommaSeparated, cl::cat(passGroup)),
      printBeforeAll("print-before-all", cl::desc("Print the program before every pass"), cl::cat(passGroup)),
      printAfterAll("print-after-all", cl::desc("Print the program after every pass"), cl::cat(passGroup)),
      printDiff("print-diff", cl::desc("Print what every pass changed"), cl::cat(passGroup)),
      reproducer("crash-reproducer",
                 cl::desc("Write the program and the passes to this file if the compiler crashes"),
                 cl::value_desc("FILE"), cl::cat(passGroup)),
      verifyEach(
          "verify-each",
          cl::desc(
              "Check the program and what is known of it after every pass; with =false, and in a release "
              "without the option, once, after the last"),
          cl::init(PassManagerOptions().verifyEach), cl::cat(passGroup)),
      timePasses("time-passes", cl::desc("Print the time of every pass on standard error"),
                 cl::cat(passGroup)),
      stats("stats", cl::desc("Print the counts of every pass on standard error"), cl::cat(passGroup)),
      remarks("remarks",
              cl::desc("Show remarks: all, a class (passed, missed, analysis), or kinds of remarks by name"),
              cl::value_desc("all|CLASS|KIND"), cl::CommaSeparated, cl::cat(groups.messages)),
      remarksFormat("remarks-format", cl::desc("Form of remarks:"), cl::init(DiagnosticFormat::Text),
                    cl::values(clEnumValN(DiagnosticFormat::Text, "text", "for people (default)"),
                               clEnumValN(DiagnosticFormat::Json, "json", "one JSON object per line")),
                    cl::cat(groups.messages)),
      split("split-input-file", cl::desc("Compile the parts between lines `// -----` one by one"),
            cl::cat(testGroup)),
      verifyDiagnostics(
          "verify-diagnostics",
          cl::desc(
              "Compare the messages with comments such as `// expected-error@+1 {{text}}`; write no output"),
          cl::cat(testGroup)),
      page("print-op-docs", cl::desc("Print a reference page and compile nothing:"), cl::ValueOptional,
           cl::init(Page::None),
           cl::values(clEnumValN(Page::Ops, "", "the operations"),
                      clEnumValN(Page::Ops, "ops", "the operations"),
                      clEnumValN(Page::Resources, "resources", "the kinds of resources"),
                      clEnumValN(Page::Limits, "limits", "the limits"),
                      clEnumValN(Page::Diagnostics, "diagnostics", "the messages"),
                      clEnumValN(Page::Passes, "passes", "the passes"),
                      clEnumValN(Page::Patterns, "patterns", "the patterns"),
                      clEnumValN(Page::Grammar, "grammar", "a TextMate grammar for editors"),
                      clEnumValN(Page::Dictionary, "dictionary", "the words of the language, for libFuzzer")),
           cl::cat(testGroup)),
      examples(examplesText) {}
