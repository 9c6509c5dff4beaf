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

/// The headers of a request. This is the only way to pass headers to the client, so every header, whatever
/// its source, is checked here; none can smuggle in a second one.
class RequestHeaders {
public:
  /// Adds a header; adds nothing if it has a fault. Faults do not depend on the case of the name.
  [[nodiscard]] HeaderFault add(std::string_view name, std::string_view value);
  void append(const RequestHeaders &other);
  void clear() { all.clear(); }
  bool has(std::string_view name) const;
  /// In libcurl's form: `Name: value`, and `Name;` where the value is empty.
  const std::vector<std::string> &lines() const { return all; }

private:
  std::vector<std::string> all;
};

} // namespace xcs
