// The first two answers of three endpoints; the third call is cancelled: first_of_n.xir in C++.
#include "example.h"
using namespace xcs;

static Model endpoint(const char *name) {
  return Model(name, {.url = "http://127.0.0.1:8080/v1",
                      .model = name,
                      .key = secret("OPENAI_API_KEY"),
                      .timeout = std::chrono::seconds(20),
                      .retries = 0});
}

static List<Str> first_of_n(Str question) {
  const Model near = endpoint("near"), far = endpoint("far"), spare = endpoint("spare");
  return race(
      {.take = 2}, [&] { return model::chat(near, question); }, [&] { return model::chat(far, question); },
      [&] { return model::chat(spare, question); });
}

EXAMPLE(first_of_n, "question")
