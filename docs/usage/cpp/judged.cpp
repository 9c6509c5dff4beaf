// Five drafts side by side and a judge who names the best: judged URL QUESTION...
#include <cstdio>
#include <xcs/xcs.h>

using namespace xcs;

static Str bestOf(const Model &gpt, Str question) {
  std::vector<Str> drafts;
  for (int i = 0; i < 5; ++i) // runs while the program is written down: five calls, in flight together
    drafts.push_back(model::chat(gpt, question, {.temperature = 0.9}));
  Str listed = "Question: " + question;
  for (int i = 0; i < 5; ++i)
    listed = format("{0}\n[{1}] {2}", listed, i, drafts[i]);
  Str verdict = model::chat(gpt, "Write the number of the best answer.\n" + listed, {.temperature = 0});
  Outcome<Str> chosen = attempt([&] { return List<Str>(drafts)[str::toI64(str::trim(verdict))]; });
  return chosen.valueOr(drafts[0]);
}

int main(int argc, char **argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: judged URL QUESTION...\n");
    return 2;
  }
  const Model gpt("gpt", {.url = argv[1], .model = "small", .maxInFlight = 64});
  const auto best = compile([&](Str question) { return bestOf(gpt, question); });
  std::vector<Future<Str>> answers;
  for (int i = 2; i < argc; ++i)
    answers.push_back(best.async(argv[i])); // all questions together
  for (const Future<Str> &future : answers) {
    const Answer<std::string> answer = future.get();
    if (!answer) {
      std::fputs(answer.error().text.c_str(), stderr);
      return 1;
    }
    std::printf("%s\n", answer->c_str());
  }
  return 0;
}
