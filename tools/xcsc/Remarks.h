#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace xcs::compiler {

/// Adds the remarks selected by `name` to `rows`, which has one entry per diagnostic, or none yet. A name is
/// `all`, a class or the kind of one remark. The classes are LLVM's: `passed` for what was done; `missed` for
/// what was not, and why (kinds that begin with `not-` or `kept-`); `analysis` for what was found
/// (`pattern`). False if there is no such remark.
bool chooseRemarks(std::string_view name, std::vector<bool> &rows);

/// The valid names, for the message about a wrong one, with the nearest kind.
std::string remarkForm(std::string_view wrong);

} // namespace xcs::compiler
