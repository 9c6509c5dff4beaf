#include "xcs/Api/Compiled.h"
#include "xcs/Api/HostOp.h"
#include "xcs/Compiler/CompileCache.h"
#include "xcs/IR/Printer.h"
#include "xcs/Ops/JsonText.h"
#include "xcs/Plan/PlanFile.h"
#include "xcs/Runtime/Border.h"
#include "xcs/Support/HostPort.h"
#include "xcs/Support/OutputFile.h"
#include "llvm/Support/raw_ostream.h"

using namespace xcs;

HostForm<Json>::type HostForm<Json>::from(const Value &value) {
  JsonText made;
  OpError error;
  (void)appendJson(made.text, value, JsonLayout::Line, Limits(), error);
  return made;
}

Session &xcs::defaultSession() {
  static Session session = [] {
    SessionOptions options;
    options.world.callables = hostFunctions();
    return Session(std::move(options));
  }();
  return session;
}

static CompileCache &plansOfProcess() {
  static CompileCache cache;
  return cache;
}

/// What a compilation or a run reported, as one error.
static CallError errorOf(const DiagnosticEngine &diagnostics) {
  CallError error;
  llvm::raw_string_ostream text(error.text);
  bool isFirst = true;
  for (const Diagnostic &one : diagnostics.all()) {
    printDiagnostic(one, text);
    if (one.severity != Severity::Error || !isFirst)
      continue;
    isFirst = false;
    error.id = one.id;
    error.message = one.message;
    error.file = one.file;
    error.line = one.line;
    error.column = one.column;
  }
  return error;
}

static CallError errorOf(const TraceError &wrong) {
  DiagnosticEngine diagnostics;
  diagnostics.reportFinished(wrong.id, {wrong.file, wrong.line, wrong.column}, wrong.message);
  return errorOf(diagnostics);
}

static void grantSecrets(const ConstantView &view, AttrId value, const std::string &host, Grants &grants) {
  const AttrNode &node = view.attr(value);
  if (node.kind == AttrKind::Secret)
    grants.allowSecret(std::string(view.textAttr(value)) + "@" + host);
  else if (node.kind == AttrKind::Dict)
    for (const DictEntry &entry : view.entries(DictId(static_cast<uint32_t>(node.payload))))
      if (view.attr(entry.value).kind == AttrKind::Secret)
        grants.allowSecret(std::string(view.textAttr(entry.value)) + "@" + host);
}

/// What the function itself names is granted to it: the host of a resource, and its secrets to that host.
static void grantNamed(const Module &module, Grants &grants) {
  const ConstantView view = module.pool.view();
  for (const Resource &resource : module.resources) {
    const AttrId url = view.find(resource.attributes, Attribute::url);
    if (!url || view.attr(url).kind != AttrKind::Str)
      continue;
    const auto read = readUrl(view.textAttr(url));
    if (!read)
      continue;
    const std::string host = read->hostPort();
    grants.allowNet(host);
    for (const DictEntry &entry : view.entries(resource.attributes))
      grantSecrets(view, entry.value, host, grants);
  }
}

CompiledCore::CompiledCore(Traced traced, const ProgramSettings &settings, const Origin &at)
    : session(settings.session ? settings.session : &defaultSession()), name(at.file_name()),
      needed(std::move(traced.needed)) {
  if (!traced.module) {
    error = errorOf(traced.error);
    return;
  }
  Module &module = *traced.module;
  llvm::raw_string_ostream text(xir);
  print(module, text);
  Grants grants = settings.grants;
  grantNamed(module, grants);
  DiagnosticEngine diagnostics;
  diagnostics.setLocations(&module.locations);
  diagnostics.showRemarks(false);
  CompileOptions options;
  options.level = settings.level;
  options.limits = settings.limits;
  options.name = name;
  const Result<CompileCache::Plan> made = plansOfProcess().compile(module, options, diagnostics);
  if (made) {
    plan = **made;
    if (Result<ProgramRef> loaded = session->load(plan, name, diagnostics, &grants)) {
      program = *loaded;
      entry = program.function(settings.name).value_or(0);
      return;
    }
  }
  error = errorOf(diagnostics);
}

RunRef CompiledCore::submit(std::vector<RunInput> inputs) const {
  return session->submit(program, entry, std::move(inputs));
}

std::optional<CallError> CompiledCore::wait(const RunRef &run) const {
  if (error)
    return error;
  session->wait(run);
  if (run.report().ok)
    return std::nullopt;
  DiagnosticEngine diagnostics;
  reportFailure(program.plan(), run.report(), name, diagnostics);
  return errorOf(diagnostics);
}

std::string CompiledCore::explain() const {
  std::string text;
  llvm::raw_string_ostream out(text);
  if (error)
    out << error->text;
  else
    explainPlan(program.plan(), out);
  return text;
}

std::optional<CallError> CompiledCore::save(const std::string &path) const {
  if (error)
    return error;
  DiagnosticEngine diagnostics;
  OutputFile file(path, diagnostics);
  if (llvm::raw_ostream *out = file.stream())
    *out << plan;
  if (file.commit())
    return std::nullopt;
  return errorOf(diagnostics);
}
