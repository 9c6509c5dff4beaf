#include "World/JournalNames.h"
#include "xcs/Support/Mutex.h"
#include "xcs/World/Journals.h"

using namespace xcs;

namespace {

class DryWorld final : public World, private WorldClient {
public:
  DryWorld(const PlanView &plan, WorldClient &client, const MakeWorld &makeInner)
      : plan(plan), client(client), inner(makeInner(*this)) {}

  void submit(std::span<WorldRequest> requests, std::vector<WorldOutcome> &atOnce) override;
  void settled(std::span<const uint64_t> tokens) override { inner->settled(tokens); }
  void reconsider() override { inner->reconsider(); }
  void abandon() override { onIdle(); }
  void onIdle() override;
  std::vector<std::string> secrets() const override { return inner->secrets(); }
  std::optional<OpError> begin(const RunStart &start) override { return inner->begin(start); }
  WorldReport end() override { return inner->end(); }
  void shutdown() override { inner->shutdown(); }
  int64_t now() const override { return inner->now(); }

private:
  bool wanted(Ticket ticket) const override { return client.wanted(ticket); }
  RequestPlace placeOf(Ticket ticket) const override { return client.placeOf(ticket); }
  bool isCaught(Ticket ticket) const override { return client.isCaught(ticket); }
  bool isEnding() const override { return client.isEnding(); }
  bool isIdle() const override { return client.isIdle(); }
  void finished(std::vector<WorldOutcome> outcomes) override { client.finished(std::move(outcomes)); }

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
