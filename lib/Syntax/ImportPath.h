#pragma once
#include <string>
#include <string_view>

namespace xcs {

/// What an import means: `path`, written in the file `importer`, both relative to the directory of the
/// program's own file, parted by `/`. The result has no `.`, `..` or empty part. Empty when the path cannot
/// be used; `problem` then says why and what to do.
std::string resolveImport(std::string_view importer, std::string_view path, std::string &problem);

} // namespace xcs
