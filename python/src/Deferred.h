#pragma once
#include "src/Node.h"
#include <functional>

namespace xcs::python {

class Recording;

/// `xcs.Deferred`: the result of one operation, which may not be there yet.
class Deferred {
public:
  Deferred(NodeRef node, std::shared_ptr<Recording> recording, nb::object origin)
      : node(std::move(node)), recording(std::move(recording)), place(std::move(origin)) {}
  ~Deferred();
  Deferred(const Deferred &) = delete;

  bool isDone() const { return node->isDone(); }
  bool hasFailed() const { return node->hasFailed(); }
  nb::object value() const;
  nb::object origin() const { return place; }
  const NodeRef &of() const { return node; }

private:
  NodeRef node;
  std::shared_ptr<Recording> recording;
  nb::object place;
};

/// The node of an object that is a Deferred; null for every other.
const NodeRef *nodeOf(nb::handle object);
/// Calls `found` for every Deferred in an object: itself, or in lists, tuples and dicts, six deep.
void forEachDeferred(nb::handle object, const std::function<void(const NodeRef &)> &found);
/// The object with the values of its Deferreds in their places; containers that hold none are the same
/// objects.
nb::object withValues(nb::handle object, const std::function<nb::object(const NodeRef &)> &valueOf);

void defineDeferred(nb::module_ &module);

} // namespace xcs::python
