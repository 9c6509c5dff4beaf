// The reader of hosts and ports beside libcurl's, which reads a URL again to connect: whatever ours accepts,
// libcurl must take for the same place. Ours may refuse more, for the reasons below and no other.
#include "xcs/Support/HostPort.h"
#include <algorithm>
#include <curl/curl.h>
#include <functional>
#include <gtest/gtest.h>
#include <map>
#include <random>

using namespace xcs;

namespace {
/// Where libcurl would go: an origin in the form of ours, empty when it refuses.
std::string curlOrigin(const std::string &text) {
  CURLU *url = curl_url();
  std::string out;
  if (curl_url_set(url, CURLUPART_URL, text.c_str(), CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK) {
    char *scheme = nullptr, *host = nullptr, *port = nullptr;
    curl_url_get(url, CURLUPART_SCHEME, &scheme, 0);
    curl_url_get(url, CURLUPART_HOST, &host, 0);
    curl_url_get(url, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT);
    std::string name = host ? host : "";
    if (name.starts_with('['))
      name = name.substr(1, name.size() - 2);
    out = std::string(scheme ? scheme : "") + "://" + hostIdentity(name) + " " + (port ? port : "");
    curl_free(scheme);
    curl_free(host);
    curl_free(port);
  }
  curl_url_cleanup(url);
  return out;
}

/// Pieces of which authorities are made, odd ones among them.
const std::vector<std::string> schemes = {
    "http://", "http://", "http://",  "https://", "HTTP://", "hTTps://",
    "http:/",  "http:",   "http:///", "//",       "ftp://",  " http://"};
const std::vector<std::string> users = {"",       "",         "",     "",     "",      "",
                                        "a@",     "@",        ":@",   "a:b@", "a\\@",  "a#@",
                                        "a?@",    "a/@",      "a@b@", "%40@", "a%2f@", "127.0.0.1:80@",
                                        "[::1]@", "\xc3\xa4@"};
const std::vector<std::string> hosts = {"a.test",
                                        "A.Test",
                                        "a.test.",
                                        "localhost",
                                        "127.0.0.1",
                                        "127.1",
                                        "0x7f.1",
                                        "0177.1",
                                        "2130706433",
                                        "0.0.0.0",
                                        "4294967296",
                                        "256.1.1.1",
                                        "08.1",
                                        "1.2.3.4.5",
                                        "1.2.3.",
                                        "0x",
                                        "[::1]",
                                        "[::]",
                                        "[::ffff:127.0.0.1]",
                                        "[2001:DB8::1]",
                                        "[fe80::1%25eth0]",
                                        "[fe80::1%eth0]",
                                        "[fe80::1%25]",
                                        "[fe80::1%251]",
                                        "[fe80::1%]",
                                        "[fe80::1%25a b]",
                                        "[::1",
                                        "::1",
                                        "[]",
                                        "[1.2.3.4]",
                                        "[v1.x]",
                                        "[[::1]]",
                                        "[::1]]",
                                        "%31%32%37.0.0.1",
                                        "%30x7f.1",
                                        "a%2etest",
                                        "a%00b",
                                        "a%2fb",
                                        "a%40b",
                                        "a%3a1",
                                        "a%2541",
                                        "a%",
                                        "a%zz",
                                        "%5b::1%5d",
                                        "a_b",
                                        "-a-",
                                        "a~b",
                                        "a!b",
                                        "a*b",
                                        "a,b",
                                        "a|b",
                                        "a b",
                                        "a\tb",
                                        "a\\b",
                                        "a^b",
                                        "a`b",
                                        "a\"b",
                                        "a'b",
                                        "a{b}",
                                        "a=b",
                                        "a&b",
                                        "a+b",
                                        "a(b)",
                                        "a<b>",
                                        "a$b",
                                        "a;b",
                                        "b\xc3\xbc"
                                        "cher",
                                        "\xef\xbc\x91\xef\xbc\x92\xef\xbc\x97.0.0.1",
                                        "\xff",
                                        "\xc2\x80",
                                        ".",
                                        "..",
                                        ""};
const std::vector<std::string> ports = {"",       "",      "",     ":80",       ":443",
                                        ":8080",  ":",     ":0",   ":00080",    ":65535",
                                        ":65536", ":-1",   ":+1",  ": 1",       ":1 ",
                                        ":80:90", ":0x50", ":x",   "::",        ":99999999999999999999",
                                        "80",     ":80x",  ":1e1", ":\xd9\xa8", ":80%30",
                                        ":%38%30"};
const std::vector<std::string> rests = {"", "/", "/p@q", "?a@b:1", "#@c", "/\\@d", "?http://e/", "/a:1"};
const std::string noise = "a1.:@/\\?#[]%x 0-_~\t\xc3\xa4";

class Generator {
public:
  std::string next() {
    std::string text = of(schemes) + of(users) + of(hosts) + of(ports) + of(rests);
    // Now and then one character more, less or another.
    for (unsigned edits = below(4) == 0 ? 1 + below(2) : 0; edits > 0 && !text.empty(); --edits) {
      const size_t at = below(text.size());
      if (below(2) == 0)
        text.insert(at, 1, noise[below(noise.size())]);
      else if (below(2) == 0)
        text.erase(at, 1);
      else
        text[at] = noise[below(noise.size())];
    }
    return text;
  }

private:
  size_t below(size_t bound) { return random() % bound; }
  const std::string &of(const std::vector<std::string> &from) { return from[below(from.size())]; }
  std::mt19937_64 random{20261129};
};

/// What is between the slashes and the path, as far as both readers agree.
std::string authorityOf(const std::string &text) {
  const size_t begin = text.find("://");
  return begin == text.npos ? "" : text.substr(begin + 3, text.find_first_of("/?#", begin + 3) - begin - 3);
}

bool hasOnlyNameCharacters(std::string_view text) {
  for (unsigned char c : text)
    if (!(std::isalnum(c) || c == '-' || c == '.' || c == '_' || c >= 0x80))
      return false;
  return true;
}

/// Why ours refuses what libcurl takes, and what must hold of such a text for that to be right.
const std::map<std::string, std::function<bool(const std::string &, std::string_view theirs)>> stricter = {
    // Readers differ on where credentials end, and they would be shown in messages.
    {"credentials do not belong in a URL; use a secret in a header",
     [](const std::string &text, std::string_view) {
       return authorityOf(text).find('@') != std::string::npos;
     }},
    // libcurl takes one slash and three for two; browsers and RFC 3986 do not agree with it.
    {"`//` is missing after its scheme",
     [](const std::string &text, std::string_view) { return text.find("://") > 5; }},
    {"it names no host", [](const std::string &text, std::string_view) { return authorityOf(text).empty(); }},
    {"only http and https are supported",
     [](const std::string &, std::string_view theirs) {
       return !theirs.starts_with("http://") && !theirs.starts_with("https://");
     }},
    // No server listens there.
    {"port 0 is none", [](const std::string &text,
                          std::string_view) { return authorityOf(text).find(":0") != std::string::npos; }},
    // No name has such characters, and readers take some of them for the end of the authority.
    {"its host has a character that no name has",
     [](const std::string &text, std::string_view) { return !hasOnlyNameCharacters(authorityOf(text)); }},
    // Bytes that are no UTF-8, C1 controls, `%` that is no code.
    {"its host is no text",
     [](const std::string &text, std::string_view) {
       return std::any_of(text.begin(), text.end(),
                          [](char c) { return c == '%' || static_cast<unsigned char>(c) >= 0x80; });
     }},
    {"the scope of its IPv6 address is none",
     [](const std::string &text, std::string_view) {
       return authorityOf(text).find('%') != std::string::npos;
     }},
};
} // namespace

TEST(HostPortProperty, LibcurlGoesWhereOursSays) {
  Generator generator;
  std::map<std::string, size_t> refused;
  size_t same = 0;
  for (int i = 0; i < 200'000; ++i) {
    const std::string text = generator.next();
    const std::string theirs = curlOrigin(text);
    auto ours = readUrl(text);
    if (ours) {
      const std::string place =
          ours->scheme + "://" + hostIdentity(ours->host()) + " " + std::to_string(ours->port());
      // What stands behind the authority libcurl alone reads: it may refuse it.
      const bool badBehind = text.find_first_of(" \t\x7f") != text.npos;
      if (!theirs.empty() || !badBehind) {
        ASSERT_EQ(theirs, place) << text;
      }
      same += !theirs.empty();
      auto again = readUrl(ours->origin());
      ASSERT_TRUE(again && again->origin() == ours->origin()) << text;
    } else if (!theirs.empty()) {
      const std::string reason(ours.error());
      auto known = stricter.find(reason);
      ASSERT_TRUE(known != stricter.end() && known->second(text, theirs))
          << text << ": " << reason << "; " << theirs;
      ++refused[reason];
    }
  }
  EXPECT_GT(same, 5'000u);
  for (const auto &[reason, holds] : stricter)
    EXPECT_GT(refused[reason], 0u) << reason << ": libcurl refuses all of these too";
}

/// A grant is read by the same rules as the URL that needs it: the flag that a message names grants it.
TEST(HostPortProperty, AUrlIsGrantedByTheFlagThatNamesIt) {
  Generator generator;
  size_t read = 0;
  for (int i = 0; i < 200'000; ++i) {
    auto url = readUrl(generator.next());
    if (!url)
      continue;
    ++read;
    auto grant = readHostPort(url->hostPort());
    ASSERT_TRUE(grant && grant->host == url->host() && grant->port == url->port()) << url->hostPort();
  }
  EXPECT_GT(read, 5'000u);
}
