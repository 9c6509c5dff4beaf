#include "World/Access.h"
#include "World/Secrets.h"
#include "xcs/Support/Utf8.h"
#include <cstdlib>

using namespace xcs;

Result<std::string, AccessError> xcs::resolveText(WorldContext &context, AttrId attr) {
  const ConstantView &c = context.plan.constants;
  std::string text(c.textAttr(attr));
  if (c.attr(attr).kind != AttrKind::Env)
    return text;
  if (context.options.grants.isDeniedEnv(text))
    return denied("read the environment variable `" + text + "`", "env");
  if (!context.options.grants.mayReadEnv(text))
    return AccessError{Diag::EnvNotGranted, text, {}};
  std::optional<std::string> value = context.options.host->environment(text);
  if (!value)
    return AccessError{Diag::EnvNotSet, text, {}};
  return std::move(*value);
}

/// The content of a secret, after its prefix, if it may be sent to its target.
static Result<std::string, AccessError> grantedSecret(WorldContext &context, AttrId attr,
                                                      std::string_view defaultPrefix) {
  const ConstantView &c = context.plan.constants;
  const AttrNode &node = c.attr(attr);
  std::string name(c.textAttr(attr));
  std::optional<std::string_view> value = context.secrets.valueOf(name);
  if (!value)
    return AccessError{Diag::EnvNotSet, name, {}};
  if (hasControlCharacter(*value))
    return AccessError{Diag::BadSecret, name, {}};
  StringId prefix(node.count);
  return (prefix ? std::string(c.text(prefix)) : std::string(defaultPrefix)).append(*value);
}

Result<std::string, AccessError> xcs::resolveSecret(WorldContext &context, AttrId attr, const Url &url,
                                                    std::string_view defaultPrefix) {
  std::string name(context.plan.constants.textAttr(attr));
  if (context.options.grants.isDeniedEnv(name))
    return denied("use the secret `" + name + "`", "env");
  if (!context.options.grants.maySend(name, url.host(), url.port(), url.schemePort))
    return AccessError{Diag::SecretNotGranted, name, url.hostPort()};
  return grantedSecret(context, attr, defaultPrefix);
}

Result<std::string, AccessError> xcs::resolveSecret(WorldContext &context, AttrId attr,
                                                    const std::string &program) {
  std::string name(context.plan.constants.textAttr(attr));
  if (context.options.grants.isDeniedEnv(name))
    return denied("use the secret `" + name + "`", "env");
  if (!context.options.grants.maySend(name, program))
    return AccessError{Diag::SecretNotGranted, name, "run:" + program};
  return grantedSecret(context, attr, "");
}

bool xcs::isEnvironmentName(std::string_view name) {
  return !name.empty() && name.find_first_of(std::string_view("=\0", 2)) == name.npos &&
         !name.starts_with("LD_");
}

AccessError xcs::denied(std::string what, std::string_view flag) {
  return {Diag::AccessDenied, std::move(what), std::string(flag)};
}

AccessError xcs::exceeded(const Limits &limits, Limit limit, std::string_view what, uint64_t needed) {
  LimitError error = limitError(limit, limits[limit], what, needed);
  return {Diag::LimitExceeded, std::move(error.what), std::move(error.bound), std::string(error.unit),
          std::move(error.setting)};
}

std::optional<AccessError> xcs::addHeader(RequestHeaders &to, std::string_view name, std::string_view value) {
  switch (to.add(name, value)) {
  case HeaderFault::None:
    return std::nullopt;
  case HeaderFault::Name:
    return AccessError{Diag::HeaderName, std::string(name),
                       name.empty() ? "its name is empty" : "a name consists of letters, digits and `-`"};
  case HeaderFault::Reserved:
    return AccessError{Diag::HeaderName, std::string(name), "it is written by `http.request` itself"};
  case HeaderFault::Value:
    return AccessError{Diag::BadHeader, std::string(name), {}};
  }
  return std::nullopt;
}

Result<Url, AccessError> xcs::openUrl(WorldContext &context, std::string_view text) {
  Url url;
  std::string reason;
  if (!parseUrl(text, url, reason))
    return AccessError{Diag::BadUrl, withoutCredentials(text), reason};
  if (!context.options.grants.mayReach(url.host(), url.port()))
    return denied("connect to `" + url.hostPort() + "`", "net");
  if (!context.options.grants.mayConnect(url.host(), url.port(), url.schemePort))
    return AccessError{Diag::NetNotGranted, url.hostPort(), {}};
  return url;
}

int64_t xcs::timeoutOf(const WorldContext &context, const PlanOp &op, int64_t fallback) {
  AttrId given = context.plan.attrOf(op, Attribute::timeout);
  return given ? context.plan.constants.intAttr(given) : fallback;
}
