#include "xcs/World/LiveWorld.h"
#include "World/Access.h"
#include "World/Draw.h"
#include "World/EventLoop.h"
#include "World/Secrets.h"
#include "World/WorldOp.h"
#include "xcs/Io/HttpLibrary.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Support/Clock.h"
#include "xcs/Support/Mutex.h"
#include "xcs/Support/Visible.h"
#include <algorithm>

using namespace xcs;

namespace {

/// What all worlds of a plan have in common. Thread safety: immutable.
struct PlanAccess {
  WorldOptions options;
  Secrets secrets;
};

/// The real world. Operations are created on the thread that submits them; those that take time go to the
/// event loop, which is created on first use.
class LiveWorld final : public World {
public:
  LiveWorld(const PlanView &plan, std::shared_ptr<const PlanAccess> access, WorldClient &client,
            std::shared_ptr<SharedLoop> shared);
  ~LiveWorld() override { shutdown(); }

  void submit(std::span<WorldRequest> requests, std::vector<WorldOutcome> &atOnce) override;
  void reconsider() override {
    if (EventLoop *waiting = startedLoop.load(std::memory_order_acquire))
      waiting->reconsider(context);
  }
  void settled(std::span<const uint64_t> tokens) override {
    if (EventLoop *waiting = startedLoop.load(std::memory_order_acquire))
      waiting->settled(tokens);
  }
  void onIdle() override {
    if (EventLoop *waiting = startedLoop.load(std::memory_order_acquire))
      waiting->engineIdle(context);
  }
  void abandon() override {
    if (EventLoop *waiting = startedLoop.load(std::memory_order_acquire))
      waiting->abandonWrites(context);
  }
  void killPrograms() override {
    if (EventLoop *waiting = startedLoop.load(std::memory_order_acquire))
      waiting->killPrograms();
  }
  bool hasUncertainWrites() const override { return context->uncertain.load(std::memory_order_relaxed) > 0; }
  void askStatus(const std::function<void(const WorldStatus &)> &told) override {
    if (EventLoop *waiting = startedLoop.load(std::memory_order_acquire))
      waiting->askStatus(context, told);
    else
      told({});
  }
  std::vector<std::string> secrets() const override { return context->secrets.used(); }
  std::optional<OpError> begin(const RunStart &start) override;
  WorldReport end() override;
  void shutdown() override;
  int64_t now() const override { return monotonicNanoseconds(); }

private:
  EventLoop &eventLoop();
  std::optional<OpError> cannotWait();
  bool mayNotLeave(const WorldRequest &request) const;
  std::unique_ptr<WorldOp> make(WorldRequest &request, ImmediateResult &immediate);

  const std::shared_ptr<const PlanAccess> access;
  const std::shared_ptr<WorldContext> context;
  bool hasDeadline = false;
  const bool isOwnLoop;
  const std::shared_ptr<SharedLoop> loop;
  Mutex loopMutex;                               // held while it is asked for its loop
  std::atomic<EventLoop *> startedLoop{nullptr}; // that of `loop`, once this world has used it
};

} // namespace

SharedLoop::SharedLoop(WorldOptions given) : options(std::move(given)) {}

SharedLoop::~SharedLoop() { shutdown(); }

EventLoop &SharedLoop::get() {
  MutexLock lock(mutex);
  if (!loop)
    loop = std::make_unique<EventLoop>(options);
  return *loop;
}

void SharedLoop::shutdown() {
  EventLoop *there;
  {
    MutexLock lock(mutex);
    there = loop.get();
  }
  if (there)
    there->stop();
}

LiveWorld::LiveWorld(const PlanView &plan, std::shared_ptr<const PlanAccess> given, WorldClient &client,
                     std::shared_ptr<SharedLoop> shared)
    : access(std::move(given)),
      context(std::make_shared<WorldContext>(plan, access->options, access->secrets, client)),
      isOwnLoop(!shared), loop(shared ? std::move(shared) : std::make_shared<SharedLoop>(access->options)) {
  if (access->options.budget.isGiven())
    context->budget = std::make_unique<Budget>(plan, access->options.budget);
}

/// Whose gate a resource has in a shared loop: the same server lets in both of two plans, whatever they call
/// it. The server tells its clients apart by their keys, and counts each model of its own.
static std::string gateIdentity(WorldContext &context, uint32_t resource) {
  const ConstantView &c = context.plan.constants;
  const PlanResource &declared = context.plan.resources[resource];
  auto textOf = [&](Attribute attribute) {
    AttrId attr = c.find(declared.dict, attribute);
    return attr ? std::string(c.textAttr(attr)) : std::string();
  };
  std::string where;
  switch (declared.kind) {
  case ResourceKind::Limit:
    where = std::string(c.text(declared.symbol));
    break;
  case ResourceKind::Model:
  case ResourceKind::Http: {
    const AttrId written = c.find(declared.dict, Attribute::url);
    const auto text = resolveText(context, written);
    where = text ? *text : std::string(c.textAttr(written));
    if (const auto url = readUrl(where))
      where = url->scheme + "://" + HostPort{hostIdentity(url->host()), url->port()}.text();
    where += '\n' + textOf(Attribute::model) + '\n' + textOf(Attribute::key);
    break;
  }
  }
  return std::to_string(static_cast<int>(declared.kind)) + '\n' + where + '\n' +
         boundsOf(context.plan, resource);
}

