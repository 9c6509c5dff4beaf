#include "Common/CommonFlags.h"
#include "Common/Commit.h"
#include "Common/Flags.h"
#include "Common/ResponseFiles.h"
#include "xcs/Support/Visible.h"
#include <cstdlib>
#include <unistd.h>

using namespace xcs;
using namespace xcs::tools;
namespace cl = llvm::cl;

CommonFlags::CommonFlags(FlagGroups &groups)
    : limit("limit", cl::desc("Change a limit; `xcsc --print-op-docs=limits` names them"),
            cl::value_desc("NAME=N"), cl::cat(groups.limits)),
      diagnostics("diagnostics", cl::desc("Form of all messages:"), cl::init(DiagnosticFormat::Text),
                  cl::values(clEnumValN(DiagnosticFormat::Text, "text", "for people (default)"),
                             clEnumValN(DiagnosticFormat::Json, "json", "one JSON object per line")),
                  cl::cat(groups.messages)),
      colour("color", cl::desc("Messages in colour:"), cl::init(Colour::Auto),
             cl::values(clEnumValN(Colour::Auto, "auto", "on a terminal, unless NO_COLOR is set (default)"),
                        clEnumValN(Colour::Always, "always", "always"),
                        clEnumValN(Colour::Never, "never", "never")),
             cl::cat(groups.messages)) {}

bool tools::isInColour(Colour wanted) {
  if (wanted != Colour::Auto)
    return wanted == Colour::Always;
  const char *none = std::getenv("NO_COLOR"), *terminal = std::getenv("TERM");
  const bool isDumb = terminal && std::string_view(terminal) == "dumb";
  return !(none && *none) && !isDumb && isatty(STDERR_FILENO);
}

std::string tools::versionText() {
  const std::string from = commit();
  return std::string(XCS_VERSION) + (from.empty() ? "" : " (commit " + from + ")");
}

bool tools::readLimits(const cl::list<std::string> &given, Limits &limits, DiagnosticEngine &diagnostics) {
  bool good = true;
  for (const std::string &text : given)
    if (!setLimit(limits, text)) {
      diagnostics.report(Diag::BadFlagValue, {},
                         {text, "--limit", "NAME=N with a name that `xcsc --print-op-docs=limits` prints"});
      good = false;
    }
  return good;
}

bool tools::badFlagValue(const cl::Option &flag, llvm::StringRef value, const std::string &form) {
  DiagnosticEngine(&llvm::errs()).report(Diag::BadFlagValue, {}, {value, ("--" + flag.ArgStr).str(), form});
  return true;
}

// LLVM's library registers options of its own when it first reads (`stats` among them). They are registered
// once without ours and removed, so that none of them is accepted or conflicts with ours.
void tools::dropForeignOptions(const char *program) {
  const char *nothing[] = {program};
  cl::ParseCommandLineOptions(1, nothing);
  std::vector<cl::Option *> foreign;
  for (auto &entry : cl::getRegisteredOptions())
    if (entry.first() != "help" && entry.first() != "help-hidden" && entry.first() != "version")
      foreign.push_back(entry.second);
  for (cl::Option *option : foreign)
    option->removeArgument();
}

bool tools::readCommandLine(int argc, char **argv, const std::string &tool, const char *overview) {
  cl::SetVersionPrinter([tool](llvm::raw_ostream &out) { out << tool << ' ' << versionText() << '\n'; });
  VisibleStream messages(llvm::errs());
  llvm::BumpPtrAllocator memory;
  llvm::StringSaver saver(memory);
  DiagnosticEngine usage(&llvm::errs());
  usage.setColour(isInColour(Colour::Auto));
  std::vector<char *> named(argv, argv + argc);
  named[0] = const_cast<char *>(tool.c_str());
  auto arguments = readResponseFiles(argc, named.data(), saver, usage);
  return arguments && cl::ParseCommandLineOptions(static_cast<int>(arguments->size()), arguments->data(),
                                                  overview, &messages);
}
