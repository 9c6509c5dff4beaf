#include "Options.h"
#include <charconv>
#include <cstdlib>

namespace xcs::faults {

const char *const usage =
    R"(usage: xcs-faults [OPTION]... [-- COMMAND [ARGUMENT]...]
       xcs-faults --summary LOG | --requests LOG

An OpenAI-compatible endpoint on 127.0.0.1 that answers as a script says.

  --port N                  listen there; 0, the default, picks a free port
  --script FILE             the rules (test/faults/README.md); the first that matches answers
  --profile NAME            answers as a known server does, behind the script's rules; `list` prints the names
  --latency TIME            of answers that no rule changes: 100ms (the default), 1.5s, 250us
  --echo                    chat completions repeat the last user message
  --log FILE                one line of JSON per request, and a summary line
  --ready-file FILE         gets the port number once the server listens
  --max-seconds S           exits by itself after this time (60); a command still running is killed: exit 124.
                            The environment variable XCS_TIME_SCALE is a factor of it, for slow builds
  --exit-on-stdin-close     exits when standard input ends
  --strict                  exit 3 if a rule of the script has matched nothing
  --substitute IN=OUT       copies IN to OUT with {port} and {url} filled in, before the command starts
  -- COMMAND ARGUMENT...    runs it with {port} and {url} filled in and with XCS_FAULTS_PORT and XCS_FAULTS_URL
                            set, and exits with its status
)";

namespace {

/// Goes through the arguments once; the first mistake ends it.
class Parser {
public:
  explicit Parser(const std::vector<std::string> &theArguments) : arguments(theArguments) {}
  Result<Options, Error> parse();

private:
  bool flag(const std::string &name);
  void valued(const std::string &name, const std::string &value);
  void fail(std::string message) {
    if (mistake.empty())
      mistake = std::move(message);
  }
  template <class T> T number(const std::string &name, const std::string &text, T low, T high);

  const std::vector<std::string> &arguments;
  Options options;
  std::string mistake;
};

template <class T> T Parser::number(const std::string &name, const std::string &text, T low, T high) {
  T out{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size() || !(out >= low && out <= high))
    fail("`" + text + "` is not a value for `" + name + "`");
  return out;
}

/// False: an option of that name takes a value, or there is none.
bool Parser::flag(const std::string &name) {
  if (name == "--echo")
    options.echo = true;
  else if (name == "--strict")
    options.strict = true;
  else if (name == "--exit-on-stdin-close")
    options.exitOnStdinClose = true;
  else if (name == "--help" || name == "-h")
    options.mode = Options::Mode::Help;
  else
    return false;
  return true;
}

void Parser::valued(const std::string &name, const std::string &value) {
  if (name == "--port") {
    options.port = number(name, value, 0, 65535);
  } else if (name == "--script") {
    options.script = value;
  } else if (name == "--profile") {
    options.profile = value;
    if (value == "list")
      options.mode = Options::Mode::Profiles;
  } else if (name == "--latency") {
    const auto ns = parseDurationNs(value);
    if (!ns)
      fail("`" + value + "` is not a time; write `100ms`, `1.5s` or `250us`");
    options.latencyNs = ns.value_or(0);
  } else if (name == "--log") {
    options.log = value;
  } else if (name == "--ready-file") {
    options.readyFile = value;
  } else if (name == "--max-seconds") {
    options.maxSeconds = number(name, value, 0.0, 86400.0);
  } else if (name == "--substitute") {
    const std::size_t cut = value.find('=');
    if (cut == std::string::npos || cut == 0 || cut + 1 == value.size())
      fail("`--substitute` takes IN=OUT");
    else
      options.substitutions.emplace_back(value.substr(0, cut), value.substr(cut + 1));
  } else if (name == "--summary" || name == "--requests") {
    options.mode = name == "--summary" ? Options::Mode::Summary : Options::Mode::Requests;
    options.report = value;
  } else {
    fail("there is no option `" + name + "`");
  }
}

Result<Options, Error> Parser::parse() {
  for (std::size_t i = 0; i < arguments.size() && mistake.empty(); ++i) {
    const std::string &argument = arguments[i];
    if (argument == "--") {
      options.command.assign(arguments.begin() + static_cast<std::ptrdiff_t>(i) + 1, arguments.end());
      if (options.command.empty())
        fail("`--` needs a command after it");
      break;
    }
    const std::size_t equals = argument.find('=');
    if (flag(argument))
      continue;
    if (argument.starts_with("--") && equals != std::string::npos)
      valued(argument.substr(0, equals), argument.substr(equals + 1));
    else if (!argument.starts_with("--"))
      fail("unexpected `" + argument + "`; a command goes after `--`");
    else if (i + 1 == arguments.size())
      fail("`" + argument + "` needs a value after it");
    else
      valued(argument, arguments[++i]);
  }
  if (const char *scale = std::getenv("XCS_TIME_SCALE"))
    options.maxSeconds *= number("XCS_TIME_SCALE", scale, 1.0, 1000.0);
  if (!mistake.empty())
    return Error{mistake};
  return std::move(options);
}

} // namespace

Result<Options, Error> parseOptions(const std::vector<std::string> &arguments) {
  return Parser(arguments).parse();
}

} // namespace xcs::faults
