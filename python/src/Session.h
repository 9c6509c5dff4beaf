#pragma once
#include "src/Recording.h"

namespace xcs::python {

/// `xcs._core.Session`: operations that a running program asks for, one by one. Its members are called with
/// the GIL.
class PythonSession {
public:
  PythonSession(nb::handle jobs, nb::handle threads, nb::handle record, nb::handle allow);
  ~PythonSession();
  PythonSession(const PythonSession &) = delete;

  nb::object call(nb::handle op, nb::handle operands, nb::handle attributes, nb::handle origin,
                  nb::handle symbol, nb::handle result);
  void grant(nb::handle allow);
  void setVariable(nb::handle name, nb::handle value);
  nb::object host(nb::handle function, nb::handle arguments, nb::handle keywords, nb::handle effect,
                  nb::handle repeat, nb::handle origin);
  void declare(nb::handle kind, nb::handle symbol, nb::handle attributes);
  void flush() { recording->flush(); }
  void wait(nb::handle deferreds);
  void watch(nb::object deferred);
  nb::list nextDone();
  nb::list takeDone();
  int descriptor() const { return recording->board()->readyBell().descriptor(); }
  void stop() { recording->stop(); }
  void close();
  nb::dict stats() const;
  nb::list segments() const;

private:
  nb::object wrap(NodeRef node, nb::handle origin);
  std::shared_ptr<Recording> recording;
  uint64_t taken = 0;                                   // how often somebody has got some that are done
  std::unordered_map<const Node *, nb::object> watched; // the Deferreds that were given to `watch`
};

void defineSession(nb::module_ &module);

} // namespace xcs::python
