#include "Api/SessionRun.h"
#include "Api/InputCheck.h"
#include "xcs/Ops/ConstantPool.h"
#include <algorithm>

using namespace xcs;

static OpError errorOf(Diag id, std::initializer_list<std::string_view> arguments) {
  return {id, formatMessage(rowOf(id).text, {arguments.begin(), arguments.size()}), 1};
}

/// Why a result of another run is not what a parameter takes, as the end of a sentence.
std::string SessionRun::whyBadProducer(const PlanParameter &parameter, const RunInput &input) const {
  const SessionRun &producer = *input.producer.run;
  if (!producer.program)
    return {}; // it has failed, and so will this run
  if (producer.program->session != program->session)
    return "its producer is a run of another session";
  const PlanView &view = producer.program->plan();
  if (producer.function >= view.functions.size())
    return {}; // likewise
  const PlanFunction &made = view.functions[producer.function];
  if (input.result >= made.resultCount)
    return "`@" + std::string(view.constants.text(made.symbol)) + "`, its producer, has " +
           std::to_string(made.resultCount) + " results, and it is to be number " +
           std::to_string(input.result) + ", counted from 0";
  const TypeId given = view.parameters[made.firstResult + input.result].type;
  if (isSameType(program->plan().constants, parameter.type, view.constants, given))
    return {};
  return "its producer gives a `" + printType(view.constants, given) + "`";
}

std::string SessionRun::whyBad(const std::shared_ptr<const void> &wanted,
                               const std::vector<RunInput> &inputs) const {
  if (!program)
    return "no program is given";
  if (program->session != wanted)
    return "the program was loaded by another session";
  const PlanView &plan = program->plan();
  if (function >= plan.functions.size())
    return "there is no function number " + std::to_string(function);
  const PlanFunction &entered = plan.functions[function];
  auto name = [&] { return "`@" + std::string(plan.constants.text(entered.symbol)) + "`"; };
  if (inputs.size() != entered.parameterCount)
    return name() + " takes " + std::to_string(entered.parameterCount) + " inputs, and " +
           std::to_string(inputs.size()) + " are given";
  for (uint32_t p = 0; p < inputs.size(); ++p) {
    const PlanParameter &parameter = plan.parameters[entered.firstParameter + p];
    const std::string why = inputs[p].producer
                                ? whyBadProducer(parameter, inputs[p])
                                : whyNotOfType(plan.constants, parameter.type, inputs[p].value);
    if (!why.empty())
      return "the input `" + std::string(plan.constants.text(parameter.name)) + "` of " + name() +
             " is to be `" + printType(plan.constants, parameter.type) + "`, but " + why;
  }
  return {};
}

void SessionRun::failAtOnce(Diag why, std::initializer_list<std::string_view> arguments,
                            Session::Impl *listed) {
  session = listed;
  RunReport out;
  OpError error = errorOf(why, arguments);
  out.failure.id = error.id;
  out.failure.message = std::move(error.message);
  finish(std::move(out));
}

void SessionRun::start(Session::Impl &in, std::vector<RunInput> inputs) {
  session = &in;
  const PlanView &plan = program->plan();
  RunSetup setup;
  setup.function = function;
  setup.earlyResults = settings.earlyResults;
  setup.timeoutNanoseconds = settings.timeoutNanoseconds;
  setup.seed = settings.seed;
  setup.trace = settings.trace;
  setup.arguments.resize(inputs.size());
  bool lacks = false;
  for (size_t p = 0; p < inputs.size(); ++p) {
    if (!inputs[p].producer) {
      setup.arguments[p] = std::move(inputs[p].value);
      continue;
    }
    if (std::optional<Value> known = inputs[p].producer.result(inputs[p].result)) {
      setup.arguments[p] = std::move(*known);
      inputs[p].producer = RunRef();
      continue;
    }
    if (!std::exchange(lacks, true))
      setup.isMissing.resize(inputs.size());
    setup.isMissing[p] = true;
    in.pendingInputs.fetch_add(1, std::memory_order_relaxed);
  }
  if (lacks)
    pending = std::move(inputs);
  if (settings.earlyResults) {
    MutexLock lock(mutex);
    early.resize(plan.functions[function].resultCount);
  }
  if (settings.timeoutNanoseconds)
    // The deadline may pass while the run ends: then it is no longer with the engine.
    setup.expired = [weak = weak_from_this(), timeout = settings.timeoutNanoseconds] {
      if (std::shared_ptr<SessionRun> run = weak.lock()) {
        OpError error = errorOf(Diag::RunTimeout, {printDuration(timeout)});
        run->abort(error.id, std::move(error.message));
      }
    };
  in.pool->start(program->prepared, std::move(setup), *this);
}

void SessionRun::abort(Diag why, std::string message) {
  MutexLock lock(mutex);
  if (inFlight)
    inFlight->abort(why, std::move(message));
  else if (!isOver.load(std::memory_order_relaxed) && !abortion)
    abortion = OpError{why, std::move(message), 1};
}

