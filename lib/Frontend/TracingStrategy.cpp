#include "xcs/Frontend/TracingStrategy.h"
#include "xcs/Frontend/ExecutionTracer.h"

using namespace xcs;

bool TracingStrategy::endsAfterCall(const ExecutionTracer &tracer, int64_t now) {
  if (tracer.worldSize() != 0 && !firstWaits) {
    firstWaits = true;
    since = now;
  }
  return tracer.size() >= bounds.mostOperations || (firstWaits && now - since >= bounds.longestWait);
}

bool TracingStrategy::endsBeforeWait(const ExecutionTracer &tracer) { return tracer.size() != 0; }
