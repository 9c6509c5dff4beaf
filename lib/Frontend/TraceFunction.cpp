#include "xcs/Frontend/TraceFunction.h"

using namespace xcs;

Result<std::unique_ptr<Module>, TraceError>
xcs::traceFunction(const TracedBody &body, std::string_view symbol, const Limits &limits) {
  ExecutionTracer tracer(TraceForm::Program, symbol, limits);
  Result<std::vector<Recorded>, TraceError> results = body(tracer);
  if (!results)
    return results.error();
  TraceSegment segment = tracer.finish(*results);
  if (!segment.module)
    return TraceError{
        Diag::NotRecorded,
        formatMessage(rowOf(Diag::NotRecorded).text, std::initializer_list<std::string_view>{
                                                         symbol, "it has no operation; call at least one"})};
  return std::move(segment.module);
}
