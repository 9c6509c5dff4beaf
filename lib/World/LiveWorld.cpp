#include "xcs/World/LiveWorld.h"
#include "World/Draw.h"
#include "World/EventLoop.h"
#include "World/Secrets.h"
#include "World/WorldOp.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Support/Clock.h"
#include "xcs/Support/Mutex.h"
#include "xcs/Support/Visible.h"
#include <algorithm>

using namespace xcs;

namespace {

/// The real world. Operations are created on the thread that submits them; those that take time go to the
/// event loop, which is created on first use.
class LiveWorld final : public World {
public:
  LiveWorld(const PlanView &plan, WorldOptions given, WorldClient &client);
  ~LiveWorld() override { shutdown(); }

  void submit(std::span<WorldRequest> requests, std::vector<WorldOutcome> &atOnce) override;
  void reconsider() override {
    if (EventLoop *waiting = startedLoop.load(std::memory_order_acquire))
      waiting->reconsider();
  }
  void settled(std::span<const uint64_t> tokens) override {
    if (EventLoop *waiting = startedLoop.load(std::memory_order_acquire))
      waiting->settled(tokens);
  }
  void abandon() override {
    if (EventLoop *waiting = startedLoop.load(std::memory_order_acquire))
      waiting->abandonWrites();
  }
  void killPrograms() override {
    if (EventLoop *waiting = startedLoop.load(std::memory_order_acquire))
      waiting->killPrograms();
  }
  bool hasUncertainWrites() const override {
    const EventLoop *waiting = startedLoop.load(std::memory_order_acquire);
    return waiting && waiting->uncertainWrites() > 0;
  }
  std::optional<OpError> begin(const RunStart &start) override;
  WorldReport end() override;
  void shutdown() override;
  int64_t now() const override { return monotonicNanoseconds(); }

private:
  EventLoop &eventLoop();
  std::optional<OpError> cannotWait();
  bool mayNotLeave(const WorldRequest &request) const;
  std::unique_ptr<WorldOp> make(WorldRequest &request, ImmediateResult &immediate);

  const WorldOptions options;
  const Secrets secrets;
  WorldContext context;
  bool hasDeadline = false;
  Mutex loopMutex; // held while the loop is made
  std::unique_ptr<EventLoop> loop XCS_GUARDED_BY(loopMutex);
  std::atomic<EventLoop *> startedLoop{nullptr}; // `loop` once it is there
};

} // namespace

/// Read before the run reads or sends anything, so that what is searched for secrets does not depend on the
/// order of operations.
static Secrets grantedSecrets(const PlanView &plan, const WorldOptions &options) {
  std::map<std::string, std::string, std::less<>> values;
  for (const AttrNode &attr : plan.constants.attrs)
    if (attr.kind == AttrKind::Secret) {
      std::string name(
          plan.constants.textAttr(AttrId(static_cast<uint32_t>(&attr - plan.constants.attrs.data()))));
      if (!options.grants.mayUse(name) || values.contains(name))
        continue;
      if (std::optional<std::string> value = options.host->environment(name); value && !value->empty())
        values.emplace(std::move(name), std::move(*value));
    }
  return Secrets(std::move(values));
}

LiveWorld::LiveWorld(const PlanView &plan, WorldOptions given, WorldClient &client)
    : options(std::move(given)), secrets(grantedSecrets(plan, options)),
      context{plan, options, secrets, client, nullptr, 0} {}

EventLoop &LiveWorld::eventLoop() {
  if (EventLoop *there = startedLoop.load(std::memory_order_acquire))
    return *there;
  MutexLock lock(loopMutex);
  if (!loop) {
    loop = std::make_unique<EventLoop>(context);
    context.loop = loop.get();
    startedLoop.store(loop.get(), std::memory_order_release);
  }
  return *loop;
}

/// Whether a text with a secret would go where no grant allows it: to a prompt, a request, a file, a program.
/// Log lines are redacted instead, and the program that gives a function has the secret itself.
bool LiveWorld::mayNotLeave(const WorldRequest &request) const {
  const OpCode code = context.plan.ops[request.op].code;
  if (secrets.empty() || code == OpCode::log_print || code == OpCode::host_call)
    return false;
  return std::any_of(request.operands.begin(), request.operands.end(),
                     [&](const Value &operand) { return secrets.echoedIn(operand); });
}

