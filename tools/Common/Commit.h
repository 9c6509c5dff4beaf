#pragma once

namespace xcs::tools {

/// The commit this build was made from, 12 digits; empty if it was not made in a checkout. Written by the
/// build (cmake/XcsCommit.cmake).
const char *commit();

} // namespace xcs::tools
