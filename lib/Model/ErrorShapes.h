#pragma once
#include "Model/RawJson.h"
#include "xcs/Model/ErrorReport.h"
#include <optional>

namespace xcs {

/// What a JSON value says where it is an error of one of the known shapes; none where it is something else.
/// A member `error` that is null, false, empty or `{}` is not an error.
std::optional<ErrorReport> findError(const RawJson &root);

} // namespace xcs
