#include "xcsc/Input.h"
#include "xcs/Support/Source.h"
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace xcs;

// What a plan begins with; Plan/PlanFile.h. A program can only begin with a keyword or the name of a kind of
// resource.
static constexpr std::string_view planMagic{"XCSPLAN\0", 8};

std::string compiler::inputName(const std::string &path) { return path == "-" ? "<stdin>" : path; }

namespace {
/// A file descriptor, closed at the end unless it is standard input.
struct OpenInput {
  explicit OpenInput(const std::string &path)
      : descriptor(path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~OpenInput() {
    if (descriptor > STDIN_FILENO)
      ::close(descriptor);
  }
  OpenInput(const OpenInput &) = delete;
  OpenInput &operator=(const OpenInput &) = delete;
  int descriptor;
};
} // namespace

bool compiler::readUpTo(int descriptor, size_t most, std::string &text) {
  struct stat status;
  // One byte more than the file has: the read that finds the end needs no second buffer.
  size_t room = ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode)
                    ? static_cast<size_t>(status.st_size) + 1
                    : 1 << 16;
  size_t used = text.size();
  bool good = true;
  while (used < most) {
    // Only when it is full: a pipe gives little at a time, and growing clears what it adds.
    if (used == text.size())
      text.resize(std::min(most, std::max(used + room, used + used / 2)));
    ssize_t count = ::read(descriptor, text.data() + used, text.size() - used);
    if (count < 0 && errno == EINTR)
      continue;
    good = count >= 0;
    if (count <= 0)
      break;
    used += static_cast<size_t>(count);
  }
  int error = errno;
  text.resize(used);
  errno = error;
  return good;
}

bool compiler::isPlan(std::string_view text) { return text.starts_with(planMagic); }

Result<std::string> compiler::readInput(const std::string &path, const Limits &limits,
                                        DiagnosticEngine &diagnostics) {
  std::string name = inputName(path), text;
  uint64_t most = std::min<uint64_t>(limits[Limit::SourceBytes], Location::explicitBit - 1) + 1;
  OpenInput input(path);
  if (input.descriptor < 0 || !readUpTo(input.descriptor, most, text)) {
    diagnostics.reportFile(Diag::InputUnreadable, name, {name, std::strerror(errno)});
    return Failure{};
  }
  if (isPlan(text)) {
    diagnostics.reportFile(Diag::PlanGivenToCompiler, name, {name});
    return Failure{};
  }
  return text;
}

std::vector<std::string> compiler::splitInput(std::string_view text) {
  static constexpr std::string_view separator = "// -----";
  std::vector<std::string> parts(1);
  size_t lines = 0;
  for (size_t at = 0; at < text.size();) {
    size_t end = text.find('\n', at);
    end = end == text.npos ? text.size() : end + 1;
    std::string_view line = text.substr(at, end - at);
    ++lines;
    if (line.starts_with(separator))
      parts.emplace_back(lines, '\n');
    else
      parts.back() += line;
    at = end;
  }
  return parts;
}
