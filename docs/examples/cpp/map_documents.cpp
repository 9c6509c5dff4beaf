// Every document graded by every criterion, a map within a map: map_documents.xir in C++.
#include "example.h"
using namespace xcs;

static const Model grader("grader", {.url = "http://127.0.0.1:8080/v1",
                                     .model = "small",
                                     .key = secret("OPENAI_API_KEY"),
                                     .maxInFlight = 8,
                                     .timeout = std::chrono::seconds(60)});

struct Grade {
  Str document;
  F64 grade;
  XCS_RECORD(document, grade)
};

static List<Grade> map_documents(List<Str> documents, List<Str> criteria) {
  return map(documents, [&](Str document) -> Grade {
    List<F64> grades = map(criteria, [&](Str criterion) {
      Str prompt =
          format("Grade from 0 to 1 and write the number alone. Criterion: {0}\n\n{1}", criterion, document);
      Str text = model::chat(grader, prompt, {.temperature = 0, .maxTokens = 8});
      return str::toF64(str::trim(text));
    });
    return {document, f64::mean(grades)};
  });
}

EXAMPLE(map_documents, "documents", "criteria")
