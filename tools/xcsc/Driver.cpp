#include "xcsc/Driver.h"
#include "xcsc/VerifyDiagnostics.h"

using namespace xcs;
using namespace xcs::compiler;

static void showRemarks(const Options &options, DiagnosticEngine &diagnostics) {
  if (options.remarks.empty())
    diagnostics.showRemarks(false);
  else
    diagnostics.showRemarks(options.remarks, options.remarksFormat);
}

Driver::~Driver() {
  if (last)
    last->compilation.end();
  static Compiled *left; // where tools that look for leaks find it
  delete left;           // of the driver before, if there was one
  left = last.release();
}

std::shared_ptr<const SourceBuffer> Driver::sourceOf(InputPart part) const {
  return std::make_shared<SourceBuffer>(inputName(options.input), std::move(part.text), part.linesBefore);
}

ExitCode Driver::compile(InputPart part) {
  last.reset();
  last = std::make_unique<Compiled>(options);
  DiagnosticEngine &diagnostics = last->diagnostics;
  Compilation &compilation = last->compilation;
  showRemarks(options, diagnostics);
  bool good = compilation.run(sourceOf(std::move(part))).ok();
  if (good && options.emit != Emit::None) {
    if (compilation.outputIsInput())
      return ExitCode::BadUsage;
    llvm::raw_ostream *out = output.stream();
    if (!out)
      return files.exitCode();
    if (anyWritten)
      *out << "// -----\n";
    anyWritten = true;
    good = compilation.emit(*out).ok();
  }
  diagnostics.finish();
  compilation.flush();
  return good ? ExitCode::Done : diagnostics.exitCode();
}

ExitCode Driver::verifyDiagnostics(InputPart part) {
  std::shared_ptr<const SourceBuffer> source = sourceOf(std::move(part));
  DiagnosticEngine given, problems(&llvm::errs(), options.diagnostics);
  problems.setColour(options.colour);
  given.setWarnings(options.warnings);
  given.keepAllWarnings();
  showRemarks(options, given);
  Compilation compilation(options, given);
  if (compilation.run(source)) {
    llvm::raw_null_ostream nowhere;
    // Success is already recorded in `given`.
    static_cast<void>(compilation.emit(nowhere).ok());
  }
  Status met = checkExpectations(*source, given.all(), problems);
  problems.finish();
  return met ? ExitCode::Done : ExitCode::ProgramFailed;
}

ExitCode Driver::run() {
  auto text = readInput(options.input, options.limits, files);
  if (!text)
    return files.exitCode();
  std::vector<InputPart> parts;
  if (options.splitInput)
    parts = splitInput(*text);
  else
    parts.push_back({std::move(*text)});
  ExitCode first = ExitCode::Done;
  for (InputPart &part : parts) {
    ExitCode exit = options.verifyDiagnostics ? verifyDiagnostics(std::move(part)) : compile(std::move(part));
    if (first == ExitCode::Done)
      first = exit;
  }
  if (first == ExitCode::Done && anyWritten && !output.commit())
    return files.exitCode();
  return first;
}
