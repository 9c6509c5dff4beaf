#include "Common/ResponseFiles.h"
#include "xcs/Support/ReadFile.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"

using namespace xcs;
namespace cl = llvm::cl;

// One that names itself would be read for ever.
static constexpr unsigned mostFiles = 1000;
static constexpr uint64_t mostBytes = 16u << 20;

namespace {

/// Goes through the arguments of the command line and of the files in it, in the order in which LLVM's reader
/// will see them.
class ArgumentReader {
public:
  ArgumentReader(llvm::StringSaver &saver, DiagnosticEngine &diagnostics)
      : saver(saver), diagnostics(diagnostics) {}
  bool read(llvm::ArrayRef<const char *> given);
  std::vector<const char *> arguments;

private:
  bool add(llvm::StringRef argument);
  bool open(llvm::StringRef path);
  bool lacks(llvm::StringRef argument);
  static bool takesNext(llvm::StringRef argument);

  llvm::StringSaver &saver;
  DiagnosticEngine &diagnostics;
  std::vector<const char *> pending; // still to be looked at, the first one last
  unsigned files = 0;
  bool isValue = false;    // of the option before it
  bool onlyInputs = false; // after `--`
};

} // namespace

/// Whether an argument is an option that has its value in the next one.
bool ArgumentReader::takesNext(llvm::StringRef argument) {
  if (!argument.starts_with("-") || argument.contains('='))
    return false;
  auto option = cl::getRegisteredOptions().find(argument.drop_front(argument.starts_with("--") ? 2 : 1));
  return option != cl::getRegisteredOptions().end() &&
         option->second->getValueExpectedFlag() == cl::ValueRequired;
}

/// Puts the arguments in a file before those that are still to be looked at.
bool ArgumentReader::open(llvm::StringRef path) {
  if (++files > mostFiles) {
    diagnostics.report(Diag::ManyResponseFiles, {}, {std::to_string(mostFiles), path});
    return false;
  }
  auto text = readFile(path == "-" ? "./-" : path.str(), mostBytes + 1);
  if (!text || text->size() > mostBytes) {
    std::string why = text ? "a response file has at most 16 MB" : text.error().message();
    diagnostics.report(Diag::InputUnreadable, {}, {path, why});
    return false;
  }
  if (text->find('\0') != text->npos) { // UTF-16, above all
    diagnostics.report(Diag::InputUnreadable, {},
                       {path, "a response file is text in UTF-8, and it has a NUL byte"});
    return false;
  }
  llvm::StringRef content = *text;
  content.consume_front("\xEF\xBB\xBF"); // a byte order mark is not text
  llvm::SmallVector<const char *, 16> found;
  cl::TokenizeGNUCommandLine(content, saver, found);
  pending.insert(pending.end(), found.rbegin(), found.rend());
  return true;
}

bool ArgumentReader::lacks(llvm::StringRef argument) {
  std::string why = "there is neither a response file `" + argument.drop_front().str() +
                    "` nor an input of this name; correct the path";
  diagnostics.report(Diag::InputUnreadable, {}, {argument, why});
  return false;
}

bool ArgumentReader::add(llvm::StringRef argument) {
  const bool isFile = argument.starts_with("@") && argument.size() > 1;
  if (isFile && isValue)
    arguments.back() = saver.save(llvm::Twine(arguments.back()) + "=" + argument).data();
  else if (isFile && onlyInputs)
    arguments.push_back(saver.save("./" + argument).data());
  else if (isFile && llvm::sys::fs::exists(argument.drop_front()))
    return open(argument.drop_front());
  else if (isFile && !llvm::sys::fs::exists(argument))
    return lacks(argument);
  else
    arguments.push_back(argument.data());
  onlyInputs = onlyInputs || (!isValue && argument == "--");
  isValue = !isValue && !onlyInputs && takesNext(argument);
  return true;
}

bool ArgumentReader::read(llvm::ArrayRef<const char *> given) {
  arguments.push_back(given[0]);
  pending.assign(given.rbegin(), std::prev(given.rend()));
  while (!pending.empty()) {
    const char *next = pending.back();
    pending.pop_back();
    if (!add(next))
      return false;
  }
  return true;
}

Result<std::vector<const char *>> tools::readResponseFiles(int argc, char **argv, llvm::StringSaver &saver,
                                                           DiagnosticEngine &diagnostics) {
  ArgumentReader reader(saver, diagnostics);
  if (!reader.read({argv, static_cast<size_t>(argc)}))
    return Failure{};
  return std::move(reader.arguments);
}
