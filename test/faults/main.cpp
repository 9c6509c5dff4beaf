// The scripted server that plays every endpoint in tests, demo and benchmarks: see README.md beside this
// file.
#include "LogReport.h"
#include "Options.h"
#include "Profiles.h"
#include "Session.h"
#include <cstdio>

using namespace xcs::faults;

static int fail(const std::string &message) {
  std::fprintf(stderr, "xcs-faults: error: %s\n", message.c_str());
  return 2;
}

static int report(const Options &options) {
  const auto log = readFile(options.report);
  if (!log)
    return fail(log.error().message);
  const auto text = options.mode == Options::Mode::Summary ? summarize(*log) : listRequests(*log);
  if (!text)
    return fail(options.report + ": " + text.error().message);
  std::fputs(text->c_str(), stdout);
  return 0;
}

int main(int argc, char **argv) {
  const auto options = parseOptions(std::vector<std::string>(argv + 1, argv + argc));
  if (!options)
    return fail(options.error().message + "\n" + usage);
  switch (options->mode) {
  case Options::Mode::Help:
    std::fputs(usage, stdout);
    return 0;
  case Options::Mode::Summary:
  case Options::Mode::Requests:
    return report(*options);
  case Options::Mode::Profiles:
    for (const std::string &name : profileNames())
      std::printf("%s\n", name.c_str());
    return 0;
  case Options::Mode::Serve:
    return Session(*options).run();
  }
  return 2;
}
