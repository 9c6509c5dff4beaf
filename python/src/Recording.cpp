#include "src/Recording.h"
#include "src/Compile.h"
#include "src/Deferred.h"
#include "xcs/Compiler/Compiler.h"
#include "xcs/IR/Printer.h"
#include "xcs/Ops/OpTable.h"
#include "xcs/Support/HostPort.h"
#include "llvm/Support/raw_ostream.h"

using namespace xcs;
using namespace xcs::python;

/// A chain that is longer becomes two segments: one that never ends would never begin.
static constexpr size_t mostOperations = 1024;
static constexpr size_t mostPrograms = 4096;

Recording::Recording(std::shared_ptr<Engine> engine, std::shared_ptr<HostJobs> jobs, Grants grants,
                     bool keepsTexts)
    : engine(std::move(engine)), jobs(std::move(jobs)), shared(std::make_shared<Board>()),
      grants(std::move(grants)), keepsTexts(keepsTexts),
      tracer(TraceForm::Segment, "segment", this->engine->limits()) {}

/// What orders an operation of the language among others: the resources of its operands are not looked at.
static std::string_view orderedEffect(Effect effect) {
  switch (effect) {
  case Effect::Pure:
  case Effect::Sample:
  case Effect::Wait:
    return {};
  case Effect::Read:
    return "read";
  case Effect::Log:
    return "write(log)";
  case Effect::WriteIdempotent:
  case Effect::WriteKeyed:
  case Effect::WriteNever:
  case Effect::Guard:
  case Effect::Bodies:
  case Effect::HttpMethod:
  case Effect::Exec:
  case Effect::Host:
    return "write";
  }
  return {};
}

/// Whether a request says of itself that it only asks for an answer.
static bool asksOnly(nb::handle attributes) {
  if (!PyDict_Check(attributes.ptr()))
    return false;
  nb::handle effect = PyDict_GetItemString(attributes.ptr(), "effect");
  return effect.is_valid() && PyUnicode_Check(effect.ptr()) &&
         PyUnicode_CompareWithASCIIString(effect.ptr(), "sample") == 0;
}

NodeRef Recording::call(std::string_view op, nb::handle operands, nb::handle attributes,
                        std::string_view symbol, const Origin &origin, std::string_view result) {
  ++stats.calls;
  Asked asked{op, operands, attributes, origin, symbol, {}, nullptr};
  asked.result = result;
  OpCode code;
  if (findOp(op, code)) { // the tracer says what it thinks of an unknown one
    const Effect effect = rowOf(code).effect;
    asked.isWorld = effect != Effect::Pure;
    if (effect != Effect::HttpMethod || !asksOnly(attributes))
      asked.effect = orderedEffect(effect);
  }
  return record(asked);
}

NodeRef Recording::host(nb::handle function, nb::handle arguments, nb::handle keywords,
                        std::string_view effect, std::string_view repeat, const Origin &origin) {
  ++stats.hostCalls;
  if (!PyCallable_Check(function.ptr()))
    raise(PyExc_TypeError, "function: expected a callable, got " + typeName(function.ptr()));
  auto job = std::make_shared<HostJob>();
  job->function = Kept(nb::borrow(function));
  job->arguments = Kept(nb::borrow(arguments));
  job->keywords = Kept(nb::borrow(keywords));
  nb::dict attributes;
  attributes["function"] = nb::str(HostJobs::functionName.data(), HostJobs::functionName.size());
  attributes["effect"] = nb::str(effect.data(), effect.size());
  if (repeat != "never")
    attributes["repeat"] = nb::str(repeat.data(), repeat.size());
  const bool isOrdered = effect != "pure" && effect != "sample";
  Asked asked{"host.call", arguments, attributes, origin, {}, isOrdered ? std::string(effect) : "",
              job,         true};
  nb::tuple both = nb::make_tuple(nb::borrow(arguments), nb::borrow(keywords));
  asked.operands = both;
  return record(asked);
}

void Recording::declare(std::string_view kind, std::string_view symbol, nb::handle attributes) {
  ResourceKind resource;
  if (!findResourceKind(kind, resource))
    raise(PyExc_ValueError, "there is no kind of resource `" + std::string(kind) + "`");
  std::vector<std::string> keys;
  auto declared = tracer.declare(resource, symbol, attributesOf(attributes, keys));
  if (!declared) {
    FailureText text;
    text.id = rowOf(declared.error().id).kind;
    text.failureClass = failureClassName(rowOf(declared.error().id).failure);
    text.message = declared.error().message;
    raiseFailure(exceptions().error, text);
  }
  grantDeclared(attributes);
}

