#pragma once
#include "World/WorldOp.h"
#include "xcs/Io/HttpMessage.h"
#include "xcs/Io/Url.h"

namespace xcs {

/// A refusal or an error found before anything was sent: the row and its arguments.
struct AccessError {
  Diag id{};
  std::string first, second, third = {}, fourth = {};
};

/// `what` exceeds a limit.
AccessError exceeded(const Limits &limits, Limit limit, std::string_view what, uint64_t needed = 0);

/// Resolves an attribute that is a string or `env("NAME")` (checked against the grants).
Result<std::string, AccessError> resolveText(WorldContext &context, AttrId attr);

/// Resolves `secret("NAME", prefix = ..)` for a request to `url`; `defaultPrefix` applies to a secret without
/// a prefix.
Result<std::string, AccessError> resolveSecret(WorldContext &context, AttrId attr, const Url &url,
                                               std::string_view defaultPrefix);

/// The same for the environment of a program, given by its absolute path.
Result<std::string, AccessError> resolveSecret(WorldContext &context, AttrId attr,
                                               const std::string &program);

/// Whether a program may receive a variable of that name: no `=`, no NUL, none of the loader's `LD_*`.
bool isEnvironmentName(std::string_view name);

/// Adds a header to a request; returns what is wrong with it if it is invalid.
std::optional<AccessError> addHeader(RequestHeaders &to, std::string_view name, std::string_view value);

/// The error for a denial: what was denied ("connect to `h:1`"); `flag` without `--deny-`.
AccessError denied(std::string what, std::string_view flag);

/// Parses a URL and checks that the run may connect to it.
Result<Url, AccessError> openUrl(WorldContext &context, std::string_view url);

/// A duration attribute of the operation (common `timeout`), else of its resource, else `fallback`;
/// nanoseconds.
int64_t timeoutOf(const WorldContext &context, const PlanOp &op, int64_t fallback);

} // namespace xcs
