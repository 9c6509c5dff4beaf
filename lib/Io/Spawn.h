#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace xcs {

/// What a program begins with. It leads a session and a process group of its own, no signal is blocked or
/// ignored, and it has the three standard descriptors and no other.
struct SpawnPlan {
  const char *program;   // an absolute path
  const char *directory; // to begin in; null: that of this process
  char *const *arguments, *const *environment;
  int streams[3];                    // what becomes its descriptors 0, 1 and 2; -1: /dev/null
  std::optional<uint64_t> openFiles; // how many descriptors it may have; none: as many as this process
};

struct Spawned {
  int process = -1;         // its id, which is also that of its group
  int error = 0;            // of the system, when there is no process
  bool ofDirectory = false; // the error is that of the directory
};

/// Starts a program: blocks until it has replaced the child's image or failed to. Nothing of this process is
/// changed for it: no descriptor, signal or limit. Thread safety: any thread.
Spawned spawn(const SpawnPlan &plan);

/// Why the system says that a program which is there is not: the interpreter that a script names in its first
/// line, or a binary in its head, is missing itself. Empty: it is not.
std::string missingInterpreter(const std::string &program);

} // namespace xcs
