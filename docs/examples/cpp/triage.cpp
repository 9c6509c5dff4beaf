// A cheap call sorts a request, and one of several branches replies: triage.xir in C++.
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

struct Sorted {
  Str queue, reply;
  XCS_RECORD(queue, reply)
};

static Sorted triage(Str request) {
  Str ask = format("Sort this request: billing, technical or praise? Answer with one word.\n{0}", request);
  Str said = model::chat(small, ask, {.temperature = 0, .maxTokens = 3});
  Str queue = str::trim(str::lower(said));
  Str reply = choose(
      queue, [] { return "A person will answer."; }, //
      on("billing",
         [&] {
           return model::chat(
               small, format("Answer this question on a bill, politely and in one sentence.\n{0}", request));
         }),
      on("technical",
         [&] {
           Str prompt = format("Find the cause of this problem, then give one step to try.\n{0}", request);
           return model::chat(large, prompt, {.temperature = 0.2});
         }),
      on("praise", [] { return "Thank you!"; }));
  return {queue, reply};
}

EXAMPLE(triage, "request")
