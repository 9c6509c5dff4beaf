// Panels of three members and a chair, and a critic of two panels: network.xir in C++.
#include "example.h"
using namespace xcs;

static const Model member("member", {.url = "http://127.0.0.1:8080/v1",
                                     .model = "small",
                                     .key = secret("OPENAI_API_KEY"),
                                     .maxInFlight = 64,
                                     .timeout = std::chrono::seconds(60)});
static const Model chair("chair", {.url = "http://127.0.0.1:8080/v1",
                                   .model = "large",
                                   .key = secret("OPENAI_API_KEY"),
                                   .maxInFlight = 16,
                                   .timeout = std::chrono::seconds(60)});

static Str panel(List<Str> roles, Str question) {
  List<Str> opinions = map(roles, [&](Str role) {
    return model::chat(member, format("You are {0}. {1}", role, question), {.temperature = 0.8});
  });
  Str all = str::join(opinions, {.separator = "\n---\n"});
  return model::chat(chair, format("Sum up what the panel says about: {0}\n{1}", question, all),
                     {.temperature = 0});
}

static Str network(Str question) {
  List<Str> makers = place(List<Str>{"an engineer", "an architect", "a builder"});
  List<Str> users = place(List<Str>{"a tenant", "a neighbour", "a firefighter"});
  Str first = panel(makers, question), second = panel(users, question);
  return model::chat(chair, format("Decide: {0}\nFor: {1}\nAgainst: {2}", question, first, second),
                     {.temperature = 0});
}

EXAMPLE_AS(network, "council", "question")
