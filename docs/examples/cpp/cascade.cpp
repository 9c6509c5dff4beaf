// The strong model is asked only if the cheap one is not sure, or says no JSON: cascade.xir in C++.
#include "example.h"
#include <cmath>
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

struct Reading {
  Str answer;
  F64 confidence;
  XCS_RECORD(answer, confidence)
};
struct Reply {
  List<Str> asked;
  Str answer;
  XCS_RECORD(asked, answer)
};

static Reply cascade(Str question, F64 threshold) {
  Str ask = format("Answer as JSON with \"answer\" and with \"confidence\" from 0 to 1.\n{0}", question);
  Str said = model::chat(small, ask, {.temperature = 0});
  Outcome<Reading> read = attempt([&] { return json::cast<Reading>(json::parse(said)); });
  Reading first = read.valueOr({"", -INFINITY});
  auto [asked, answer] = cond(
      first.confidence >= threshold,
      [&] {
        Str text = place(first.answer);
        return std::tuple(List<Str>{"small"}, text);
      },
      [&] {
        Str better = model::chat(large, question, {.temperature = 0.2});
        return std::tuple(List<Str>{"small", "large"}, better);
      });
  return {asked, answer};
}

EXAMPLE(cascade, "question", "threshold")
