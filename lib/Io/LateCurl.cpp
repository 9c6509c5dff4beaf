#include "xcs/Io/HttpLibrary.h"
#include <cassert>
#include <cstdarg>
#include <curl/curl.h>
#include <dlfcn.h>

using namespace xcs;

#if XCS_LINK_CURL

const std::string &xcs::openHttpLibrary() {
  static const std::string isLinked;
  return isLinked;
}

#else

// Linking libcurl makes every process load 30 libraries before its `main`, which takes 5 ms
// (docs/performance.md). So the library is opened late, and this file defines the functions of it that XCS
// calls: each hands its call on to libcurl's own. Nobody outside the program or the module sees them
// (-fvisibility=hidden), so that libcurl and others in the process keep theirs.

// They may be macros, too.
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

/// The function of libcurl that `ours` hands its calls on to; null until the library is open.
template <auto ours> static auto &theirs() {
  static decltype(ours) function = nullptr;
  return function;
}

template <auto ours, class... Arguments> static auto handOn(Arguments... arguments) {
  [[maybe_unused]] const std::string &problem = openHttpLibrary();
  assert(problem.empty() && "openHttpLibrary says whether libcurl can be called");
  return theirs<ours>()(arguments...);
}

template <class Result, class First, class... Others> First firstParameter(Result(First, Others...));
template <class Function>
using FirstParameter =
    decltype(firstParameter(static_cast<Function *>(nullptr))); // later versions add a `const`

// The parameters before the `...` are enumerations in libcurl's own declarations, which clang warns of.
#pragma GCC diagnostic ignored "-Wvarargs"

// What setopt and getinfo take last is a long, a curl_off_t or a pointer: a word of the machine, which is
// passed on as it came.
static_assert(sizeof(long) == sizeof(void *) && sizeof(curl_off_t) == sizeof(void *));
#define XCS_LAST_ARGUMENT(argument, before)                                                                  \
  va_list list;                                                                                              \
  va_start(list, before);                                                                                    \
  void *argument = va_arg(list, void *);                                                                     \
  va_end(list)

CURLcode curl_global_init(long flags) { return handOn<curl_global_init>(flags); }
void curl_global_cleanup() { handOn<curl_global_cleanup>(); }
void curl_free(void *text) { handOn<curl_free>(text); }
time_t curl_getdate(const char *text, const time_t *unused) { return handOn<curl_getdate>(text, unused); }

CURL *curl_easy_init() { return handOn<curl_easy_init>(); }
void curl_easy_cleanup(CURL *easy) { handOn<curl_easy_cleanup>(easy); }
void curl_easy_reset(CURL *easy) { handOn<curl_easy_reset>(easy); }
const char *curl_easy_strerror(CURLcode code) { return handOn<curl_easy_strerror>(code); }
CURLcode curl_easy_setopt(CURL *easy, CURLoption option, ...) {
  XCS_LAST_ARGUMENT(value, option);
  return handOn<curl_easy_setopt>(easy, option, value);
}
CURLcode curl_easy_getinfo(CURL *easy, CURLINFO info, ...) {
  XCS_LAST_ARGUMENT(out, info);
  return handOn<curl_easy_getinfo>(easy, info, out);
}

curl_slist *curl_slist_append(curl_slist *list, const char *text) {
  return handOn<curl_slist_append>(list, text);
}
void curl_slist_free_all(curl_slist *list) { handOn<curl_slist_free_all>(list); }

CURLM *curl_multi_init() { return handOn<curl_multi_init>(); }
CURLMcode curl_multi_cleanup(CURLM *multi) { return handOn<curl_multi_cleanup>(multi); }
CURLMcode curl_multi_add_handle(CURLM *multi, CURL *easy) {
  return handOn<curl_multi_add_handle>(multi, easy);
}
CURLMcode curl_multi_remove_handle(CURLM *multi, CURL *easy) {
  return handOn<curl_multi_remove_handle>(multi, easy);
}
CURLMsg *curl_multi_info_read(CURLM *multi, int *left) { return handOn<curl_multi_info_read>(multi, left); }
CURLMcode curl_multi_socket_action(CURLM *multi, curl_socket_t socket, int events, int *running) {
  return handOn<curl_multi_socket_action>(multi, socket, events, running);
}
CURLMcode curl_multi_assign(CURLM *multi, curl_socket_t socket, void *attached) {
  return handOn<curl_multi_assign>(multi, socket, attached);
}
CURLMcode curl_multi_setopt(CURLM *multi, CURLMoption option, ...) {
  XCS_LAST_ARGUMENT(value, option);
  return handOn<curl_multi_setopt>(multi, option, value);
}

CURLU *curl_url() { return handOn<curl_url>(); }
void curl_url_cleanup(CURLU *url) { handOn<curl_url_cleanup>(url); }
CURLUcode curl_url_get(FirstParameter<decltype(curl_url_get)> url, CURLUPart part, char **out,
                       unsigned flags) {
  return handOn<curl_url_get>(url, part, out, flags);
}
CURLUcode curl_url_set(CURLU *url, CURLUPart part, const char *text, unsigned flags) {
  return handOn<curl_url_set>(url, part, text, flags);
}
const char *curl_url_strerror(CURLUcode code) { return handOn<curl_url_strerror>(code); }

namespace {
struct Row {
  const char *name;
  void (*keep)(void *found);
};
} // namespace

template <auto ours> static constexpr Row row(const char *name) {
  return {name, [](void *found) { theirs<ours>() = reinterpret_cast<decltype(ours)>(found); }};
}

#define XCS_CURL(function) row<function>(#function)
static constexpr Row rows[] = {
    XCS_CURL(curl_global_init),
    XCS_CURL(curl_global_cleanup),
    XCS_CURL(curl_free),
    XCS_CURL(curl_getdate),
    XCS_CURL(curl_easy_init),
    XCS_CURL(curl_easy_cleanup),
    XCS_CURL(curl_easy_reset),
    XCS_CURL(curl_easy_strerror),
    XCS_CURL(curl_easy_setopt),
    XCS_CURL(curl_easy_getinfo),
    XCS_CURL(curl_slist_append),
    XCS_CURL(curl_slist_free_all),
    XCS_CURL(curl_multi_init),
    XCS_CURL(curl_multi_cleanup),
    XCS_CURL(curl_multi_add_handle),
    XCS_CURL(curl_multi_info_read),
    XCS_CURL(curl_multi_remove_handle),
    XCS_CURL(curl_multi_socket_action),
    XCS_CURL(curl_multi_assign),
    XCS_CURL(curl_multi_setopt),
    XCS_CURL(curl_url),
    XCS_CURL(curl_url_cleanup),
    XCS_CURL(curl_url_get),
    XCS_CURL(curl_url_set),
    XCS_CURL(curl_url_strerror),
};

/// Why it cannot be opened; empty: it is. It stays open, as a linked library would.
static std::string open() {
  static constexpr const char *name = "libcurl.so.4"; // the interface has had this number since 2006
  void *library = dlopen(name, RTLD_LAZY | RTLD_LOCAL);
  if (!library)
    return dlerror();
  for (const Row &row : rows) {
    void *found = dlsym(library, row.name);
    if (!found)
      return std::string(name) + " has no `" + row.name + "`";
    row.keep(found);
  }
  return {};
}

const std::string &xcs::openHttpLibrary() {
  static const std::string problem = open();
  return problem;
}

#endif
