#include "Ops/KernelSupport.h"
#include "Ops/Text.h"
#include "xcs/Support/Paths.h"

namespace xcs::kernels {

namespace {

std::string_view path(const KernelCall &call, size_t i = 0) { return call.operand(i).text(); }

std::string_view withoutEnd(std::string_view path) {
  while (path.size() > 1 && path.back() == '/')
    path.remove_suffix(1);
  return path;
}

std::string_view nameOf(std::string_view path) {
  path = withoutEnd(path);
  return path.substr(path.rfind('/') + 1); // all of it without a `/`: npos + 1 is 0
}

/// Where the extension of a name begins: its end if it has none.
size_t extensionOf(std::string_view name) {
  const size_t dot = name.rfind('.'), first = name.find_first_not_of('.');
  return dot == name.npos || dot + 1 == name.size() || dot < first ? name.size() : dot;
}

} // namespace

bool path_join(KernelCall &call) {
  uint64_t bytes = Value::textBytes(call.operandCount);
  for (size_t i = 0; i < call.operandCount; ++i) {
    bytes += path(call, i).size();
    if (i && isAbsolutePath(path(call, i)))
      return call.fail(Diag::BadArgument, {"part " + std::to_string(i + 1), opName(call),
                                           "be a relative path", "`" + excerpt(path(call, i)) + "`"});
  }
  if (!mayAllocate(call, bytes))
    return false;
  std::string joined;
  for (size_t i = 0; i < call.operandCount; ++i) {
    if (!joined.empty() && joined.back() != '/' && !path(call, i).empty())
      joined += '/';
    joined += path(call, i);
  }
  return returnValue(call, Value::str(joined));
}

bool path_name(KernelCall &call) { return returnValue(call, Value::str(nameOf(path(call)))); }

bool path_parent(KernelCall &call) {
  const std::string_view whole = withoutEnd(path(call));
  const size_t slash = whole.rfind('/');
  if (slash == whole.npos)
    return returnValue(call, Value::str("."));
  return returnValue(call, Value::str(withoutEnd(whole.substr(0, std::max<size_t>(slash, 1)))));
}

bool path_stem(KernelCall &call) {
  const std::string_view name = nameOf(path(call));
  return returnValue(call, Value::str(name.substr(0, extensionOf(name))));
}

bool path_extension(KernelCall &call) {
  const std::string_view name = nameOf(path(call));
  return returnValue(call, Value::str(name.substr(extensionOf(name))));
}

bool path_normal(KernelCall &call) {
  const std::string normal = normalPath(path(call));
  return normal.empty() ? call.fail(Diag::BadArgument, {"the path", opName(call), "name something",
                                                        "`" + excerpt(path(call)) + "`"})
                        : returnValue(call, Value::str(normal));
}

} // namespace xcs::kernels
