#include "xcs/Analysis/Schedule.h"
#include "Transforms/Passes.h"

using namespace xcs;

namespace {
/// Decides how much work goes into one dispatch and records it as `sched.chunk` of each function; the
/// lowering derives the schedule from it (Analysis/Schedule.h). The most urgent operations come first: those
/// with the longest remaining path. Options: `no-clusters` clusters nothing (`sched.chunk = 0ns`);
/// `attributes` also records the result on each operation (`sched.order`, `sched.dispatch`,
/// `sched.priority`), for readers. Does not change the meaning.
class Schedule : public Pass {
public:
  Result<Change> run(Module &module, PassContext &context) override;

private:
  void writeAttributes(Module &module, PassContext &context);
};
} // namespace

void Schedule::writeAttributes(Module &module, PassContext &context) {
  ScheduleAnalysis analysis(context.analyses());
  StringId orderKey = module.pool.intern("sched.order"), dispatchKey = module.pool.intern("sched.dispatch"),
           priorityKey = module.pool.intern("sched.priority");
  RegionSchedule schedule;
  for (size_t f = 0; f != module.functions.size(); ++f) {
    ComputationGraph &graph = module.functions[f]->graph;
    for (RegionId region : analysis.graphs(f).regions()) {
      analysis.schedule(f, region, schedule);
      for (uint32_t d = 0; d != schedule.size(); ++d)
        for (uint32_t i = schedule.firstMember[d]; i != schedule.firstMember[d + 1]; ++i) {
          OpId op = schedule.graph.operation(schedule.order[i]);
          DictId facts = graph.facts(op);
          facts = module.pool.withEntry(facts, orderKey, module.pool.intAttr(i));
          facts = module.pool.withEntry(facts, dispatchKey, module.pool.intAttr(d));
          facts = module.pool.withEntry(
              facts, priorityKey,
              module.pool.durationAttr(static_cast<int64_t>(schedule.priority[d] + schedule.after)));
          graph.setFacts(op, facts);
        }
    }
  }
}

Result<Change> Schedule::run(Module &module, PassContext &context) {
  StringId chunkKey = module.pool.intern("sched.chunk");
  AttrId chunk =
      module.pool.durationAttr(context.hasOption("no-clusters") ? 0 : static_cast<int64_t>(chunkNanoseconds));
  for (const std::unique_ptr<Function> &function : module.functions)
    function->attributes = module.pool.withEntry(function->attributes, chunkKey, chunk);
  if (context.hasOption("attributes"))
    writeAttributes(module, context);
  return module.functions.empty() ? Change::Nothing : Change::Facts;
}

std::unique_ptr<Pass> xcs::createSchedule() { return std::make_unique<Schedule>(); }
