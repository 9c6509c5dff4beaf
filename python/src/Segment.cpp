#include "src/Segment.h"
#include "xcs/Runtime/Border.h"

using namespace xcs;
using namespace xcs::python;

void Segment::begin(const std::vector<std::shared_ptr<Segment>> &earlier) {
  before = earlier;
  for (const std::shared_ptr<Segment> &first : earlier) {
    MutexLock lock(first->mutex);
    if (first->over)
      continue;
    holds.fetch_add(1);
    first->next.push_back(shared_from_this());
  }
  // Nothing waits for it yet.
  release(true);
}

std::vector<std::shared_ptr<Segment>> Segment::release(bool inBegin) {
  if (holds.fetch_sub(1) != 1)
    return {};
  if (NodeRef failed = failedInput())
    return waitsForEarlier(failed) ? std::vector<std::shared_ptr<Segment>>() : settle(failed->failure);
  for (const std::shared_ptr<Segment> &first : before)
    if (first->failure)
      return settle(first->failure);
  RunRef run = submit();
  if (inBegin)
    submitted = std::move(run);
  return {};
}

RunRef Segment::submit() {
  std::vector<RunInput> given;
  given.reserve(arguments.size());
  for (Input &input : arguments)
    given.push_back(input.later ? RunInput(input.later->value) : std::move(input.known));
  arguments.clear();
  before.clear();
  RunSettings settings;
  settings.completed = [self = shared_from_this()](const RunRef &run) { self->completed(run); };
  settings.earlyResults = results.size() > 1;
  if (settings.earlyResults)
    settings.resultKnown = [self = shared_from_this()](const RunRef &run, uint32_t r) {
      self->resultKnown(run, r);
    };
  return session->submit(program, 0, std::move(given), std::move(settings));
}

void Segment::finish(const NodeRef &node, Value value, uint32_t index) {
  if (node->isDone())
    return;
  const PlanView &plan = program.plan();
  node->value = std::move(value);
  node->program = program;
  node->type = plan.parameters[plan.functions[0].firstResult + index].type;
  node->state.store(NodeState::Done);
  board->done(node);
}

void Segment::resultKnown(const RunRef &run, uint32_t index) {
  if (std::optional<Value> value = run.result(index))
    finish(results[index], std::move(*value), index);
}

void Segment::completed(const RunRef &run) {
  const RunReport &report = run.report();
  if (!report.ok) {
    NodeRef failed = failedInput();
    if (!failed)
      return end(failureOf(report));
    if (!waitsForEarlier(failed))
      end(failed->failure);
    return;
  }
  for (uint32_t r = 0; r < results.size(); ++r)
    finish(results[r], report.results[r], r);
  end(nullptr);
}

/// Of the inputs that have failed, the first in program order.
NodeRef Segment::failedInput() const {
  NodeRef first;
  for (const NodeRef &input : inputs)
    if (input->hasFailed() && (!first || input->number < first->number))
      first = input;
  return first;
}

/// Whether an input that comes earlier in the program may still fail, and so decide: then `release` is called
/// once more when all of those are over. Needs one hold, which it keeps or gives back.
bool Segment::waitsForEarlier(const NodeRef &failed) {
  if (holds.load() == 0)
    holds.store(1);
  for (const NodeRef &input : inputs) {
    std::shared_ptr<Segment> segment = input->segment.lock();
    if (input->isDone() || input->number > failed->number || !segment)
      continue;
    MutexLock lock(segment->mutex);
    if (segment->over)
      continue;
    holds.fetch_add(1);
    segment->next.push_back(shared_from_this());
  }
  // Those that ended meanwhile have released theirs.
  return holds.fetch_sub(1) != 1;
}

std::shared_ptr<Reason> Segment::failureOf(const RunReport &report) const {
  if (job && job->failure && report.failure.id == Diag::HostFailed)
    return job->failure;
  DiagnosticEngine diagnostics;
  reportFailure(program.plan(), report, "segment", diagnostics);
  const bool stopped = rowOf(report.failure.id).failure == FailureClass::Stopped;
  return std::make_shared<Reason>(stopped ? exceptions().stopped : exceptions().error,
                                  failureText(diagnostics, false));
}

std::vector<std::shared_ptr<Segment>> Segment::settle(std::shared_ptr<Reason> failed) {
  if (failed)
    for (const NodeRef &node : results)
      if (!node->isDone()) {
        node->failure = failed;
        node->state.store(NodeState::Failed);
        board->done(node);
      }
  if (job && failed)
    jobs->drop(jobNumber);
  failure = std::move(failed);
  std::vector<std::shared_ptr<Segment>> following;
  {
    MutexLock lock(mutex);
    over = true;
    following.swap(next);
  }
  // What holds objects of Python is not dropped here, where there is no GIL.
  std::vector<NodeRef> left = std::move(results);
  left.insert(left.end(), inputs.begin(), inputs.end());
  inputs.clear();
  for (Input &input : arguments)
    if (input.later)
      left.push_back(std::move(input.later));
  arguments.clear();
  before.clear();
  board->leave(std::move(left), std::move(job));
  return following;
}

void Segment::end(std::shared_ptr<Reason> failed) {
  std::vector<std::shared_ptr<Segment>> following = settle(std::move(failed));
  while (!following.empty()) {
    std::shared_ptr<Segment> segment = std::move(following.back());
    following.pop_back();
    for (std::shared_ptr<Segment> &more : segment->release(false))
      following.push_back(std::move(more));
  }
}

bool Segment::isOver() {
  MutexLock lock(mutex);
  return over;
}
