// An answer from documents, with its sources: retrieval.xir in C++.
#include "example.h"
using namespace xcs;

static const Model reader("reader", {.url = "http://127.0.0.1:8080/v1",
                                     .model = "large",
                                     .key = secret("OPENAI_API_KEY"),
                                     .maxInFlight = 8,
                                     .timeout = std::chrono::seconds(60)});
static const Model embedder("embedder", {.url = "http://127.0.0.1:8080/v1",
                                         .model = "vectors",
                                         .key = secret("OPENAI_API_KEY"),
                                         .maxInFlight = 4,
                                         .timeout = std::chrono::seconds(60),
                                         .maxBatch = 4});

struct Passage {
  Str title, text;
  XCS_RECORD(title, text)
};
struct Sourced {
  Str answer;
  List<Passage> sources;
  XCS_RECORD(answer, sources)
};
struct Used {
  Str answer;
  List<I64> used;
  XCS_RECORD(answer, used)
};

static List<Passage> cut(Passage document) {
  List<Str> pieces = str::chunkSentences(document.text, 2, 1);
  return map(pieces, [&](Str piece) {
    Passage one = document;
    one.text = str::trim(piece);
    return one;
  });
}

/// One piece more, if it fits into what is left of the budget.
static std::tuple<List<Passage>, I64> take(Passage piece, List<Passage> taken, I64 room) {
  I64 tokens = str::countTokens(piece.text);
  Bool fits = tokens <= room;
  List<Passage> more = list::append(taken, piece);
  I64 less = room - tokens;
  List<Passage> now = select(fits, more, taken);
  I64 left = select(fits, less, room);
  return {now, left};
}

static Sourced retrieval(Str question, List<Passage> documents, I64 budget) {
  List<Passage> pieces = list::flatten(map(documents, cut));
  List<Str> texts = list::pluck<Str>(pieces, "text");
  List<List<F64>> vectors = model::embed(embedder, texts);
  List<List<F64>> asked = model::embed(embedder, List<Str>{question});
  List<I64> indices = vec::topK(list::first(asked), vectors, 8);
  List<Passage> nearest = list::gather(pieces, indices);
  auto [taken, left] = loop(nearest, std::tuple(List<Passage>(), budget), take);

  List<Str> shown = map(list::enumerate(taken), [](list::Indexed<Passage> entry) {
    I64 index = place(entry.index);
    Str text = str::fill("{title}: {text}", entry.value);
    return format("[{0}] {1}", index, text);
  });
  Str prompt = format("{0}\n\nQuestion: {1}", str::join(shown, "\n"), question);
  Used reply = model::chat<Used>(
      reader, prompt,
      {.system = "Answer from the numbered passages alone, and give the numbers of those you used."});
  Str answer = place(reply.answer);
  return {answer, list::gather(taken, reply.used)};
}

EXAMPLE(retrieval, "question", "documents", "budget")
