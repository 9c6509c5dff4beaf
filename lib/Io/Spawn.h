#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace xcs {

/// The initial state of a program. It leads its own session and process group, no signal is blocked or
/// ignored, and it has the three standard descriptors and no others.
struct SpawnPlan {
  const char *program;   // an absolute path
  const char *directory; // its working directory; null: that of this process
  char *const *arguments, *const *environment;
  int streams[3];                    // becomes its descriptors 0, 1 and 2; -1: /dev/null
  std::optional<uint64_t> openFiles; // its limit on descriptors; none: that of this process
};

struct Spawned {
  int process = -1;         // its id, which is also that of its group
  int error = 0;            // of the system, if there is no process
  bool ofDirectory = false; // the error concerns the directory
};

/// Starts a program: blocks until it has replaced the child's image or failed to. Changes nothing in this
/// process: no descriptor, signal or limit. Thread safety: any thread.
Spawned spawn(const SpawnPlan &plan);

/// Why the system says that an existing program does not exist: its interpreter is missing, named in a
/// script's first line or in a binary's head. Returns the missing one; empty if none is.
std::string missingInterpreter(const std::string &program);

} // namespace xcs