/// What the program itself names is granted to it: the host of a resource, and its key to that host.
void Recording::grantDeclared(nb::handle attributes) {
  nb::object url = nb::borrow(PyDict_GetItemString(attributes.ptr(), "url"));
  if (!url.is_valid() || !PyUnicode_Check(url.ptr()))
    return;
  const auto read = readUrl(utf8Of(url, "url"));
  if (!read)
    return;
  const std::string host = read->hostPort();
  grants.allowNet(host);
  nb::object key = nb::borrow(PyDict_GetItemString(attributes.ptr(), "key"));
  if (key.is_valid() && PyTuple_Check(key.ptr()) && PyTuple_Size(key.ptr()) == 2)
    grants.allowSecret(utf8Of(key[1], "key") + "@" + host);
  engine->host().lookAgain(); // the key may have been set since the session began
}

/// Of operands, the first in program order that has failed or will; null if none has.
static NodeRef firstDoomed(const std::vector<NodeRef> &nodes) {
  NodeRef first;
  for (const NodeRef &node : nodes)
    if ((node->hasFailed() || node->isDoomed) && (!first || node->number < first->number))
      first = node;
  return first;
}

/// The result of an operation that needs `doomed`: it fails as that does, or as an earlier operand that is
/// still pending. Nothing of it is recorded.
NodeRef Recording::doom(NodeRef node, const NodeRef &doomed, const std::vector<NodeRef> &pending) {
  auto segment = std::make_shared<Segment>();
  if (node->host)
    node->host->segment = segment;
  std::vector<SegmentRef> before;
  for (const NodeRef &need : pending)
    if (need->isOpen)
      flush();
  for (const NodeRef &need : pending) {
    if (need->number > doomed->number)
      continue;
    segment->inputs.push_back(need);
    if (SegmentRef first = need->isDone() ? nullptr : need->segment.lock())
      before.push_back(std::move(first));
  }
  node->isDoomed = true;
  node->segment = segment;
  segment->board = shared;
  segment->jobs = jobs;
  segment->results = {node};
  segment->needs.assign(before.begin(), before.end());
  segment->begin(before);
  return node;
}

void Recording::requireOwn(const NodeRef &node, const char *what) const {
  if (node->owner != this)
    raise(PyExc_ValueError, std::string(what) +
                                ": a Deferred of another session; wait for it there, and pass its value: "
                                "other.wait([deferred]), then deferred.value()");
}

/// Whether an operation that needs these results may be the next of the open segment: see the class.
bool Recording::continuesOpen(const std::vector<NodeRef> &pending) const {
  bool needsLast = false;
  for (const NodeRef &node : pending) {
    if (!node->isOpen)
      return false;
    needsLast = needsLast || node == open.back();
  }
  return needsLast && open.size() < mostOperations;
}

NodeRef Recording::record(const Asked &asked) {
  engine->session(); // raises when there is none
  shared->dropLeft();
  std::vector<NodeRef> pending; // or failed
  std::unordered_set<const Node *> seen;
  forEachDeferred(asked.operands, [&](const NodeRef &node) {
    if (!seen.insert(node.get()).second)
      return;
    requireOwn(node, "operands");
    if (!node->isDone() || node->hasFailed())
      pending.push_back(node);
  });
  auto node = std::make_shared<Node>(this, ++lastNumber);
  node->host = asked.job;
  if (NodeRef doomed = firstDoomed(pending))
    return doom(std::move(node), doomed, pending);
  if (!open.empty() && (!asked.effect.empty() || !continuesOpen(pending)))
    flush();
  TraceOrigin origin{asked.origin.file, asked.origin.line};
  std::vector<TraceOperand> operands;
  if (asked.job) {
    jobNumber = jobs->add(asked.job);
    operands.emplace_back(Value::i64(jobNumber), tracer.pool().scalar(TypeKind::I64));
    for (const NodeRef &need : pending) {
      asked.job->needs.push_back(need);
      operands.push_back(resultOf(need, asked.op, origin));
    }
  } else {
    size_t at = 0;
    for (nb::handle operand : nb::borrow(asked.operands))
      operands.push_back(operandOf(operand, asked.op, "operands[" + std::to_string(at++) + "]", origin));
  }
  std::vector<std::string> keys;
  const std::vector<Builder::Attr> attributes = attributesOf(asked.attributes, keys);
  TraceCall call{asked.op, operands, attributes, asked.symbol};
  call.origin = origin;
  if (!asked.result.empty())
    call.resultType = typeNamed(asked.result);
  node->recorded = add(call);
  node->isOpen = true;
  open.push_back(node);
  job = asked.job;
  if (asked.isWorld) {
    SegmentRef segment = submitOpen(segmentsBefore(asked.effect));
    noteEffect(asked.effect, segment);
  }
  return node;
}

