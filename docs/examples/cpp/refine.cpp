// A draft is written again as long as the judge has a remark, at most five times: refine.xir in C++.
#include "example.h"
using namespace xcs;

static const Model writer("writer", {.url = "http://127.0.0.1:8080/v1",
                                     .model = "small",
                                     .key = secret("OPENAI_API_KEY"),
                                     .maxInFlight = 8,
                                     .timeout = std::chrono::seconds(60)});
static const Model judge("judge", {.url = "http://127.0.0.1:8080/v1",
                                   .model = "large",
                                   .key = secret("OPENAI_API_KEY"),
                                   .maxInFlight = 4,
                                   .timeout = std::chrono::seconds(60)});

struct Refined {
  Str text;
  I64 rounds;
  XCS_RECORD(text, rounds)
};

static Refined refine(Str task) {
  auto [text, remark, rounds] =
      loop(std::tuple("(nothing yet)", "none so far", 0),
           [&](Str draft, Str last, I64 round) {
             Str request = format("Task: {0}\n\nYour last draft:\n{1}\n\nWhat the editor says of it: {2}\n\n"
                                  "Write the text.",
                                  task, draft, last);
             Str better = model::chat(writer, request, {.temperature = 0.7});
             Str question =
                 format("Does this text fulfil the task? Write OK, or one remark.\n\nTask: {0}\n\n{1}", task,
                        better);
             Str verdict = model::chat(judge, question, {.temperature = 0});
             Bool go = !str::startsWith(verdict, "OK");
             return continueIf(go, better, verdict, round + 1);
           },
           {.maxTrips = 5, .atBound = "yield"});
  return {text, rounds};
}

EXAMPLE(refine, "task")
