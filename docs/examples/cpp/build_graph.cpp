// Programs over files, each with what it reads and writes: build_graph.xir in C++.
#include "example.h"
using namespace xcs;

struct Built {
  Str lines, merged;
  XCS_RECORD(lines, merged)
};

static void good(const exec::Finished &step) { require(step.exit == 0, "a step of the build failed"); }

static List<Str> sorting(const std::string &name) {
  return place(List<Str>{"sort", "-o", name + ".sorted", name + ".txt"});
}

static exec::Finished sorted(List<Str> command, const std::string &name) {
  return exec::run(command,
                   {.reads = {{name + ".txt"}}, .writes = {{name + ".sorted"}}, .repeat = "idempotent"});
}

static Built build_graph() {
  List<Str> sortA = sorting("a"), sortB = sorting("b"), sortC = sorting("c");
  List<Str> merge =
      place(List<Str>{"sort", "-m", "-u", "-o", "all.sorted", "a.sorted", "b.sorted", "c.sorted"});
  List<Str> count = place(List<Str>{"wc", "-l", "a.sorted"});

  exec::Finished a = sorted(sortA, "a"), b = sorted(sortB, "b"), c = sorted(sortC, "c");
  good(a);
  good(b);
  good(c);
  exec::Finished all = exec::run(
      merge,
      {.reads = {{"a.sorted", "b.sorted", "c.sorted"}}, .writes = {{"all.sorted"}}, .repeat = "idempotent"});
  good(all);
  // It writes nothing, so it runs beside the merge.
  exec::Finished counted = exec::run(count, {.reads = {{"a.sorted"}}, .writes = std::vector<std::string>()});
  Str lines = place(counted.output);
  return {lines, file::readText("all.sorted")};
}

EXAMPLE(build_graph)
