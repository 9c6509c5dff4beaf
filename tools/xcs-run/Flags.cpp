#include "xcs-run/Flags.h"

using namespace xcs;
using namespace xcs::runner;
namespace cl = llvm::cl;

static const char runExamples[] = R"(
EXAMPLES:
  xcs-run p.xplan --arg question="Which is the largest planet?" --allow-net=api.example.org
  xcs-run p.xplan --explain=grants > p.grants     what the plan asks for, to be read and edited
  xcs-run p.xplan --args in.json -o out.json --grants=p.grants
  xcs-run p.xplan @p.args                         flags from a file
)";

static const char driverExamples[] = R"(
EXAMPLES:
  xcs run p.xir --arg question="Which is the largest planet?" --allow-net=api.example.org
  xcs run p.xir --explain=grants > p.grants       what the program asks for, to be read and edited
  xcs run p.xir --args in.json -o out.json --grants=p.grants
  xcs run p.xir @p.args                           flags from a file
)";

StopFlags::StopFlags(cl::OptionCategory &group)
    : budget("budget", cl::desc("What the run may spend on models; stop before the request that exceeds it"),
             cl::value_desc("5usd,200calls,1e6tokens"), cl::cat(group)),
      keepGoing("keep-going", cl::desc("After a failure, do all that does not depend on it"),
                cl::cat(group)) {}

AnswerFlags::AnswerFlags(cl::OptionCategory &runGroup, cl::OptionCategory &outputGroup)
    : record("record", cl::desc("Record what comes from outside"), cl::value_desc("DIR"),
             cl::cat(outputGroup)),
      replay("replay", cl::desc("Answer from what --record wrote"), cl::value_desc("DIR"), cl::cat(runGroup)),
      cache("cache", cl::desc("Take answers from this folder, and keep them there"), cl::value_desc("DIR"),
            cl::cat(runGroup)),
      cacheSize("cache-size", cl::desc("How much it may hold, such as 500MiB or 2GiB (default: 1GiB)"),
                cl::value_desc("SIZE"), cl::cat(runGroup)),
      why("why", cl::desc("Say why an operation was not answered from the cache"), cl::value_desc("OP"),
          cl::cat(outputGroup)) {}

JournalFlags::JournalFlags(cl::OptionCategory &runGroup, cl::OptionCategory &outputGroup)
    : file("journal", cl::desc("Keep what is done in a file, so that a run that was killed can go on"),
           cl::value_desc("FILE"), cl::cat(runGroup)),
      resume("resume", cl::desc("Go on with the run of --journal"), cl::ValueOptional, cl::init(Resume::No),
             cl::values(clEnumValN(Resume::Fitting, "", "with what fits the program and its arguments"),
                        clEnumValN(Resume::Strict, "strict", "only with the same program and arguments")),
             cl::cat(runGroup)),
      inDoubt("in-doubt",
              cl::desc("What to do about an operation (default: all) of which it is not known whether it has "
                       "happened: retry, skip, fail"),
              cl::value_desc("[OP=]RULE"), cl::cat(runGroup)),
      durability(
          "durability", cl::desc("What the journal survives:"), cl::init(Durability::Process),
          cl::values(clEnumValN(Durability::Process, "process", "the end of the process (default)"),
                     clEnumValN(Durability::Machine, "machine", "a loss of power too, which takes longer")),
          cl::cat(runGroup)),
      planRun("plan-run",
              cl::desc("Carry nothing out, and print what --resume would take from the journal and "
                       "what it would carry out"),
              cl::cat(outputGroup)) {}

