// A draft, three checks of it in one call, and a second draft if most doubt the first: verifier.xir in C++.
#include "example.h"
using namespace xcs;

static const Model writer("writer", {.url = "http://127.0.0.1:8080/v1",
                                     .model = "small",
                                     .key = secret("OPENAI_API_KEY"),
                                     .maxInFlight = 8,
                                     .timeout = std::chrono::seconds(60)});
static const Model checker("checker", {.url = "http://127.0.0.1:8080/v1",
                                       .model = "large",
                                       .key = secret("OPENAI_API_KEY"),
                                       .maxInFlight = 8,
                                       .timeout = std::chrono::seconds(60)});

struct Check {
  Bool correct;
  Str reason;
  XCS_RECORD(correct, reason)
};
struct Checked {
  Str answer;
  Bool revised;
  XCS_RECORD(answer, revised)
};

static Checked verifier(Str question) {
  Str draft = model::chat(writer, question, {.temperature = 0.2});
  Str ask = format("Question: {0}\nAnswer: {1}\nIs the answer correct? Give the reason in one sentence.",
                   question, draft);
  auto checks = model::chat<List<Check>>(checker, ask, {.temperature = 0.7, .n = 3});
  List<Check> doubts = filter(checks, [](Check check) { return !check.correct; });
  List<Str> reasons = list::pluck<Str>(doubts, "reason");
  Bool wrong = reasons.size() > 1;
  Str answer = cond(
      wrong,
      [&] {
        Str again = format("{0}\n\nThis answer was found wrong:\n{1}\n\nbecause\n- {2}\n\nWrite a correct "
                           "answer.",
                           question, draft, str::join(reasons, {.separator = "\n- "}));
        return model::chat(writer, again, {.temperature = 0.2});
      },
      [&] { return draft; });
  return {answer, wrong};
}

EXAMPLE(verifier, "question")
