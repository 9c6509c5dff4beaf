#include "xcs/Syntax/Parser.h"
#include "Syntax/AntlrUnit.h"
#include "Syntax/Imports.h"
#include "xcs/Support/Utf8.h"
#include "xcs/Syntax/IrJson.h"
#include <algorithm>

using namespace xcs;

/// Whether all texts together are small enough and this one is text. Reports what is wrong.
static bool readable(Reading &reading) {
  // Offsets in locations have 31 bits.
  uint64_t most = std::min<uint64_t>(reading.limits[Limit::SourceBytes], Location::explicitBit - 1);
  if (reading.base + reading.text.size() > most) {
    reading.exceeds(Limit::SourceBytes, most, 0);
    return false;
  }
  std::string_view name = reading.source.name();
  if (size_t at = invalidTextAt(reading.text); at != std::string_view::npos) {
    bool nul = reading.text[at] == '\0';
    reading.diagnostics.reportFile(nul ? Diag::NulByte : Diag::BinaryInput, name, {name, std::to_string(at)});
    return false;
  }
  return true;
}

/// One file; see SourceReader.
static bool readSource(ProgramParts &program, Module &module, const SourceBuffer &source, uint32_t base,
                       DiagnosticEngine &diagnostics, const Limits &limits) {
  Reading reading{module, program, source, base, source.text(), diagnostics, limits};
  if (!readable(reading))
    return !reading.stopped;
  TokenStream tokens(reading);
  if (tokens.current().kind == TokenKind::End && !reading.stopped)
    diagnostics.reportFile(Diag::EmptyInput, source.name(), {source.name()});
  IrActions actions(reading);
  SyntaxErrors errors(reading, tokens);
  readByGrammar(tokens, actions, errors);
  return !reading.stopped;
}

std::unique_ptr<Module> xcs::parseModule(std::shared_ptr<const SourceBuffer> source,
                                         DiagnosticEngine &diagnostics, const Limits &limits,
                                         ImportedFiles *files) {
  if (isIrJson(source->text()) && !(source = readIrJson(std::move(source), diagnostics, limits)))
    return nullptr;
  auto module = std::make_unique<Module>(source);
  diagnostics.setLocations(&module->locations);
  size_t errorsBefore = diagnostics.errorCount();
  ImportReader reader(*module, files, diagnostics, limits, readSource);
  reader.run(*source);
  if (diagnostics.errorCount() == errorsBefore)
    reader.join();
  if (diagnostics.errorCount() == errorsBefore)
    return module;
  diagnostics.setLocations(nullptr); // they are destroyed with the module
  return nullptr;
}
