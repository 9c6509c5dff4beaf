// Best of five with a judge: judge.xir in C++. The judge's answer is a text, so it is parsed in an `attempt`.
#include "example.h"
using namespace xcs;

static const Model writer("writer", {.url = "http://127.0.0.1:8080/v1",
                                     .model = "small",
                                     .key = secret("OPENAI_API_KEY"),
                                     .maxInFlight = 16,
                                     .timeout = std::chrono::seconds(60)});
static const Model expert("judge", {.url = "http://127.0.0.1:8080/v1",
                                    .model = "large",
                                    .key = secret("OPENAI_API_KEY"),
                                    .maxInFlight = 4,
                                    .timeout = std::chrono::seconds(60)});

static Str judge(Str question) {
  std::vector<Str> drafts;
  for (int i = 0; i < 5; ++i)
    drafts.push_back(model::chat(writer, question, {.temperature = 0.9}));
  Str prompt = format("You are the judge of five answers to this question:\n{0}\n\n"
                      "[1] {1}\n[2] {2}\n[3] {3}\n[4] {4}\n[5] {5}\n\n"
                      "Write the number of the best answer and nothing else.",
                      question, drafts[0], drafts[1], drafts[2], drafts[3], drafts[4]);
  Str verdict = model::chat(expert, prompt, {.temperature = 0, .maxTokens = 4});
  Outcome<Str> chosen = attempt([&] {
    List<Str> all = drafts;
    I64 number = str::toI64(str::trim(verdict));
    return all[number - 1];
  });
  return chosen.valueOr(drafts[0]);
}

EXAMPLE(judge, "question")
