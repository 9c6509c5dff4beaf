#include "xcs/Syntax/Parser.h"
#include "Syntax/AntlrUnit.h"
#include "Syntax/Utf8.h"
#include <algorithm>

using namespace xcs;

/// Whether the text is small enough and text at all. Reports what is wrong.
static bool readable(const SourceBuffer &source, Reading &reading) {
  // Offsets in locations have 31 bits.
  uint64_t most = std::min<uint64_t>(reading.limits[Limit::SourceBytes], Location::explicitBit - 1);
  if (source.text().size() > most) {
    reading.exceeds(Limit::SourceBytes, most, 0);
    return false;
  }
  if (std::optional<size_t> at = findNonText(source.text())) {
    bool nul = source.text()[*at] == '\0';
    reading.diagnostics.reportFile(nul ? Diag::NulByte : Diag::BinaryInput, source.name(),
                                   {source.name(), std::to_string(*at)});
    return false;
  }
  return true;
}

std::unique_ptr<Module> xcs::parseModule(std::shared_ptr<const SourceBuffer> source,
                                         DiagnosticEngine &diagnostics, const Limits &limits) {
  auto module = std::make_unique<Module>(source);
  diagnostics.setLocations(&module->locations);
  size_t errorsBefore = diagnostics.errorCount();
  Reading reading{*module, source->text(), diagnostics, limits};
  if (readable(*source, reading)) {
    TokenStream tokens(reading);
    if (tokens.current().kind == TokenKind::End && !reading.stopped)
      diagnostics.reportFile(Diag::EmptyInput, source->name(), {source->name()});
    IrActions actions(reading);
    SyntaxErrors errors(reading, tokens);
    readByGrammar(tokens, actions, errors);
  }
  if (diagnostics.errorCount() == errorsBefore)
    return module;
  diagnostics.setLocations(nullptr); // they go with the module
  return nullptr;
}
