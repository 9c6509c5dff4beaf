#include "xcs/Frontend/Traced.h"
#include "Frontend/Trace.h"

using namespace xcs;

Traced xcs::traceHandles(const TracedHandles &body, std::span<const TypeMaker> parameters,
                         std::span<const TypeMaker> results, const TraceSettings &settings,
                         const Origin &at) {
  Traced traced;
  traced.module = std::make_unique<Module>();
  Trace trace(*traced.module, settings.limits);
  const Trace::Active active(&trace);
  const std::vector<Handle> arguments =
      trace.beginFunction(settings.name, parameters, settings.parameters, results, at);
  std::vector<Operand> returned = body(arguments);
  trace.endFunction(returned, at);
  traced.needed = std::move(trace.needed);
  if (trace.error) {
    traced.error = std::move(*trace.error);
    traced.module = nullptr;
  }
  return traced;
}
