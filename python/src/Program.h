#pragma once
#include "src/Callables.h"
#include "src/Engine.h"
#include <memory>
#include <string>

namespace xcs::python {

/// A loaded plan: `xcs.Program`. Its members are called with the GIL.
class Program {
public:
  Program(std::shared_ptr<Engine> engine, std::shared_ptr<OpTable> ops, ProgramRef program, std::string name);

  /// Runs a function with arguments by name: the values of its results. Waits without the GIL.
  nb::object run(nb::dict arguments, const std::string &entry, nb::object seed, nb::object timeout);
  /// The same as it is called from Python: raises TypeError and ValueError for wrong arguments.
  nb::object runNamed(nb::handle arguments, nb::handle entry, nb::object seed, nb::object timeout);
  /// What the last run that ended counted, under the names of `xcs-run --stats=json`.
  nb::object stats() const;
  /// `--explain`: what the plan would touch.
  std::string explain() const;
  /// The functions that can be entered: {name: {parameter: type}}.
  nb::dict functions() const;
  /// For the collector of cycles: a function of the plan may refer to the program.
  int traverse(visitproc visit, void *arg) const { return ops ? ops->traverse(visit, arg) : 0; }
  void clear() {
    if (ops)
      ops->clear();
  }

private:
  uint32_t functionNamed(const std::string &entry) const;
  std::vector<RunInput> inputs(uint32_t function, nb::dict arguments) const;
  nb::object results(uint32_t function, const RunReport &report) const;
  [[noreturn]] void raiseReport(const RunReport &report) const;

  std::shared_ptr<Engine> engine;
  std::shared_ptr<OpTable> ops; // null: none
  ProgramRef program;
  std::string name;
  RunRef last;
};

void defineProgram(nb::module_ &module);

} // namespace xcs::python