void Recording::flush() {
  requireUsable();
  shared->dropLeft();
  // One that ends with an operation of the world was submitted with it; of others nothing is needed when
  // nothing is asked for.
  bool isAsked = false;
  for (const NodeRef &node : open)
    isAsked = isAsked || node.use_count() > 1;
  if (isAsked)
    submitOpen({});
  else if (!open.empty())
    clearOpen();
}

void Recording::clearOpen() {
  tracer.discard();
  open.clear();
  inputs.clear();
  inputById.clear();
  job = nullptr;
}

/// Of a binding that another segment makes: its run, or its value when that segment is over. A segment that
/// was not submitted is waited for.
Segment::Input Recording::inputOf(TraceSegment::Binding &binding, std::vector<SegmentRef> &before) const {
  if (!binding.earlier)
    return {RunInput(std::move(binding.value)), nullptr};
  const NodeRef &node = inputById.at(binding.earlier.id);
  if (node->isDone() || !node->run)
    if (SegmentRef segment = node->isDone() ? nullptr : node->segment.lock())
      before.push_back(segment);
  if (node->isDone() || !node->run)
    return {RunInput(Value()), node};
  return {RunInput(node->run, node->result), nullptr};
}

SegmentRef Recording::submitOpen(std::vector<SegmentRef> before) {
  std::shared_ptr<xcs::Session> session = engine->session();
  auto segment = std::make_shared<Segment>();
  std::vector<Recorded> wanted;
  for (NodeRef &node : open) {
    node->isOpen = false;
    const bool isAsked = node.use_count() > 1;
    if (!isAsked)
      continue;
    wanted.push_back(node->recorded);
    node->result = static_cast<uint32_t>(segment->results.size());
    node->segment = segment;
    segment->results.push_back(node);
  }
  TraceSegment traced = tracer.finish(wanted);
  segment->session = session.get();
  segment->board = shared;
  segment->jobs = jobs;
  segment->job = job;
  segment->jobNumber = jobNumber;
  for (TraceSegment::Binding &binding : traced.parameters)
    segment->arguments.push_back(inputOf(binding, before));
  segment->inputs = inputs;
  segment->needs.assign(before.begin(), before.end());
  for (const NodeRef &input : inputs)
    if (!input->isDone())
      segment->needs.push_back(input->segment);
  if (job) {
    job->segment = segment;
    segment->lacksThread.store(true);
  }
  ++stats.segments;
  if (std::shared_ptr<Reason> wrong = findProgram(*session, traced, segment->program)) {
    segment->end(wrong);
  } else {
    segment->begin(before);
    for (const NodeRef &node : open)
      if (segment->run() && node.use_count() > 1)
        node->run = segment->run();
  }
  clearOpen();
  return segment;
}

/// The program of a segment; equal ones are compiled and loaded once. Returns why there is none.
std::shared_ptr<Reason> Recording::findProgram(xcs::Session &session, TraceSegment &traced, ProgramRef &out) {
  if (keepsTexts) {
    std::string text;
    llvm::raw_string_ostream stream(text);
    print(*traced.module, stream);
    texts.push_back(std::move(text));
  }
  DiagnosticEngine diagnostics;
  diagnostics.showRemarks(false);
  CompileOptions options;
  options.name = "segment";
  options.limits = engine->limits();
  Result<CompileCache::Plan> plan = cache.compile(*traced.module, options, diagnostics);
  if (plan) {
    if (auto known = programs.find(plan->get()); known != programs.end()) {
      out = known->second.program;
      return nullptr;
    }
    ++stats.compiled;
    if (Result<ProgramRef> program = session.load(**plan, "segment", diagnostics, &grants)) {
      if (programs.size() >= mostPrograms)
        programs.clear();
      programs.emplace(plan->get(), Loaded{*plan, *program});
      out = std::move(*program);
      return nullptr;
    }
  }
  return std::make_shared<Reason>(exceptions().error, failureText(diagnostics, false));
}

void Recording::stop() {
  if (isForked())
    return;
  FailureText text;
  text.id = rowOf(Diag::Interrupted).kind;
  text.failureClass = failureClassName(rowOf(Diag::Interrupted).failure);
  text.message = "it was stopped before it began";
  auto stopped = std::make_shared<Reason>(exceptions().stopped, std::move(text));
  for (const NodeRef &node : open) {
    node->isOpen = false;
    node->failure = stopped;
    node->state.store(NodeState::Failed);
    shared->done(node);
  }
  if (job)
    jobs->drop(jobNumber);
  clearOpen();
  engine->cancelAll();
}

void Recording::forget(const NodeRef &node) {
  if (node->recorded && !node->isOpen)
    tracer.forget(node->recorded);
}