/// Creates the operation for a request; null if it was executed, or refused, immediately.
std::unique_ptr<WorldOp> LiveWorld::make(WorldRequest &request, ImmediateResult &immediate) {
  if (mayNotLeave(request))
    return immediate.fail(Diag::SecretInOperand, {rowOf(context.plan.ops[request.op].code).name});
  WorldOp::Site site(std::move(request), context);
  if (site.wantsIdentity)
    site.identity = requestIdentity(site);
  request.identity = site.identity;
  return makeWorldOp(std::move(site), immediate);
}

void LiveWorld::submit(std::span<WorldRequest> requests, std::vector<WorldOutcome> &atOnce) {
  std::vector<std::unique_ptr<WorldOp>> waiting;
  waiting.reserve(requests.size());
  ImmediateResult immediate;
  for (WorldRequest &request : requests) {
    const int64_t start = request.wantsIdentity ? now() : 0;
    if (std::unique_ptr<WorldOp> op = make(request, immediate)) {
      waiting.push_back(std::move(op));
      continue;
    }
    WorldOutcome &outcome = atOnce.emplace_back();
    outcome.ticket = request.ticket;
    outcome.op = request.op;
    outcome.kind = immediate.failed ? WorldOutcome::Kind::Failed : WorldOutcome::Kind::Done;
    outcome.value = std::move(immediate.value);
    outcome.error = std::move(immediate.error);
    outcome.identity = std::move(request.identity);
    outcome.start = start;
    outcome.end = request.wantsIdentity ? now() : 0;
    immediate = {};
  }
  if (waiting.empty())
    return;
  if (std::optional<OpError> problem = cannotWait())
    for (const auto &op : waiting) {
      atOnce.push_back(op->takeOutcome());
      atOnce.back().error = *problem;
    }
  else
    eventLoop().submit(std::move(waiting));
}

/// Why there is no event loop; none if there is one.
std::optional<OpError> LiveWorld::cannotWait() {
  const std::string &why = eventLoop().problem();
  if (why.empty())
    return std::nullopt;
  std::string_view arguments[] = {why};
  return OpError{Diag::CannotWait, formatMessage(rowOf(Diag::CannotWait).text, arguments), 1};
}

/// The edges of a plan that was compiled for one directory do not hold in another.
static std::optional<OpError> wrongStart(const PlanView &plan) {
  if (plan.startDirectory.empty())
    return std::nullopt;
  const std::string here = absolutePath(".");
  if (here == plan.startDirectory)
    return std::nullopt;
  std::string_view arguments[] = {plan.startDirectory, here};
  return OpError{Diag::WrongStart, formatMessage(rowOf(Diag::WrongStart).text, arguments), 1};
}

std::optional<OpError> LiveWorld::begin(const RunStart &start) {
  if (std::optional<OpError> problem = wrongStart(context.plan))
    return problem;
  if (auto missing = missingHostFunction(context.plan, options.callables.get())) {
    const std::string shown = visible(*missing);
    std::string_view arguments[] = {shown};
    return OpError{Diag::HostMissing, formatMessage(rowOf(Diag::HostMissing).text, arguments), 1};
  }
  context.seed = start.seed;
  hasDeadline = start.timeout != 0;
  if (!hasDeadline)
    return std::nullopt;
  eventLoop().setDeadline(timeAfter(now(), start.timeout), start.expired);
  return cannotWait();
}

WorldReport LiveWorld::end() {
  WorldReport out;
  if (EventLoop *there = startedLoop.load(std::memory_order_acquire)) {
    if (hasDeadline)
      there->setDeadline(0, nullptr);
    out.peakInFlight = there->peakInFlight();
    out.cancelled = there->cancelledCount();
    out.threads = 1;
  }
  out.secrets = secrets.used();
  out.shortSecrets = secrets.shortOnes();
  return out;
}

void LiveWorld::shutdown() {
  if (EventLoop *there = startedLoop.load(std::memory_order_acquire))
    there->stop();
}

MakeWorld xcs::liveWorld(const PlanView &plan, WorldOptions options) {
  return [&plan, options = std::move(options)](WorldClient &client) -> std::unique_ptr<World> {
    return std::make_unique<LiveWorld>(plan, options, client);
  };
}
