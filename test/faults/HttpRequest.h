#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace xcs::faults {

struct Header {
  std::string name, value;
};

/// One request as it came in: names and values keep their bytes and their order.
struct HttpRequest {
  std::string method;
  /// As sent: path and, where there is one, the query.
  std::string target;
  std::vector<Header> headers;
  std::string body;
  /// The client lets the connection stand after the answer (RFC 9112, 9.3).
  bool keepAlive = true;

  std::string_view path() const;
  /// The raw value of `name` in the query; empty where it is not there.
  std::string_view query(std::string_view name) const;
  /// The first header of that name, or null.
  const std::string *header(std::string_view name) const;
};

} // namespace xcs::faults
