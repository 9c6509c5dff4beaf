#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace xcs {

/// What is wrong with a header of a request.
enum class HeaderFault : uint8_t {
  None,
  Name,     // not a token (RFC 9110, 5.6.2)
  Reserved, // says where the request goes or how it is framed: the client writes it itself
  Value,    // has a control character other than a tab: a line break would begin a header of its own
};

/// The headers that a request is sent with. There is no other way to hand headers to the client, and none of
/// them can be more than one header: whoever adds one, from whatever source, is checked here.
class RequestHeaders {
public:
  /// Adds a header; nothing when it has a fault. Case of the name does not count for the faults.
  [[nodiscard]] HeaderFault add(std::string_view name, std::string_view value);
  void append(const RequestHeaders &other);
  void clear() { all.clear(); }
  bool has(std::string_view name) const;
  /// As libcurl takes them: `Name: value`, and `Name;` where the value is empty.
  const std::vector<std::string> &lines() const { return all; }

private:
  std::vector<std::string> all;
};

} // namespace xcs
