#pragma once
#include <string>
#include <string_view>

namespace xcs {

/// Resolves an import: `path` as written in the file `importer`, both relative to the directory of the
/// program's own file, separated by `/`. The result has no `.`, `..` or empty part. Empty if the path is
/// invalid; `problem` then says why, and the remedy.
std::string resolveImport(std::string_view importer, std::string_view path, std::string &problem);

} // namespace xcs
