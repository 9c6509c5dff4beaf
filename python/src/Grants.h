#pragma once
#include "src/Python.h"
#include "xcs/Support/Limits.h"
#include "xcs/World/Grants.h"

namespace xcs::python {

/// Takes the grants out of `keywords`, under the names of the flags of `xcs-run`: allow_net, deny_net,
/// allow_secret, allow_env, deny_env, allow_read, deny_read, allow_write, deny_write, allow_run, deny_run,
/// each a str or a list of them, and allow_all, a bool. Raises ValueError for a wrong one. Everything else
/// stays in `keywords`.
Grants takeGrants(nb::dict &keywords);

/// Applies `{"json-depth": 100}`; None changes nothing.
void setLimits(Limits &limits, nb::handle changes);

} // namespace xcs::python