void SessionRun::abandon() {
  MutexLock lock(mutex);
  if (inFlight)
    inFlight->abandon();
}

void SessionRun::began(RunInFlight &run) {
  {
    MutexLock lock(mutex);
    inFlight = &run;
    if (abortion)
      run.abort(abortion->id, std::move(abortion->message));
  }
  std::vector<RunInput> inputs = std::move(pending);
  for (uint32_t p = 0; p < inputs.size(); ++p)
    if (inputs[p].producer)
      inputs[p].producer.run->produceFor({shared_from_this(), p, inputs[p].result});
}

/// Passes a result on as soon as it is known.
void SessionRun::produceFor(Waiting consumer) {
  {
    MutexLock lock(mutex);
    const bool isKnown = consumer.result < early.size() && !early[consumer.result].empty();
    if (!isKnown && !isOver.load(std::memory_order_relaxed)) {
      waiting.push_back(std::move(consumer));
      return;
    }
  }
  serve(consumer);
}

/// The result is known, or there will be none.
void SessionRun::serve(const Waiting &served) {
  if (std::optional<Value> value = resultOf(served.result))
    served.consumer->setInput(served.parameter, std::move(*value));
  else
    served.consumer->failInput(served.parameter, *this);
}

void SessionRun::setInput(uint32_t parameter, Value value) {
  MutexLock lock(mutex);
  if (inFlight)
    inFlight->setInput(parameter, std::move(value));
}

void SessionRun::failInput(uint32_t parameter, const SessionRun &producer) {
  MutexLock lock(mutex);
  if (!inFlight)
    return;
  const RunRef origin = producer.failedRun
                            ? producer.failedRun
                            : RunRef(std::const_pointer_cast<SessionRun>(producer.shared_from_this()));
  failedInputs.emplace_back(parameter, origin);
  inFlight->failInput(parameter, producer.report.failure);
}

void SessionRun::resultKnown(uint32_t result, Value value) {
  std::vector<Waiting> served;
  {
    MutexLock lock(mutex);
    early[result] = std::move(value);
    auto others = std::stable_partition(waiting.begin(), waiting.end(),
                                        [&](const Waiting &w) { return w.result != result; });
    served.assign(std::make_move_iterator(others), std::make_move_iterator(waiting.end()));
    waiting.erase(others, waiting.end());
  }
  // First the callback: what a consumer does is then never heard of before what it was given.
  if (settings.resultKnown)
    settings.resultKnown(RunRef(shared_from_this()), result);
  for (const Waiting &one : served)
    serve(one);
  if (settings.queued)
    session->tell({RunRef(shared_from_this()), result});
}

void SessionRun::ended(RunReport given) { finish(std::move(given)); }

void SessionRun::finish(RunReport given) {
  const std::shared_ptr<SessionRun> alive = shared_from_this();
  std::vector<Waiting> served;
  {
    MutexLock lock(mutex);
    inFlight = nullptr;
    report = std::move(given);
    for (const auto &[parameter, producer] : failedInputs)
      if (!report.ok && report.failure.input == parameter)
        failedRun = producer;
    failedInputs.clear();
    isOver.store(true, std::memory_order_release);
    served = std::move(waiting);
  }
  over.notifyAll();
  // What the callbacks hold is let go with the run, though copies of its reference may stay.
  const RunSettings last = std::move(settings);
  if (last.completed)
    last.completed(RunRef(alive));
  for (const Waiting &one : served)
    serve(one);
  if (last.queued && session)
    session->tell({RunRef(alive)});
  if (session)
    session->remove(*this);
}

/// A short run is over before this thread could be put to sleep and woken again.
static bool endsSoon(const std::atomic<bool> &isOver) {
  static constexpr int rounds = 100; // a few microseconds
  for (int i = 0; i < rounds; ++i) {
    if (isOver.load(std::memory_order_acquire))
      return true;
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
  }
  return false;
}

bool SessionRun::wait() {
  if (endsSoon(isOver))
    return true;
  MutexLock lock(mutex);
  while (!isOver.load(std::memory_order_acquire))
    over.wait(mutex);
  return true;
}

bool SessionRun::waitUntil(std::chrono::steady_clock::time_point end) {
  MutexLock lock(mutex);
  while (!isOver.load(std::memory_order_acquire))
    if (!over.waitUntil(mutex, end))
      return isOver.load(std::memory_order_acquire);
  return true;
}

std::optional<Value> SessionRun::resultOf(uint32_t result) {
  if (isOver.load(std::memory_order_acquire) && report.ok)
    return result < report.results.size() ? std::optional<Value>(report.results[result]) : std::nullopt;
  MutexLock lock(mutex);
  if (result < early.size() && !early[result].empty())
    return early[result];
  return std::nullopt;
}
