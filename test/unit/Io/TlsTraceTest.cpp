#include "Io/TlsTrace.h"
#include <gtest/gtest.h>

using namespace xcs;

TEST(TlsTrace, CloseNotifyCountsWhenItArrives_RFC8446_6_1) {
  TlsTrace trace;
  trace.note("TLSv1.3 (OUT), TLS alert, close notify (256):\n");
  trace.note("close notify (256)");
  trace.note("TLSv1.3 (IN), TLS alert, close notify (512):\n"); // fatal: no such alert
  EXPECT_FALSE(trace.isClosed());
  trace.note("TLSv1.2 (IN), TLS alert, close notify (256):\n");
  EXPECT_TRUE(trace.isClosed());
}

TEST(TlsTrace, ACertificateIsWantedWhereItWasAskedForAndThenMissed) {
  for (const char *alert : {"unknown (628)", "certificate required (628)", "handshake failure (552)",
                            "bad certificate (554)", "access denied (561)"}) {
    TlsTrace trace;
    const std::string line = std::string("TLSv1.3 (IN), TLS alert, ") + alert + ":\n";
    trace.note(line);
    EXPECT_FALSE(trace.wantsCertificate()) << alert; // no common cipher, perhaps
    trace.note("TLSv1.3 (IN), TLS handshake, Request CERT (13):\n");
    EXPECT_TRUE(trace.asksForCertificate());
    EXPECT_TRUE(trace.wantsCertificate()) << alert;
  }
}

TEST(TlsTrace, OtherAlertsAndMessagesSayNothingOfIt) {
  TlsTrace trace;
  trace.note("TLSv1.3 (OUT), TLS handshake, Request CERT (13):\n");
  trace.note("TLSv1.3 (IN), TLS handshake, Certificate (11):\n");
  EXPECT_FALSE(trace.asksForCertificate());
  EXPECT_TRUE(TlsTrace::isKept());
  trace.note("TLSv1.3 (IN), TLS handshake, Request CERT (13):\n");
  trace.note("TLSv1.3 (IN), TLS alert, close notify (256):\n");
  trace.note("TLSv1.3 (IN), TLS alert, internal error (592):\n");
  trace.note("TLSv1.3 (IN), TLS alert, ");
  EXPECT_FALSE(trace.wantsCertificate());
}