Flags::Flags(const std::string &tool)
    : tool(tool), groups("Program, arguments and result"), common(groups),
      plans(cl::Positional, cl::desc(tool == "xcs-run" ? "PLAN.xplan" : "PROGRAM.xir|PLAN.xplan"),
            cl::cat(groups.main)),
      arg("arg", cl::desc("Value of a parameter; strings and durations as they are, other types as JSON"),
          cl::value_desc("NAME=VALUE"), cl::cat(groups.main)),
      argFile("arg-file", cl::desc("Value of a parameter from a file; bytes as they are too"),
              cl::value_desc("NAME=FILE"), cl::cat(groups.main)),
      args("args", cl::desc("Values of all parameters as one JSON object; `-` reads standard input"),
           cl::value_desc("F.json"), cl::cat(groups.main)),
      output("o", cl::desc("Where the result goes (default: standard output)"), cl::value_desc("OUT.json"),
             cl::init("-"), cl::cat(groups.main)),
      entry("entry", cl::desc("The function to run (default: @main, or the only one)"), cl::value_desc("@f"),
            cl::cat(groups.main)),
      jobs("jobs", cl::desc("Worker threads (default: one per core)"), cl::value_desc("N"), cl::init(0),
           cl::cat(runGroup)),
      schedule("schedule", cl::desc("When ready operations start:"), cl::init(Schedule::Dataflow),
               cl::values(clEnumValN(Schedule::Dataflow, "dataflow",
                                     "as soon as their inputs are available (default)"),
                          clEnumValN(Schedule::Levels, "levels", "level by level, for comparison"),
                          clEnumValN(Schedule::Serial, "serial", "one after the other, for comparison")),
               cl::cat(runGroup)),
      allowNet("allow-net", cl::desc("Allow connections to a host"), cl::value_desc("HOST[:PORT]"),
               cl::cat(grantGroup)),
      denyNet("deny-net", cl::desc("Refuse connections to a host, whatever is allowed"),
              cl::value_desc("HOST[:PORT]"), cl::cat(grantGroup)),
      allowSecret("allow-secret", cl::desc("Allow giving a secret to a host, or to a program"),
                  cl::value_desc("NAME@HOST[:PORT]|NAME@run:PROG"), cl::cat(grantGroup)),
      allowEnv("allow-env", cl::desc("Allow reading an environment variable"), cl::value_desc("NAME"),
               cl::cat(grantGroup)),
      denyEnv("deny-env", cl::desc("Refuse an environment variable, whatever is allowed"),
              cl::value_desc("NAME"), cl::cat(grantGroup)),
      allowRead("allow-read", cl::desc("Allow reading a file, or all beneath a directory"),
                cl::value_desc("PATH"), cl::cat(grantGroup)),
      denyRead("deny-read", cl::desc("Refuse reading it, whatever is allowed"), cl::value_desc("PATH"),
               cl::cat(grantGroup)),
      allowWrite("allow-write", cl::desc("Allow writing a file, or all beneath a directory"),
                 cl::value_desc("PATH"), cl::cat(grantGroup)),
      denyWrite("deny-write", cl::desc("Refuse writing it, whatever is allowed"), cl::value_desc("PATH"),
                cl::cat(grantGroup)),
      allowRun("allow-run", cl::desc("Allow running a program, which can then do anything you can"),
               cl::value_desc("PROG"), cl::cat(grantGroup)),
      denyRun("deny-run", cl::desc("Refuse running a program, whatever is allowed"), cl::value_desc("PROG"),
              cl::cat(grantGroup)),
      allowAll("allow-all", cl::desc("Allow everything that is not denied"), cl::cat(grantGroup)),
      secretFile("secret-file", cl::desc("Read the secret NAME from a file, without its last line end"),
                 cl::value_desc("NAME=PATH"), cl::cat(grantGroup)),
      grants("grants", cl::desc("Read permissions from a file, one flag a line; --explain=grants prints one"),
             cl::value_desc("FILE"), cl::cat(grantGroup)),
      seed("seed", cl::desc("Seed of random.* (default: a different one for each run)"), cl::value_desc("N"),
           cl::cat(runGroup)),
      timeout("timeout", cl::desc("End the run after this time, such as 250ms or 2m"), cl::value_desc("T"),
              cl::cat(runGroup)),
      answers(runGroup, outputGroup), journal(runGroup, outputGroup),
      trace("trace", cl::desc("Write what ran when, for Perfetto or chrome://tracing"),
            cl::value_desc("OUT.json"), cl::cat(outputGroup)),
      stats("stats", cl::desc("Print counts and times on standard error"), cl::ValueOptional,
            cl::init(StatsForm::None),
            cl::values(clEnumValN(StatsForm::Text, "", "as text"),
                       clEnumValN(StatsForm::Json, "json", "as JSON")),
            cl::cat(outputGroup)),
      repeat("repeat", cl::desc("Run N times in one process; the last result counts"), cl::value_desc("N"),
             cl::init(1), cl::cat(runGroup)),
      progress(
          "progress", cl::desc("Show on standard error how far the run is:"), cl::init(Progress::Auto),
          cl::values(clEnumValN(Progress::Auto, "auto", "`line` on a terminal, `plain` elsewhere (default)"),
                     clEnumValN(Progress::Line, "line", "one line that is rewritten"),
                     clEnumValN(Progress::Plain, "plain", "a line every few seconds"),
                     clEnumValN(Progress::None, "none", "nothing, except after SIGUSR1")),
          cl::cat(outputGroup)),
      explain("explain", cl::desc("Run nothing, and print of the plan:"), cl::ValueOptional,
              cl::init(Explained::None),
              cl::values(clEnumValN(Explained::All, "", "what it asks for and how it runs"),
                         clEnumValN(Explained::Grants, "grants",
                                    "the permissions it asks for, as --grants reads them")),
              cl::cat(outputGroup)),
      dump("dump", cl::desc("Print the tables of the plan; run nothing"), cl::cat(outputGroup)),
      examples(tool == "xcs-run" ? runExamples : driverExamples) {}
