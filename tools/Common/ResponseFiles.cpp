#include "Common/ResponseFiles.h"
#include "xcs/Support/NearestName.h"
#include "xcs/Support/ReadFile.h"
#include "xcs/Support/ShellWord.h"
#include "xcs/Support/Utf8.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include <set>

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
  bool check(llvm::StringRef argument);
  bool unknown(llvm::StringRef argument);

  llvm::StringSaver &saver;
  DiagnosticEngine &diagnostics;
  std::vector<const char *> pending;  // still to be looked at, the first one last
  std::set<const cl::Option *> given; // those that may be given once
  unsigned files = 0;
  bool isValue = false;    // of the option before it
  bool onlyInputs = false; // after `--`
};

} // namespace

/// The option that an argument gives; null if there is none.
static cl::Option *optionOf(llvm::StringRef argument) {
  const llvm::StringRef name = argument.ltrim('-'), word = name.split('=').first;
  auto &options = cl::getRegisteredOptions();
  if (auto found = options.find(word); found != options.end())
    return found->second;
  for (size_t length = word.size(); length-- > 1;)
    if (auto found = options.find(word.substr(0, length));
        found != options.end() && (found->second->getFormattingFlag() == cl::Prefix ||
                                   found->second->getFormattingFlag() == cl::AlwaysPrefix))
      return found->second;
  return nullptr;
}

static bool isOption(llvm::StringRef argument) {
  return argument.starts_with("-") && argument.ltrim('-') != "";
}

bool ArgumentReader::unknown(llvm::StringRef argument) {
  const llvm::StringRef word = argument.ltrim('-').split('=').first;
  NearestName nearest(word);
  for (auto &entry : cl::getRegisteredOptions())
    if (entry.second->getOptionHiddenFlag() == cl::NotHidden)
      nearest.offer(entry.first());
  diagnostics.report(Diag::UnknownFlag, {},
                     {argument.split('=').first, nearest.suggestion("--"), arguments.front()});
  return false;
}

/// Whether an option exists, has the value that it needs, and is not given twice where only one is meant.
bool ArgumentReader::check(llvm::StringRef argument) {
  cl::Option *option = optionOf(argument);
  if (!option)
    return unknown(argument);
  const bool isPrefix = argument.ltrim('-').split('=').first != option->ArgStr;
  isValue = option->getValueExpectedFlag() == cl::ValueRequired && !argument.contains('=') && !isPrefix;
  const std::string flag = (option->ArgStr.size() == 1 ? "-" : "--") + option->ArgStr.str();
  if (isValue && pending.empty()) {
    const std::string form = flag + "=" + (option->ValueStr.empty() ? "VALUE" : option->ValueStr.str());
    diagnostics.report(Diag::FlagValue, {}, {flag, "needs a value; write `" + form + "`"});
    return false;
  }
  if (option->getNumOccurrencesFlag() == cl::Optional && !given.insert(option).second) {
    diagnostics.report(Diag::FlagValue, {}, {flag, "is given twice; give it once"});
    return false;
  }
  return true;
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
  content.consume_front(byteOrderMark);
  const auto found = shellWords(content);
  if (!found) {
    diagnostics.report(Diag::InputUnreadable, {}, {path, "a quote in it is not closed"});
    return false;
  }
  for (auto word = found->rbegin(); word != found->rend(); ++word) {
    if (word->find('\0') != word->npos) {
      diagnostics.report(Diag::InputUnreadable, {},
                         {path, "it writes a NUL byte, which no argument can have"});
      return false;
    }
    pending.push_back(saver.save(*word).data());
  }
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
    arguments.push_back(!isValue && !onlyInputs && argument == "-V" ? "--version" : argument.data());
  onlyInputs = onlyInputs || (!isValue && argument == "--");
  const bool isChecked = !isValue && !onlyInputs && isOption(argument) && argument != "-V";
  isValue = false;
  return !isChecked || check(argument);
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
