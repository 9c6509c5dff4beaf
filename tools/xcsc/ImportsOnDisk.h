#pragma once
#include "xcs/Syntax/ImportedFiles.h"
#include <span>
#include <string>
#include <vector>

namespace xcs::compiler {

/// The files that a program imports, read from its directory, or from the current one if it came from
/// standard input; those that are not there from the first of further directories that has them. Only plain
/// files are opened, so that no pipe can block.
class ImportsOnDisk : public ImportedFiles {
public:
  /// `program` is the path of the program's own file, `-` for standard input; `further` are directories.
  explicit ImportsOnDisk(const std::string &program, std::span<const std::string> further = {});
  Answer read(std::string_view path, uint64_t most) override;
  std::string ownIdentity() const override { return own; }
  /// The files that were read, by their names in messages.
  const std::vector<std::string> &filesRead() const { return names; }

private:
  std::vector<std::string>
      directories; // in the order of the search; each ends with `/`, the current one is empty
  std::string own;
  std::vector<std::string> names;
  bool isBeneath(int file) const;
};

} // namespace xcs::compiler
