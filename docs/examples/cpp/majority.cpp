// A vote over the short answers of several lines of reasoning: majority.xir in C++. The number of votes is an
// argument of the run, so the votes are a `map`.
#include "example.h"
using namespace xcs;

static const Model thinker("thinker", {.url = "http://127.0.0.1:8080/v1",
                                       .model = "small",
                                       .key = secret("OPENAI_API_KEY"),
                                       .maxInFlight = 64,
                                       .timeout = std::chrono::seconds(60)});

/// What follows the last `Answer:`, up to the end of its line, in lower case and without a full stop.
static Str extract(Str text) {
  Str tail = list::last(str::split(text, {.separator = "Answer:"}));
  Str line = str::lines(tail)[0];
  return str::trim(str::replace(str::lower(line), ".", ""));
}

static Str majority(Str question, I64 votes) {
  Str prompt = format("{0}\nThink step by step. End with a line `Answer: ` and the answer.", question);
  auto tried = map(list::range(0, votes), [&](I64) {
    return attempt([&] { return extract(model::chat(thinker, prompt, {.temperature = 0.8})); });
  });
  return vote::majority(result::oks(tried));
}

EXAMPLE(majority, "question", "votes")