EventLoop &LiveWorld::eventLoop() {
  if (EventLoop *there = startedLoop.load(std::memory_order_acquire))
    return *there;
  MutexLock lock(loopMutex);
  if (!context->loop) {
    context->loop = &loop->get();
    context->gates.emplace(context->plan, context->loop->gateTable(),
                           [&mine = *context](uint32_t resource) { return gateIdentity(mine, resource); });
    startedLoop.store(context->loop, std::memory_order_release);
  }
  return *context->loop;
}

/// Whether a text with a secret would go where no grant allows it: to a prompt, a request, a file, a program.
/// Log lines are redacted instead, and the program that gives a function has the secret itself.
bool LiveWorld::mayNotLeave(const WorldRequest &request) const {
  const OpCode code = context->plan.ops[request.op].code;
  if (context->secrets.empty() || code == OpCode::log_print || code == OpCode::host_call)
    return false;
  return std::any_of(request.operands.begin(), request.operands.end(),
                     [&](const Value &operand) { return context->secrets.echoedIn(operand); });
}

/// Creates the operation for a request; null if it was executed, or refused, immediately.
std::unique_ptr<WorldOp> LiveWorld::make(WorldRequest &request, ImmediateResult &immediate) {
  if (mayNotLeave(request))
    return immediate.fail(Diag::SecretInOperand, {rowOf(context->plan.ops[request.op].code).name});
  WorldOp::Site site(std::move(request), *context);
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

/// Told before the run, which may have done a part of its work by the first request.
static std::optional<OpError> cannotSend(const PlanView &plan) {
  if (!plan.mayUseNet || openHttpLibrary().empty())
    return std::nullopt;
  std::string_view arguments[] = {openHttpLibrary()};
  return OpError{Diag::HttpLibraryMissing, formatMessage(rowOf(Diag::HttpLibraryMissing).text, arguments), 1};
}

/// Told before anything is spent.
static std::optional<OpError> cannotCount(const PlanView &plan, const BudgetLimits &budget,
                                          uint32_t function) {
  if (!budget.most[static_cast<size_t>(BudgetUnit::Usd)])
    return std::nullopt;
  const std::optional<UnpricedModel> found = findUnpricedModel(plan, function);
  if (!found)
    return std::nullopt;
  std::string_view arguments[] = {found->symbol, found->missing};
  return OpError{Diag::BudgetUnpriced, formatMessage(rowOf(Diag::BudgetUnpriced).text, arguments), 1};
}

std::optional<OpError> LiveWorld::begin(const RunStart &start) {
  if (std::optional<OpError> problem = cannotCount(context->plan, context->options.budget, start.function))
    return problem;
  if (std::optional<OpError> problem = wrongStart(context->plan))
    return problem;
  if (std::optional<OpError> problem = cannotSend(context->plan))
    return problem;
  if (auto missing = missingHostFunction(context->plan, context->options.callables.get())) {
    const std::string shown = visible(*missing);
    std::string_view arguments[] = {shown};
    return OpError{Diag::HostMissing, formatMessage(rowOf(Diag::HostMissing).text, arguments), 1};
  }
  context->seed = start.seed;
  context->mostInFlight.store(0, std::memory_order_relaxed);
  context->cancelled.store(0, std::memory_order_relaxed);
  if (EventLoop *waiting = startedLoop.load(std::memory_order_acquire))
    waiting->beginCounting(context);
  hasDeadline = start.timeout != 0;
  if (!hasDeadline)
    return std::nullopt;
  eventLoop().setDeadline(context, timeAfter(now(), start.timeout), start.expired);
  return cannotWait();
}

WorldReport LiveWorld::end() {
  WorldReport out;
  if (EventLoop *there = startedLoop.load(std::memory_order_acquire)) {
    if (hasDeadline)
      there->setDeadline(context, 0, nullptr);
    out.peakInFlight = context->mostInFlight.load(std::memory_order_relaxed);
    out.cancelled = context->cancelled.load(std::memory_order_relaxed);
    out.threads = 1;
  }
  if (context->budget)
    out.budget = context->budget->report();
  out.secrets = context->secrets.used();
  out.shortSecrets = context->secrets.shortOnes();
  return out;
}

void LiveWorld::shutdown() {
  if (isOwnLoop)
    loop->shutdown();
}

MakeWorld xcs::liveWorld(const PlanView &plan, WorldOptions options, std::shared_ptr<SharedLoop> shared) {
  auto access = std::make_shared<PlanAccess>();
  access->options = std::move(options);
  access->secrets = grantedSecrets(plan, access->options);
  return [&plan, access = std::shared_ptr<const PlanAccess>(std::move(access)),
          shared = std::move(shared)](WorldClient &client) -> std::unique_ptr<World> {
    return std::make_unique<LiveWorld>(plan, access, client, shared);
  };
}
