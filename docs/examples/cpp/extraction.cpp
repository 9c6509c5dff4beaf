// Typed readings of a review, as many as the run says, and a vote by their confidence: extraction.xir in C++.
#include "example.h"
using namespace xcs;

static const Model reader("reader", {.url = "http://127.0.0.1:8080/v1",
                                     .model = "small",
                                     .key = secret("OPENAI_API_KEY"),
                                     .maxInFlight = 64,
                                     .timeout = std::chrono::seconds(60)});

struct Labelled {
  Str label;
  F64 confidence;
  XCS_RECORD(label, confidence)
};
struct Counted {
  Str label;
  I64 counted;
  List<Str> errors;
  XCS_RECORD(label, counted, errors)
};

static Labelled read(Str text) {
  Str object = option::value(str::regexExtract(text, {.pattern = R"((?s)\{.*\})"}));
  Json valid = json::validate(json::parse(object), R"({
    "type": "object",
    "properties": {
      "label": {"enum": ["positive", "neutral", "negative"]},
      "confidence": {"type": "number", "minimum": 0, "maximum": 1}
    },
    "required": ["label", "confidence"],
    "additionalProperties": false
  })");
  return json::cast<Labelled>(valid);
}

static Counted extraction(Str review, I64 draws) {
  Str prompt = format("Is this review positive, neutral or negative? Answer with JSON: "
                      "{{\"label\": .., \"confidence\": 0 to 1}}.\n\n{0}",
                      review);
  auto readings = map(list::range(0, draws), [&](I64) {
    return attempt([&] { return read(model::chat(reader, prompt, {.temperature = 0.8})); });
  });
  List<Labelled> good = result::oks(readings);
  List<Str> labels = list::pluck<Str>(good, "label");
  List<F64> weights = list::pluck<F64>(good, "confidence");
  Str label = vote::weighted(labels, weights);
  I64 counted = good.size();
  return {label, counted, list::pluck<Str>(result::errors(readings), "kind")};
}

EXAMPLE(extraction, "review", "draws")
