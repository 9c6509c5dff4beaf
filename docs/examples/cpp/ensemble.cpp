// Five answers to one question, and the most frequent one: ensemble.xir in C++. The loop runs while the
// program is written down, so it is five calls, which are in flight together.
#include "example.h"
using namespace xcs;

static const Model gpt("gpt", {.url = "http://127.0.0.1:8080/v1",
                               .model = "small",
                               .key = secret("OPENAI_API_KEY"),
                               .maxInFlight = 64,
                               .timeout = std::chrono::seconds(60)});

static Str ensemble(Str question) {
  std::vector<Str> answers;
  for (int i = 0; i < 5; ++i)
    answers.push_back(model::chat(gpt, question, {.temperature = 0.7}));
  return vote::majority(answers);
}

EXAMPLE(ensemble, "question")
