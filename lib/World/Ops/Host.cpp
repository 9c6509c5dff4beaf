#include "World/Access.h"
#include "World/EventLoop.h"
#include "xcs/Io/BlockingPool.h"
#include "xcs/Ops/PoolCopy.h"
#include "xcs/Ops/ValueFits.h"

using namespace xcs;

namespace {

/// A call in flight: it continues without its operation when that is cancelled after it began, perhaps for
/// longer than there is a plan. So it has types of its own.
struct HostJob {
  ConstantPool types;
  std::shared_ptr<HostCallables> callables;
  std::string function;
  std::vector<Value> operands;
  std::vector<TypeId> operandTypes;
  TypeId resultType;
  ConstantView constants; // of `types`, once it has all of them
  std::atomic<bool> unwanted{false};
  std::optional<Result<Value, HostFailure>> outcome;

  void run() {
    outcome = callables->call({function, operands, operandTypes, resultType, constants, unwanted});
    operands.clear(); // on this thread: they may be large
  }
};

/// `host.call`: calls a function of the program that embeds the run, on a thread of the pool.
class HostOp final : public WorldOp {
public:
  using WorldOp::WorldOp;

  void start() override {
    const PlanView &plan = site.context.plan;
    job = std::make_shared<HostJob>();
    job->callables = site.context.options.callables;
    job->function = function();
    job->operands = std::move(site.operands);
    PoolCopy types(plan.constants, job->types);
    for (uint32_t slot : plan.operandsOf(planOp()))
      job->operandTypes.push_back(types.type(site.slots()[slot].type));
    job->resultType = types.type(site.slots()[planOp().resultSlot].type);
    job->constants = job->types.view();
    auto done = [this, mine = job] {
      if (!mine->unwanted.load(std::memory_order_relaxed))
        ended();
    };
    ticket = site.context.loop->hostPool().submit([mine = job] { mine->run(); }, done);
    if (!ticket)
      fail(Diag::HostFailed, {job->function, "the system gives this process no thread"});
  }
  void cancel() override {
    if (!job || job->unwanted.exchange(true, std::memory_order_relaxed))
      return;
    if (ticket && !site.context.loop->hostPool().withdraw(ticket))
      fate.mayHaveHappened(shown());
    ticket = 0;
  }
  bool withdraw() override {
    if (ticket && !site.context.loop->hostPool().withdraw(ticket))
      return false;
    ticket = 0;
    return true;
  }
  void abandon() override { cancelRunning(); }
  Gate *gate() override { return &site.context.loop->hostGate(); }
  int64_t timeoutNanoseconds() const override { return timeoutOf(site.context, planOp(), 0); }

private:
  std::string function() const {
    const PlanView &plan = site.context.plan;
    return std::string(
        plan.constants.textAttr(plan.attrsOf(planOp())[attrRow<OpCode::host_call>("function")]));
  }
  /// As messages name what it may have done.
  std::string shown() const { return "the call of `" + job->function + "`"; }
  void ended();

  std::shared_ptr<HostJob> job;
  uint64_t ticket = 0; // of its work; 0: it has none that waits or runs
};

} // namespace

/// A failure is the function's own verdict, which `try` catches; a result that cannot be used is ours, and of
/// a write that has happened.
void HostOp::ended() {
  ticket = 0;
  if (!*job->outcome)
    return fail(Diag::HostFailed, {job->function, job->outcome->error().message});
  Value given = std::move(**job->outcome);
  const Limits &limits = site.context.options.limits;
  if (!fitsType(given, job->constants, job->resultType)) {
    fate.answered(shown(), "returned");
    const std::string type = printType(job->constants, job->resultType);
    return fail(Diag::HostResult, {job->function, type}, "it is not a " + type);
  }
  if (given.byteSize() > limits[Limit::ValueBytes]) {
    fate.answered(shown(), "returned");
    return failWith(exceeded(limits, Limit::ValueBytes, "the result of `" + job->function + "`"));
  }
  succeed(std::move(given));
}

std::unique_ptr<WorldOp> worldops::host_call(WorldOp::Site site, ImmediateResult &immediate) {
  if (!site.context.options.callables) // the world of a test that begins no run
    return immediate.fail(Diag::HostMissing, {"host.call"});
  return std::make_unique<HostOp>(std::move(site));
}
