#include "Io/CurlWords.h"
#include <cerrno>
#include <gtest/gtest.h>

using namespace xcs;

TEST(CurlWords, EachCommonCodeHasASentenceOfOurOwn) {
  for (CURLcode code :
       {CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT,
        CURLE_SSL_CONNECT_ERROR, CURLE_OPERATION_TIMEDOUT, CURLE_GOT_NOTHING, CURLE_RECV_ERROR,
        CURLE_SEND_ERROR, CURLE_PARTIAL_FILE, CURLE_HTTP2, CURLE_HTTP2_STREAM, CURLE_BAD_CONTENT_ENCODING,
        CURLE_SSL_CACERT_BADFILE, CURLE_URL_MALFORMAT, CURLE_INTERFACE_FAILED}) {
    EXPECT_NE(wordsOf(code, 0), curl_easy_strerror(code)) << code;
    EXPECT_NE(wordsOf(code, 0), "");
    EXPECT_TRUE(wordsOf(code, 0).find('.') == std::string::npos) << wordsOf(code, 0);
  }
  EXPECT_EQ(wordsOf(CURLE_READ_ERROR, 0), curl_easy_strerror(CURLE_READ_ERROR)); // ours alone
}

TEST(CurlWords, WhyNoConnectionCameAboutIsTheSystemsToSay) {
  const std::string other = wordsOf(CURLE_COULDNT_CONNECT, ETIMEDOUT);
  EXPECT_NE(wordsOf(CURLE_COULDNT_CONNECT, ECONNREFUSED), other);
  EXPECT_NE(wordsOf(CURLE_COULDNT_CONNECT, ENETUNREACH), other);
  EXPECT_EQ(wordsOf(CURLE_COULDNT_CONNECT, ENETUNREACH), wordsOf(CURLE_COULDNT_CONNECT, EHOSTUNREACH));
  EXPECT_EQ(wordsOf(CURLE_RECV_ERROR, ECONNREFUSED), wordsOf(CURLE_RECV_ERROR, 0)); // of an earlier address
}

TEST(CurlWords, CertificatesAreSaidByTheirFault) {
  EXPECT_EQ(certificateWords(CURLE_PEER_FAILED_VERIFICATION, 1, "x"), "it is for another host");
  EXPECT_EQ(certificateWords(CURLE_PEER_FAILED_VERIFICATION, 10, "x"), "it has expired");
  EXPECT_EQ(certificateWords(CURLE_PEER_FAILED_VERIFICATION, 20, "x").substr(0, 31),
            "its authority is not known here");
  EXPECT_EQ(certificateWords(CURLE_PEER_FAILED_VERIFICATION, 77, "what it says").substr(0, 12),
            "what it says");
  EXPECT_NE(certificateWords(CURLE_PEER_FAILED_VERIFICATION, 77, ""), "");
  EXPECT_NE(certificateWords(CURLE_SSL_CACERT_BADFILE, 0, "x").find("SSL_CERT_FILE"), std::string::npos);
}

TEST(CurlWords, UrlsAreSaidByTheirFault) {
  for (CURLUcode code : {CURLUE_MALFORMED_INPUT, CURLUE_BAD_PORT_NUMBER, CURLUE_UNSUPPORTED_SCHEME,
                         CURLUE_NO_HOST, CURLUE_BAD_HOSTNAME, CURLUE_BAD_IPV6, CURLUE_BAD_SCHEME})
    EXPECT_NE(wordsOf(code), curl_url_strerror(code)) << code;
}
