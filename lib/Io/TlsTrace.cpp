#include "Io/TlsTrace.h"
#include <atomic>
#include <charconv>

using namespace xcs;

// Lines such as `TLSv1.3 (IN), TLS alert, close notify (256):`. The number is the type of a handshake
// message, or the level of an alert times 256 with its description; the words before it depend on the version
// of OpenSSL.
static constexpr std::string_view arrivingAlert = " (IN), TLS alert",
                                  arrivingHandshake = " (IN), TLS handshake";

static std::atomic<bool> hasTraced{false};

/// The number in the last parentheses of a line; 0 if there is none.
static unsigned numberOf(std::string_view line) {
  const size_t open = line.rfind('(');
  unsigned number = 0;
  if (open != line.npos)
    std::from_chars(line.data() + open + 1, line.data() + line.size(), number);
  return number;
}

void TlsTrace::note(std::string_view line) {
  static constexpr unsigned certificateRequest = 13, warning = 1, fatal = 2; // RFC 8446, 4 and 6
  static constexpr unsigned closeNotify = 0;
  const bool isAlert = line.find(arrivingAlert) != line.npos;
  if (!isAlert && line.find(arrivingHandshake) == line.npos)
    return;
  const unsigned number = numberOf(line);
  if (!isAlert) {
    hasTraced.store(true, std::memory_order_relaxed);
    hasAsked |= number == certificateRequest;
    return;
  }
  const unsigned level = number >> 8, description = number & 0xff;
  hasClosed |= level == warning && description == closeNotify;
  if (level == fatal)
    fatalAlert = static_cast<uint8_t>(description);
}

/// `certificate_required` of TLS 1.3, and what servers of TLS 1.2 say in its place (RFC 5246, 7.2.2
/// and 7.4.6).
bool TlsTrace::isAboutCertificates(uint8_t alert) {
  static constexpr uint8_t handshakeFailure = 40, badCertificate = 42, certificateUnknown = 46,
                           accessDenied = 49, certificateRequired = 116;
  return alert == handshakeFailure || alert == badCertificate || alert == certificateUnknown ||
         alert == accessDenied || alert == certificateRequired;
}

bool TlsTrace::isKept() { return hasTraced.load(std::memory_order_relaxed); }
