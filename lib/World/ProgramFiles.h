#pragma once
#include "World/CacheKey.h"
#include "xcs/Support/Result.h"
#include <map>
#include <set>
#include <string>
#include <vector>

namespace xcs {

// The files of a program that names what it reads and writes, for the result cache. Everything here blocks:
// for threads that may.

/// What a program was given, before it ran.
struct ProgramRun {
  std::vector<std::string> writes;           // absolute
  std::map<std::string, std::string> inputs; // files it reads and does not write, with their status
  std::set<std::string> before;              // what was in the directories among `writes`
};

/// Thread safety: any thread; one `ProgramRun` at a time. What gives a text says why it was not done, for
/// people; empty if it was.
class ProgramFiles {
public:
  ProgramFiles(ResultCache &cache, WorldContext &context) : cache(cache), context(context) {}

  /// Adds the program, the folder it starts in and the content of what it reads. `program`: what `programOf`
  /// gives. The error says what of that cannot be known.
  Result<ProgramRun, std::string> addInputs(IdentityParts &parts, const WorldRequest &request,
                                            const std::string &program);

  /// What the program has written; keeps copies of it. Not if that cannot be given again: its inputs have
  /// changed meanwhile, it has removed files, or there is something other than files, or a secret.
  std::string addOutputs(const ProgramRun &run, std::vector<CachedFile> &out);

  /// Makes the files as they were then, where they are not so still.
  std::string restore(const ProgramRun &run, const std::vector<CachedFile> &files);

private:
  std::string addContent(const std::string &path, const struct stat &status, std::string &out);
  std::string addPath(const std::string &path, ProgramRun &run, std::string &content);
  std::string addLink(const std::string &path, ProgramRun &run, std::string &content);
  std::string addFile(const std::string &path, const struct stat &status, bool isInput, ProgramRun &run,
                      std::string &content);
  bool addBefore(ProgramRun &run);
  bool mayHoldSecret(const std::string &name, int file) const;
  std::string addOutput(uint32_t place, const std::string &root, const std::string &name,
                        std::vector<CachedFile> &out);
  std::string addDirectory(uint32_t place, const std::string &root, const ProgramRun &run,
                           std::vector<CachedFile> &out);
  bool isThere(const std::string &path, const CachedFile &file);
  std::string restoreOne(const std::string &root, const std::string &path, const CachedFile &file);

  ResultCache &cache;
  WorldContext &context;
};

} // namespace xcs
