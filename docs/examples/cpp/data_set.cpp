// Three draws and a vote for each question of a data set, with accuracy and cost: data_set.xir in C++.
#include "example.h"
using namespace xcs;

static const Model student("student", {.url = "http://127.0.0.1:8080/v1",
                                       .model = "small",
                                       .key = secret("OPENAI_API_KEY"),
                                       .maxInFlight = 6,
                                       .timeout = std::chrono::seconds(60),
                                       .retries = 0,
                                       .usdPerMtokIn = 0.5,
                                       .usdPerMtokOut = 1.5});

struct Asked {
  Str question, answer;
  XCS_RECORD(question, answer)
};
struct Solved {
  Str question, given;
  Bool right;
  F64 usd;
  XCS_RECORD(question, given, right, usd)
};
struct Marked {
  F64 accuracy, usd;
  List<Solved> wrong;
  XCS_RECORD(accuracy, usd, wrong)
};

static List<Str> draws(Str prompt) {
  auto tried = map(list::range(0, 3), [&](I64) {
    return attempt([&] { return model::chat(student, prompt, {.temperature = 0.8, .maxTokens = 16}); });
  });
  return result::oks(tried);
}

static Str normal(Str text) {
  Str small = str::lower(text);
  return option::or_(str::regexExtract(small, {.pattern = R"([\pL\pN]+(?: [\pL\pN]+)*)"}), "");
}

/// At the prices of the model, USD per million tokens.
static F64 cost(I64 in, I64 out) {
  F64 tokensIn = i64::toF64(in), tokensOut = i64::toF64(out);
  F64 costIn = tokensIn * 0.5, costOut = tokensOut * 1.5;
  return (costIn + costOut) / 1e6;
}

static Solved solve(Asked one) {
  Str question = place(one.question), known = place(one.answer);
  Str prompt = format("Answer with one word: {0}", question);
  List<Str> said = draws(prompt);
  List<Str> votes = map(said, normal);
  Str given = cond(votes.size() > 0, [&] { return vote::majority(votes); }, [] { return Str(""); });
  Bool right = given == normal(known);

  I64 in = str::countTokens(prompt) * 3;
  I64 out = i64::sum(map(said, [](Str text) { return str::countTokens(text); }));
  return {question, given, right, cost(in, out)};
}

static Marked data_set(List<Asked> cases) {
  List<Solved> rows = map(cases, solve);
  F64 accuracy = f64::mean(map(rows, [](Solved row) { return select(row.right, F64(1), F64(0)); }));
  F64 usd = f64::sum(list::pluck<F64>(rows, "usd"));
  return {accuracy, usd, filter(rows, [](Solved row) { return !row.right; })};
}

EXAMPLE(data_set, "cases")
