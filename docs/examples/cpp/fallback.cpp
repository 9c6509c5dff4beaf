// The preferred model, another one if it fails, and a fixed text if both do: fallback.xir in C++.
#include "example.h"
using namespace xcs;

static const Model preferred("preferred", {.url = "http://127.0.0.1:8080/v1",
                                           .model = "large",
                                           .key = secret("OPENAI_API_KEY"),
                                           .maxInFlight = 16,
                                           .timeout = std::chrono::seconds(20),
                                           .retries = 1});
static const Model other("other", {.url = "http://127.0.0.1:8080/v1",
                                   .model = "small",
                                   .key = secret("OPENAI_API_KEY"),
                                   .maxInFlight = 16,
                                   .timeout = std::chrono::seconds(20),
                                   .retries = 0});

static Str fallback(Str question) {
  Outcome<Str> first = attempt([&] {
    return model::chat(preferred, question,
                       {.retry = Entries{{"max", 1}, {"base", std::chrono::milliseconds(20)}}});
  });
  Outcome<Str> second = cond(
      first.hasValue(), [&] { return first; },
      [&] { return attempt([&] { return model::chat(other, question); }); });
  return second.valueOr("No model answered. Please ask again later.");
}

EXAMPLE(fallback, "question")
