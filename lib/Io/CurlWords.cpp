#include "Io/CurlWords.h"
#include <cerrno>
#include <iterator>

using namespace xcs;

namespace {

template <class Code> struct Words {
  Code code;
  const char *text;
};

constexpr Words<CURLcode> transferWords[] = {
    {CURLE_COULDNT_RESOLVE_HOST,
     "its host name has no address; correct the name, or check that this machine can look up names"},
    {CURLE_COULDNT_RESOLVE_PROXY, "the host name of the proxy has no address"},
    {CURLE_COULDNT_CONNECT, "no connection came about; check the host, the port and the network"},
    {CURLE_SSL_CONNECT_ERROR,
     "the server does not speak TLS, or no version of it that is accepted; is it a server for `http://`?"},
    {CURLE_OPERATION_TIMEDOUT, "it took too long"},
    {CURLE_GOT_NOTHING, "the server closed it without an answer"},
    {CURLE_RECV_ERROR, "the server closed it, or the network did, before the answer was complete"},
    {CURLE_SEND_ERROR, "the server closed it, or the network did, while the request was sent"},
    {CURLE_PARTIAL_FILE, "the server closed it before the answer was complete"},
    {CURLE_HTTP2, "the server does not keep to HTTP/2"},
    {CURLE_HTTP2_STREAM, "the server gave this request up (HTTP/2)"},
    {CURLE_BAD_CONTENT_ENCODING, "the body of the answer is not compressed as its head says"},
    {CURLE_SSL_CACERT_BADFILE, "the file of the authorities cannot be read; check the variables "
                               "`SSL_CERT_FILE` and `CURL_CA_BUNDLE`"},
    {CURLE_URL_MALFORMAT, "its url cannot be used"},
    {CURLE_INTERFACE_FAILED, "this machine has no address to connect from; check the network"},
};

// OpenSSL's numbers (X509_V_ERR_..), which are part of its interface.
constexpr long notYet = 9, expired = 10, otherHost = 62;
constexpr Words<long> certificates[] = {
    {notYet, "it is not valid yet; check the clock of this machine"},
    {expired, "it has expired"},
    {18, "it is signed by itself"},
    {19, "its chain ends in an authority that is not known here"},
    {20, "its authority is not known here"},
    {21, "its chain is not complete: the server does not send the certificates between"},
    {23, "it has been revoked"},
    {otherHost, "it is for another host"},
};

constexpr Words<CURLUcode> urls[] = {
    {CURLUE_MALFORMED_INPUT, "it is no url"},
    {CURLUE_BAD_PORT_NUMBER, "its port is not a number up to 65535"},
    {CURLUE_UNSUPPORTED_SCHEME, "it begins with neither `http://` nor `https://`"},
    {CURLUE_NO_SCHEME, "it begins with neither `http://` nor `https://`"},
    {CURLUE_NO_HOST, "it has no host"},
    {CURLUE_URLDECODE, "it has a `%` that begins no escape"},
    {CURLUE_USER_NOT_ALLOWED, "it has credentials"},
    {CURLUE_BAD_HOSTNAME, "its host has a character that no host name has"},
    {CURLUE_BAD_IPV6, "its host in brackets is not an IPv6 address"},
    {CURLUE_BAD_SCHEME, "what is before its `://` is not a scheme"},
    {CURLUE_BAD_SLASHES, "its scheme is not followed by two slashes"},
};

} // namespace

template <class Code, size_t size>
static const char *find(const Words<Code> (&table)[size], Code code, const char *otherwise) {
  for (const Words<Code> &row : table)
    if (row.code == code)
      return row.text;
  return otherwise;
}

std::string xcs::wordsOf(CURLcode code, int systemError) {
  if (code == CURLE_COULDNT_CONNECT && systemError == ECONNREFUSED)
    return "nothing accepts connections there; start the server, or correct the host and the port";
  if (code == CURLE_COULDNT_CONNECT && (systemError == ENETUNREACH || systemError == EHOSTUNREACH))
    return "its network cannot be reached from here; check the network";
  return find(transferWords, code, curl_easy_strerror(code));
}

std::string xcs::certificateWords(CURLcode code, long verified, const char *detail) {
  static constexpr long notLookedAt = 1; // libcurl compares the name first, and leaves the chain at that
  if (code == CURLE_SSL_CACERT_BADFILE)
    return wordsOf(code, 0);
  if (verified == notLookedAt)
    return find(certificates, otherHost, detail);
  std::string words = find(certificates, verified, *detail ? detail : curl_easy_strerror(code));
  const bool isTimeOrName = verified == notYet || verified == expired || verified == otherHost;
  if (!isTimeOrName)
    words += "; name the file of its authority in the environment variable `SSL_CERT_FILE` if you trust it";
  return words;
}

std::string xcs::wordsOf(CURLUcode code) { return find(urls, code, curl_url_strerror(code)); }
