// A log line by line, four at a time, and the lines that are alarms: stream.xir in C++.
#include "example.h"
using namespace xcs;

static const Model watchman("watchman", {.url = "http://127.0.0.1:8080/v1",
                                         .model = "small",
                                         .key = secret("OPENAI_API_KEY"),
                                         .maxInFlight = 64,
                                         .timeout = std::chrono::seconds(60),
                                         .retries = 1,
                                         .idleTimeout = std::chrono::seconds(5)});

static List<Str> stream(Str path) {
  List<Str> lines = str::lines(file::readText(path));
  auto verdicts = map(list::enumerate(lines),
                      [](list::Indexed<Str> entry) {
                        I64 index = place(entry.index);
                        Str said = model::chat(watchman, entry.value,
                                               {.system = "Is this line of a log an alarm? Answer yes or no.",
                                                .temperature = 0,
                                                .stream = true});
                        log::print({said});
                        return cond(
                            str::startsWith(said, "yes"),
                            [&] { return Option<Str>(format("{0}: {1}", index, entry.value)); },
                            [] { return Option<Str>(); });
                      },
                      {.window = 4});
  return option::somes(verdicts);
}

EXAMPLE(stream, "path")
