#pragma once
#include "World/CacheKey.h"
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace xcs {

// The files of a program that names what it reads and writes, for the result cache. Everything here blocks:
// for threads that may.

/// What a program was given, before it ran.
struct ProgramRun {
  std::vector<std::string> writes;           // absolute
  std::map<std::string, std::string> inputs; // files it reads and does not write, with their status
  std::map<std::string, std::string> before; // files in the directories among `writes`, likewise
};

/// Thread safety: any thread; one `ProgramRun` at a time.
class ProgramFiles {
public:
  ProgramFiles(ResultCache &cache, WorldContext &context) : cache(cache), context(context) {}

  /// Adds the program, the folder it starts in and the content of what it reads. `program`: what `programOf`
  /// gives. None if something of that cannot be known: it is neither a file nor a directory, or too much, or
  /// may not be read.
  std::optional<ProgramRun> addInputs(IdentityParts &parts, const WorldRequest &request,
                                      const std::string &program);

  /// What the program has written; keeps copies of it. None if that cannot be given again: its inputs have
  /// changed meanwhile, it has removed files, or made something other than files.
  std::optional<std::vector<CachedFile>> outputs(const ProgramRun &run);

  /// Makes the files as they were then, where they are not so still. False if one cannot be, or may not.
  bool restore(const ProgramRun &run, const std::vector<CachedFile> &files);

private:
  std::optional<std::string> contentOf(const std::string &path, const struct stat &status);
  bool addPath(const std::string &path, const std::vector<std::string> &writes, ProgramRun &run,
               std::string &content);
  bool addFile(const std::string &path, const struct stat &status, bool isInput, ProgramRun &run,
               std::string &content);
  bool addOutput(uint32_t place, const std::string &root, const std::string &name,
                 std::vector<CachedFile> &out);
  bool addDirectory(uint32_t place, const std::string &root, const ProgramRun &run,
                    std::vector<CachedFile> &out);
  bool isThere(const std::string &path, const CachedFile &file);
  bool restoreOne(const std::string &root, const std::string &path, const CachedFile &file);

  ResultCache &cache;
  WorldContext &context;
};

} // namespace xcs
