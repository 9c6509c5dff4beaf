#include "Runtime/OpenInput.h"
#include <algorithm>

using namespace xcs;

// The side of a run that is open to others (OpenForm): parameters that come while it is in flight, results
// that leave before it is over.

void Engine::prepareInputs(const std::vector<bool> &isMissing) {
  inputCount = static_cast<uint32_t>(isMissing.size());
  inputs = std::make_unique<OpenInput[]>(inputCount);
  inputsMissing.store(static_cast<uint32_t>(std::count(isMissing.begin(), isMissing.end(), true)),
                      std::memory_order_relaxed);
  for (uint32_t p = 0; p < inputCount; ++p)
    if (!isMissing[p]) {
      inputs[p].isThere = true;
      inputs[p].isTaken.store(true, std::memory_order_relaxed);
    }
}

/// Those that were there from the beginning have settled. They are tasks on top of the roots: what they make
/// ready is found before those run.
void Engine::beginInputs(Worker &w, Frame *frame) {
  for (uint32_t p = inputCount; p-- > 0;)
    if (inputs[p].isThere)
      w.push(makeTask(TaskKind::Node, frame, (frame->region->firstInput + p) | settledBit));
}

/// Whether the caller is the one to settle the node of a parameter. As long as it has not, the run continues.
bool Engine::takeInput(uint32_t parameter) {
  return inputs && !inputs[parameter].isTaken.exchange(true, std::memory_order_acq_rel);
}

/// Tasks for all parameters from this one on that have not come: they are not waited for any more.
std::vector<Task> Engine::takeInputsFrom(uint32_t parameter) {
  std::vector<Task> tasks;
  for (uint32_t p = parameter; p < inputCount; ++p)
    if (takeInput(p))
      tasks.push_back(makeTask(TaskKind::Input, this, p));
  return tasks;
}

void Engine::setInput(uint32_t parameter, Value value) {
  if (!takeInput(parameter))
    return;
  inputs[parameter].value = std::move(value);
  pool.inject(makeTask(TaskKind::Input, this, parameter));
}

/// A failed parameter comes before everything that the function does. One before it may fail too, and then
/// that is the first.
void Engine::failInput(uint32_t parameter, RunFailure why) {
  if (!takeInput(parameter))
    return;
  why.op = UINT32_MAX;
  why.input = parameter;
  why.indices.clear();
  why.place.clear();
  why.calls.clear();
  storeFirst(inputFailure, new FailureRecord{parameter, std::move(why)});
  stopAll(*entry);
  reconsider();
  std::vector<Task> tasks = takeInputsFrom(parameter + 1);
  tasks.push_back(makeTask(TaskKind::Input, this, parameter));
  pool.inject(tasks);
}

void Engine::inputArrived(Worker &w, uint32_t parameter) {
  inputsMissing.fetch_sub(1, std::memory_order_acq_rel);
  Frame *frame = entry;
  frame->slots[parameter] = std::move(inputs[parameter].value);
  proceed(w, settle(w, frame, frame->region->firstInput + parameter));
}

/// The node that makes a result has settled. A slot without a value: it failed or was skipped.
void Engine::resultKnown(Frame *frame, uint32_t node) {
  const PlanRegion &region = *frame->region->plan;
  const uint32_t result = node - frame->region->firstResult;
  const Value &value = frame->slots[plan.operands[region.firstResult + result]];
  if (!value.empty())
    owner->resultKnown(result, value);
}
