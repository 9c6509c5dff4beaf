#include "World/JournalNames.h"
#include "World/WorldLayer.h"
#include "xcs/Support/Mutex.h"
#include "xcs/World/Journals.h"

using namespace xcs;

namespace {

class DryWorld final : public WorldLayer {
public:
  DryWorld(const PlanView &plan, WorldClient &client, const MakeWorld &makeInner)
      : plan(plan), client(client), inner(makeInner(*this)) {}

  void submit(std::span<WorldRequest> requests, std::vector<WorldOutcome> &atOnce) override;
  void abandon() override { onIdle(); }
  void onIdle() override;

private:
  World &innerWorld() const override { return *inner; }
  WorldClient &outerClient() const override { return client; }

  const PlanView &plan;
  WorldClient &client;
  Mutex mutex;
  std::vector<WorldOutcome> held XCS_GUARDED_BY(mutex);
  const std::unique_ptr<World> inner; // last: it may call as soon as it is made
};

} // namespace

void DryWorld::submit(std::span<WorldRequest> requests, std::vector<WorldOutcome> &atOnce) {
  for (WorldRequest &request : requests) {
    const OpCode code = plan.ops[request.op].code;
    if (!isJournaled(code) && code != OpCode::log_print) {
      inner->submit({&request, 1}, atOnce);
      continue;
    }
    WorldOutcome out;
    out.ticket = request.ticket;
    out.op = request.op;
    out.value = Value::none();
    if (code == OpCode::log_print) {
      atOnce.push_back(std::move(out));
      continue;
    }
    out.kind = WorldOutcome::Kind::Cancelled;
    MutexLock lock(mutex);
    held.push_back(std::move(out));
  }
}

void DryWorld::onIdle() {
  std::vector<WorldOutcome> outcomes;
  {
    MutexLock lock(mutex);
    outcomes.swap(held);
  }
  if (!outcomes.empty())
    client.finished(std::move(outcomes));
}

MakeWorld xcs::dryWorld(const PlanView &plan, MakeWorld inner) {
  return [&plan, inner = std::move(inner)](WorldClient &client) -> std::unique_ptr<World> {
    return std::make_unique<DryWorld>(plan, client, inner);
  };
}
