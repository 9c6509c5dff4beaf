#include "World/EventLoop.h"
#include "xcs/Ops/ConstantPool.h"

using namespace xcs;

namespace {

class Sleep final : public WorldOp {
public:
  using WorldOp::WorldOp;

  void start() override {
    int64_t duration = site.operands[0].asI64();
    if (duration < 0) {
      fail(Diag::NegativeDuration, {printDuration(duration)});
      return;
    }
    timer =
        site.context.loop->timers().add(timeAfter(startedAt, duration), [this] { succeed(Value::none()); });
  }
  void cancel() override { site.context.loop->timers().remove(timer); }
  int64_t timeoutNanoseconds() const override {
    AttrId own = site.context.plan.constants.find(planOp().dict, Attribute::timeout);
    return own ? site.context.plan.constants.intAttr(own) : 0;
  }

private:
  uint64_t timer = 0;
};

} // namespace

std::unique_ptr<WorldOp> worldops::time_sleep(WorldOp::Site site, ImmediateResult &) {
  return std::make_unique<Sleep>(std::move(site));
}

std::unique_ptr<WorldOp> worldops::time_now(WorldOp::Site site, ImmediateResult &immediate) {
  return immediate.give(Value::duration(site.context.options.host->timeOfDay()));
}
