#pragma once
#include "xcs/Api/Session.h"
#include "xcs/Frontend/Combinators.h"
#include "xcs/Frontend/HostForm.h"

namespace xcs {

/// Why a call of a compiled function has no answer: the function is wrong, or its run failed.
struct CallError {
  Diag id{};
  std::string message;
  std::string file; // the place in the host program; line 0: unknown
  uint32_t line = 0, column = 0;
  std::string text; // all that is known, as a tool prints it
};
/// What a call gives. There are no exceptions: look before taking the value.
template <class T> using Answer = Result<T, CallError>;

/// How a function is compiled and run.
struct ProgramSettings {
  std::string name = "main";                // of the function in the program
  std::vector<std::string> parameters = {}; // their names, for those who run a saved plan
  unsigned level = 2;                       // of optimisation, 0 to 3
  Limits limits = {};
  /// What runs may touch besides what the function itself names: the hosts of its resources, and their keys
  /// to those hosts.
  Grants grants = {};
  /// Where it runs; null: `defaultSession`. Its options must have `hostFunctions` as callables for functions
  /// that call host operations. It must outlive what was compiled for it.
  Session *session = nullptr;
};

/// The session of a process in which compiled functions run if they are given no other. It starts with the
/// first of them. Thread safety: any thread.
Session &defaultSession();
/// The functions of the process that `hostOp` has named, for the options of a session.
std::shared_ptr<HostCallables> hostFunctions();

/// A compiled function without its types. Thread safety: all members, from any thread.
class CompiledCore {
public:
  CompiledCore(Traced traced, const ProgramSettings &settings, const Origin &at);

  /// Starts a run; an input that is not there is a mistake, whose error the run has.
  RunRef submit(std::vector<RunInput> inputs) const;
  /// Waits for a run, and says why it failed.
  std::optional<CallError> wait(const RunRef &run) const;
  Session &runsIn() const { return *session; }

  std::optional<CallError> error; // of the function
  std::string xir;                // as it was traced
  std::string plan;               // the bytes of an .xplan
  std::string explain() const;
  /// Writes the plan to a file; why it could not be written.
  std::optional<CallError> save(const std::string &path) const;

private:
  Session *session;
  const std::string name;
  std::vector<std::shared_ptr<const void>> needed;
  ProgramRef program;
  uint32_t entry = 0;
};

/// The results of a run as those of the function.
template <class R> struct AnswerForm {
  using type = HostOf<R>;
  static type from(std::span<const Value> results) { return HostForm<R>::from(results[0]); }
};
template <class... X> struct AnswerForm<std::tuple<X...>> {
  using type = std::tuple<HostOf<X>...>;
  static type from(std::span<const Value> results) {
    return [&]<size_t... I>(std::index_sequence<I...>) {
      return type{HostForm<X>::from(results[I])...};
    }(std::index_sequence_for<X...>());
  }
};
template <> struct AnswerForm<void> {
  using type = void;
};

/// A run in flight. Copies mean the same run. Thread safety: as a shared pointer.
template <class R> class Future {
public:
  Future(std::shared_ptr<const CompiledCore> core, RunRef run) : core(std::move(core)), run(std::move(run)) {}
  bool ready() const { return !run || run.done(); }
  /// Waits for the answer.
  Answer<typename AnswerForm<R>::type> get() const {
    if (std::optional<CallError> wrong = core->wait(run))
      return std::move(*wrong);
    if constexpr (std::is_void_v<R>)
      return {};
    else
      return AnswerForm<R>::from(run.report().results);
  }
  /// Nothing more of it starts; the answer is then the error `run-cancelled`.
  void cancel() const {
    if (run)
      core->runsIn().cancel(run);
  }
  const RunRef &reference() const { return run; }

private:
  std::shared_ptr<const CompiledCore> core;
  RunRef run;
};

/// An argument of a call: a value, or the answer of another call that need not be there yet.
template <class P> class Argument {
public:
  template <class X>
    requires std::is_convertible_v<const X &, P>
  Argument(const X &given, const Origin &at = Origin::current())
      : input(tracing::valueOf(operandOf<P>(P(given), at))) {}
  Argument(const Future<P> &from) : input(from.reference()) {}
  RunInput input;
};

/// A function of the host program, traced and compiled once, that may be called many times with any values
/// and from any thread.
template <class Signature> class Compiled;
template <class R, class... P> class Compiled<R(P...)> {
public:
  Compiled(std::shared_ptr<const CompiledCore> core, TracedHandles body)
      : core(std::move(core)), body(std::make_shared<TracedHandles>(std::move(body))) {}

  /// Whether it compiled. A call of one that did not gives the error.
  explicit operator bool() const { return !core->error; }
  const CallError &error() const { return *core->error; }

  Answer<typename AnswerForm<R>::type> operator()(const Argument<P> &...given) const {
    return async(given...).get();
  }
  /// Starts a call. What it gives may be an argument of another call, which then starts at once, too.
  Future<R> async(const Argument<P> &...given) const {
    return {core, core->error ? RunRef() : core->submit({given.input...})};
  }
  /// Within a traced function: records the function there.
  R traced(const P &...given, const Origin &at = Origin::current()) const {
    const std::vector<Handle> handles = {operandOf<P>(given, at).handle...};
    const std::vector<Operand> returned = (*body)(handles);
    if constexpr (!std::is_void_v<R>) {
      std::vector<Handle> results;
      for (const Operand &one : returned)
        results.push_back(one.handle);
      results.resize(resultTypes<R>().size());
      return ResultsForm<R>::made(results);
    }
  }

  const std::string &xir() const { return core->xir; }
  const std::string &plan() const { return core->plan; }
  std::string explain() const { return core->explain(); }
  std::optional<CallError> save(const std::string &path) const { return core->save(path); }

private:
  std::shared_ptr<const CompiledCore> core;
  std::shared_ptr<TracedHandles> body;
};

/// Traces a function of handles and compiles it: `auto program = xcs::compile([](Str question) { ... })`. The
/// function runs once, here; what it reads of the host program it reads now. Equal programs of a process are
/// compiled once, whatever values they are called with.
template <class F, class Signature = typename SignatureOf<F>::type>
Compiled<Signature> compile(F function, const ProgramSettings &settings = {},
                            const Origin &at = Origin::current()) {
  using Body = TracedBodyOf<Signature>;
  TracedHandles body = Body::body(std::move(function), at);
  Traced traced = traceHandles(body, Body::parameters(), Body::results(),
                               {settings.name, settings.parameters, settings.limits}, at);
  return {std::make_shared<CompiledCore>(std::move(traced), settings, at), std::move(body)};
}

} // namespace xcs
