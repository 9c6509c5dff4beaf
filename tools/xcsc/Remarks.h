#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace xcs::compiler {

/// Adds the remarks that `name` stands for to `rows`, which has one entry a diagnostic, or none yet. A name
/// is `all`, a class or the kind of one remark. The classes are LLVM's: `passed` what was done; `missed` what
/// was not, and why (kinds that begin with `not-` or `kept-`); `analysis` what was found (`pattern`). False
/// when there is no such remark.
bool chooseRemarks(std::string_view name, std::vector<bool> &rows);

/// What may be written in place of a wrong name, with the nearest kind.
std::string remarkForm(std::string_view wrong);

} // namespace xcs::compiler
