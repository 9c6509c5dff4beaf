#pragma once
#include "World/ModelRequest.h"

namespace xcs {

/// An operation with several requests: the gate admits each separately, all of them run concurrently, and one
/// deadline bounds them together, from the start of the first. If a part fails, those after it are stopped
/// and those before it run on, so that the first failure in order is reported.
class RequestGroup : public WorldOp {
public:
  using WorldOp::WorldOp;

  void start() final;
  void cancel() final;
  void partEnded(WorldOp &part) final;
  bool hasParts() const final { return true; }

  /// Called when a part is about to be sent.
  void partStarts();
  /// The deadline of all parts; monotonic, known once a part has started.
  int64_t deadline() const { return deadlineAt; }

protected:
  /// Adds a part, before the start. The order is that of the results.
  void add(std::unique_ptr<ModelRequest> part);
  /// All parts have succeeded: combines their results. Ends with `succeed` or `fail`.
  virtual void gathered(std::span<const std::unique_ptr<ModelRequest>> parts) = 0;

private:
  void finishParts(size_t from);
  void close();

  std::vector<std::unique_ptr<ModelRequest>> parts;
  size_t admitted = 0, succeeded = 0;
  size_t wanted = 0; // parts before the first that failed
  int64_t deadlineAt = 0;
  uint64_t deadlineTimer = 0;
  bool over = false;
};

} // namespace xcs
