#pragma once
#include <cstdint>
#include <string_view>

namespace xcs {

/// What the server of a connection has said about TLS itself, as libcurl traces it (CURLINFO_TEXT of
/// CURLOPT_DEBUGFUNCTION, where it uses OpenSSL or a relative of it). Other libraries trace nothing.
class TlsTrace {
public:
  /// Takes a line of the trace. Only what arrives counts.
  void note(std::string_view line);

  /// Whether the server has said that it sends no more (RFC 8446, 6.1).
  bool isClosed() const { return hasClosed; }
  /// Whether it has asked for a certificate of its client.
  bool asksForCertificate() const { return hasAsked; }
  /// Whether it has refused the connection because there was none.
  bool wantsCertificate() const { return hasAsked && isAboutCertificates(fatalAlert); }
  /// Whether the library that this process uses traces at all: if it has traced a handshake.
  static bool isKept();

private:
  static bool isAboutCertificates(uint8_t alert);

  bool hasClosed = false, hasAsked = false;
  uint8_t fatalAlert = 0; // its description; 0: none
};

} // namespace xcs
