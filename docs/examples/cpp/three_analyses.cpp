// Three analyses of one text side by side, and a headline of them: three_analyses.xir in C++.
#include "example.h"
using namespace xcs;

static const Model reader("reader", {.url = "http://127.0.0.1:8080/v1",
                                     .model = "small",
                                     .key = secret("OPENAI_API_KEY"),
                                     .maxInFlight = 8,
                                     .timeout = std::chrono::seconds(60)});

struct Mood {
  Str label;
  F64 score;
  XCS_RECORD(label, score)
};
struct Report {
  Str headline;
  Mood mood;
  List<Str> topics;
  Str summary;
  XCS_RECORD(headline, mood, topics, summary)
};

static Report three_analyses(Str text) {
  Mood mood = model::chat<Mood>(
      reader, text,
      {.system = "Judge the mood of the text: a label of one word, and a score from 0 (bad) to 1 (good)."});
  auto topics = model::chat<List<Str>>(
      reader, text, {.system = "List the topics of the text, at most five, one word each."});
  Str summary = model::chat(reader, text, {.system = "Summarise the text in one sentence."});

  Str label = place(mood.label);
  Str named = str::join(topics, {.separator = ", "});
  Str prompt = format("Write a headline of at most eight words for a text of this mood: {0}\nabout: {1}\n"
                      "which says: {2}",
                      label, named, summary);
  return {model::chat(reader, prompt, {.maxTokens = 32}), mood, topics, summary};
}

EXAMPLE(three_analyses, "text")
