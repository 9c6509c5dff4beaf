// Any bytes to the parser: no crash, an error or a module, and what is printed of a module reads back to the
// same text.
#include "support/Fuzz.h"
#include "xcs/IR/Printer.h"
#include "xcs/Syntax/Parser.h"

using xcs::fuzz::require;

static std::unique_ptr<xcs::Module> parse(std::string text, xcs::DiagnosticEngine &engine) {
  return xcs::parseModule(std::make_shared<xcs::SourceBuffer>("fuzz.xir", std::move(text)), engine);
}

static std::string printed(const xcs::Module &module) {
  std::string out;
  llvm::raw_string_ostream stream(out);
  xcs::print(module, stream, {.locations = true});
  return out;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  xcs::DiagnosticEngine engine;
  std::unique_ptr<xcs::Module> module = parse({reinterpret_cast<const char *>(data), size}, engine);
  require((module == nullptr) == engine.hasErrors(), "no module without an error");
  if (!module)
    return 0;
  std::string once = printed(*module);
  xcs::DiagnosticEngine second;
  std::unique_ptr<xcs::Module> again = parse(once, second);
  require(again != nullptr, "printed text does not parse", once);
  require(printed(*again) == once, "printed text is no fixed point", once);
  return 0;
}
