// Two models and three prompts, and a vote over the normal forms: varied_ensemble.xir in C++.
#include "example.h"
using namespace xcs;

static const Model quick("quick", {.url = "http://127.0.0.1:8080/v1",
                                   .model = "small",
                                   .key = secret("OPENAI_API_KEY"),
                                   .maxInFlight = 16,
                                   .timeout = std::chrono::seconds(60)});
static const Model thorough("thorough", {.url = "http://127.0.0.1:8080/v1",
                                         .model = "large",
                                         .key = secret("OPENAI_API_KEY"),
                                         .maxInFlight = 16,
                                         .timeout = std::chrono::seconds(60)});

static Str normal(Str text) { return str::trim(str::replace(str::lower(text), ".", "")); }

/// The answer of one model; a failed one is the empty text.
static Outcome<Str> answer(const Model &from, Str prompt, double temperature) {
  return attempt(
      [&] { return normal(model::chat(from, prompt, {.temperature = temperature, .maxTokens = 64})); });
}

static Str varied_ensemble(Str question) {
  List<Str> openings = {"Answer with the bare answer and nothing else.",
                        "You are an expert. Say the answer in as few words as you can.",
                        "Think first, in silence. Then write the answer alone."};
  auto lists = map(openings, [&](Str opening) {
    Str prompt = format("{0}\n\n{1}", opening, question);
    auto first = answer(quick, prompt, 0.7), second = answer(thorough, prompt, 0.3);
    Str a = first.valueOr(""), b = second.valueOr("");
    return list::pack({a, b});
  });
  auto votes = filter(list::flatten(lists), [](Str given) { return given != ""; });
  return vote::majority(votes);
}

EXAMPLE(varied_ensemble, "question")
