// A model with two tools, in at most five rounds: agent_tools.xir in C++.
#include "example.h"
using namespace xcs;

static const Model agent("agent", {.url = "http://127.0.0.1:8080/v1",
                                   .model = "large",
                                   .key = secret("OPENAI_API_KEY"),
                                   .maxInFlight = 4,
                                   .timeout = std::chrono::seconds(60)});
static const Model expert("expert", {.url = "http://127.0.0.1:8080/v1",
                                     .model = "small",
                                     .key = secret("OPENAI_API_KEY"),
                                     .maxInFlight = 8,
                                     .timeout = std::chrono::seconds(60)});

struct Call {
  Str id, name;
  Json arguments;
  XCS_RECORD(id, name, arguments)
};
struct Message {
  Str role;
  Option<Str> content;
  List<Call> tool_calls;
  Option<Str> tool_call_id;
  XCS_RECORD(role, content, tool_calls, tool_call_id)
};
struct Turn {
  Option<Str> content;
  List<Call> tool_calls;
  XCS_RECORD(content, tool_calls)
};
struct Tool {
  Str name, description;
  Json parameters;
  XCS_RECORD(name, description, parameters)
};
struct Sum {
  List<F64> numbers;
  XCS_RECORD(numbers)
};
struct Question {
  Str question;
  XCS_RECORD(question)
};

static Str carryOut(Str name, Json arguments) {
  Bool adds = name == "add";
  Outcome<Str> done = attempt([&] {
    return cond(
        adds, [&] { return str::from(f64::sum(json::cast<Sum>(arguments).numbers)); },
        [&] { return model::chat(expert, json::cast<Question>(arguments).question, {.maxTokens = 200}); });
  });
  return cond(
      done.hasValue(), [&] { return result::value(done); },
      [&] { return format("error: {0}", result::error(done).message); });
}

static Str agent_tools(Str task) {
  List<Tool> tools = place(List<Tool>{
      Tool{
          "add", "the sum of some numbers",
          Json(JsonText{
              R"({"type": "object", "properties": {"numbers": {"type": "array", "items": {"type": "number"}}}, "required": ["numbers"]})"})},
      Tool{
          "ask_expert", "what an expert says to a question",
          Json(JsonText{
              R"({"type": "object", "properties": {"question": {"type": "string"}}, "required": ["question"]})"})}});
  List<Call> none = place(List<Call>());
  Option<Str> noId = place(Option<Str>()), noText = place(Option<Str>());
  Option<Str> question = option::some(task);
  Message first{"user", question, none, noId};
  auto [conversation, answer] = loop(std::tuple(List<Message>{first}, noText),
                                     [&](List<Message> messages, Option<Str>) {
                                       Turn reply = model::chat<Turn>(agent, messages, {}, {tools});
                                       Option<Str> said = place(reply.content);
                                       List<Call> calls = place(reply.tool_calls);
                                       Message own = place(Message{"assistant", said, calls, noId});
                                       List<Message> results = map(calls, [&](Call call) -> Message {
                                         Str name = place(call.name);
                                         Json arguments = place(call.arguments);
                                         Str id = place(call.id);
                                         Str text = carryOut(name, arguments);
                                         Option<Str> content = option::some(text), answers = option::some(id);
                                         return {"tool", content, none, answers};
                                       });
                                       List<Message> after = list::flat<Message>({messages, own, results});
                                       return continueIf(calls.size() > 0, after, said);
                                     },
                                     {.maxTrips = 5});
  return option::or_(answer, "");
}

EXAMPLE(agent_tools, "task")
