// Two pages of an HTTP service, fetched side by side, become one text in a file: fetch_transform_write.xir in
// C++.
#include "example.h"
using namespace xcs;

static const Http service("service", {.url = "http://127.0.0.1:8080",
                                      .maxInFlight = 4,
                                      .timeout = std::chrono::seconds(10)});

static List<Str> page(Str path) {
  http::Response response = http::request(service, path, {.method = "GET"});
  require(response.status == 200, "the service did not answer with a page");
  List<Json> users = json::items(json::get(json::parse(response.body), {.pointer = "/users"}));
  return map(users, [](Json user) { return json::toStr(json::get(user, {.pointer = "/name"})); });
}

static I64 fetch_transform_write(Str out) {
  List<Str> first = page("users?page=1"), second = page("users?page=2");
  List<Str> names = list::sort(list::concat({first, second}));
  file::write(out, str::join(names, {.separator = "\n"}));
  return names.size();
}

EXAMPLE(fetch_transform_write, "out")
