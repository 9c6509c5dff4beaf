#pragma once
#include <string>

namespace xcs {

/// Opens libcurl with all that it needs, unless that was done before: a few milliseconds, which only programs
/// that send requests pay. Returns why it cannot be opened, always the same text; empty: it is open. What is
/// in HttpClient.h, parseUrl, resolveUrl and parseHttpDate may only be used then. Thread safety: any thread;
/// a second call waits for the first.
const std::string &openHttpLibrary();

} // namespace xcs
