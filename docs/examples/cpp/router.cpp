// A cheap call says whether a question is hard, and one of two models answers it: router.xir in C++.
#include "example.h"
using namespace xcs;

static const Model small("small", {.url = "http://127.0.0.1:8080/v1",
                                   .model = "small",
                                   .key = secret("OPENAI_API_KEY"),
                                   .maxInFlight = 64,
                                   .timeout = std::chrono::seconds(60)});
static const Model large("large", {.url = "http://127.0.0.1:8080/v1",
                                   .model = "large",
                                   .key = secret("OPENAI_API_KEY"),
                                   .maxInFlight = 8,
                                   .timeout = std::chrono::seconds(120)});

struct Routed {
  Str route, answer;
  XCS_RECORD(route, answer)
};

static Routed router(Str question) {
  Str ask = format("Is this question easy or hard? Answer with one word.\n{0}", question);
  Str said = model::chat(small, ask, {.temperature = 0, .maxTokens = 3});
  Bool hard = str::contains(str::lower(said), "hard");
  auto [route, answer] = cond(
      hard, [&] { return std::tuple("large", model::chat(large, question, {.temperature = 0.2})); },
      [&] { return std::tuple("small", model::chat(small, question, {.temperature = 0.2})); });
  return {route, answer};
}

EXAMPLE(router, "question")
