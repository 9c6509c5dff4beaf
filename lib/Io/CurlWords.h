#pragma once
#include <curl/curl.h>
#include <string>

namespace xcs {

// What libcurl's codes say, in our own sentences: what happened, and what to do where that is known. Each
// ends a message such as "cannot connect to `URL`: ".

/// Of a transfer that failed. `systemError`: the errno that caused it, 0 for none.
std::string wordsOf(CURLcode code, int systemError);
/// Of a certificate that was not accepted. `verified`: CURLINFO_SSL_VERIFYRESULT, OpenSSL's result for its
/// chain; `detail`: what libcurl recorded.
std::string certificateWords(CURLcode code, long verified, const char *detail);
/// Of a text that is not a url.
std::string wordsOf(CURLUcode code);

} // namespace xcs
