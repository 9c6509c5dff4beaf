#include "Session.h"
#include "Profiles.h"
#include "llvm/Support/Errno.h"
#include <csignal>
#include <cstdio>
#include <iterator>
#include <sys/resource.h>
#include <unistd.h>

namespace xcs::faults {

Session::Session(Options theOptions) : options(std::move(theOptions)), loop(uv_default_loop()) {}

std::string Session::fillIn(const std::string &text) const {
  const std::string port = std::to_string(server->port());
  return replaceAll(replaceAll(text, "{port}", port), "{url}", server->url());
}

/// The usual soft limit of 1,024 descriptors is a fraction of the clients this server is for.
static void raiseDescriptorLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

static Result<Script, Error> readScript(const std::string &path) {
  const auto text = readFile(path);
  if (!text)
    return text.error();
  const std::size_t slash = path.rfind('/');
  auto parsed = parseScript(*text, slash == std::string::npos ? "." : path.substr(0, slash));
  if (!parsed)
    return Error{path + ": " + parsed.error().message};
  return parsed;
}

Result<Script, Error> Session::readRules() {
  Script script;
  if (!options.script.empty()) {
    auto own = readScript(options.script);
    if (!own)
      return own;
    script = std::move(*own);
  }
  scriptRules = script.rules.size();
  if (options.profile.empty())
    return script;
  const auto path = profilePath(options.profile);
  if (!path)
    return path.error();
  auto profile = readScript(*path);
  if (!profile)
    return profile;
  std::move(profile->rules.begin(), profile->rules.end(), std::back_inserter(script.rules));
  return script;
}

Result<void, Error> Session::open() {
  auto script = readRules();
  if (!script)
    return script.error();
  if (!options.log.empty())
    if (auto opened = log.open(options.log); !opened)
      return opened;
  server = std::make_unique<Server>(loop, std::move(*script),
                                    AnswerDefaults{options.latencyNs, options.echo, ""}, log);
  return server->listen(options.port);
}

Result<void, Error> Session::start() {
  for (const auto &[in, out] : options.substitutions) {
    const auto text = readFile(in);
    if (!text)
      return text.error();
    if (auto written = writeFile(out, fillIn(*text)); !written)
      return written;
  }
  if (!options.readyFile.empty()) {
    // Renamed into place: whoever waits for the file never reads half a number.
    const std::string draft = options.readyFile + ".part";
    if (auto written = writeFile(draft, std::to_string(server->port()) + "\n"); !written)
      return written;
    if (std::rename(draft.c_str(), options.readyFile.c_str()) != 0)
      return Error{"cannot write `" + options.readyFile + "`: " + llvm::sys::StrError(errno)};
  }
  return options.command.empty() ? Result<void, Error>{} : spawn();
}

/// Pointers as exec wants them, into texts that must stay where they are.
static std::vector<char *> pointersTo(std::vector<std::string> &texts) {
  std::vector<char *> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string &text : texts)
    pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> Session::commandEnvironment() const {
  std::vector<std::string> variables{"XCS_FAULTS_PORT=" + std::to_string(server->port()),
                                     "XCS_FAULTS_URL=" + server->url()};
  for (char **variable = environ; *variable; ++variable)
    if (!std::string_view(*variable).starts_with("XCS_FAULTS_"))
      variables.emplace_back(*variable);
  return variables;
}

Result<void, Error> Session::spawn() {
  std::vector<std::string> arguments;
  arguments.reserve(options.command.size());
  for (const std::string &argument : options.command)
    arguments.push_back(fillIn(argument));
  std::vector<std::string> variables = commandEnvironment();
  std::vector<char *> argv = pointersTo(arguments), environment = pointersTo(variables);

  uv_stdio_container_t stdio[3];
  for (int i = 0; i < 3; ++i) {
    stdio[i].flags = UV_INHERIT_FD;
    stdio[i].data.fd = i;
  }
  uv_process_options_t settings{};
  settings.file = argv[0];
  settings.args = argv.data();
  settings.env = environment.data();
  settings.stdio = stdio;
  settings.stdio_count = 3;
  // A group of its own, so that what the command leaves running can be ended with it.
  settings.flags = UV_PROCESS_DETACHED;
  settings.exit_cb = [](uv_process_t *process, std::int64_t code, int signal) {
    auto *self = static_cast<Session *>(process->data);
    self->running = false;
    self->end(signal ? 128 + signal : static_cast<int>(code));
  };
  child.data = this;
  const int error = uv_spawn(loop, &child, &settings);
  char why[128]; // uv_strerror leaks the text of an error that it does not know, such as ENOEXEC
  if (error != 0)
    return Error{"cannot run `" + arguments[0] + "`: " + uv_strerror_r(error, why, sizeof(why))};
  running = spawned = true;
  return {};
}

void Session::watch() {
  uv_timer_init(loop, &limit);
  limit.data = this;
  const auto timeUp = [](uv_timer_t *timer) {
    auto *self = static_cast<Session *>(timer->data);
    if (self->running)
      std::fprintf(stderr, "xcs-faults: error: the command still runs after %g s\n",
                   self->options.maxSeconds);
    self->end(self->running ? 124 : 0);
  };
  uv_timer_start(&limit, timeUp, static_cast<std::uint64_t>(options.maxSeconds * 1000), 0);
  const auto onSignal = [](uv_signal_t *handle, int number) {
    static_cast<Session *>(handle->data)->end(128 + number);
  };
  for (const auto &[handle, number] : {std::pair(&interrupt, SIGINT), std::pair(&terminate, SIGTERM)}) {
    uv_signal_init(loop, handle);
    handle->data = this;
    uv_signal_start(handle, onSignal, number);
  }
  if (options.exitOnStdinClose)
    watchInput();
}

void Session::watchInput() {
  const auto onInput = [](uv_poll_t *poll, int, int) {
    char scrap[4096];
    if (read(0, scrap, sizeof scrap) <= 0)
      static_cast<Session *>(poll->data)->end(0);
  };
  input.data = this;
  // A plain file or /dev/null cannot be waited for: it is at its end as good as at once.
  if (uv_poll_init(loop, &input, 0) != 0 || uv_poll_start(&input, UV_READABLE, onInput) != 0)
    end(0);
}

/// The first reason to end decides the status.
void Session::end(int theStatus) {
  if (std::exchange(ended, true))
    return;
  status = theStatus;
  uv_stop(loop);
}

/// The client has closed its sockets, but their ends may not have been read yet: turn until nothing new
/// comes.
void Session::drain() {
  constexpr int quietTurns = 4;
  std::uint64_t seen = server->events();
  for (int quiet = 0; quiet < quietTurns; ++quiet) {
    uv_run(loop, UV_RUN_NOWAIT);
    if (std::exchange(seen, server->events()) != seen)
      quiet = -1;
  }
}

int Session::finish() {
  // What the command has left running goes too.
  if (spawned)
    uv_kill(-child.pid, SIGKILL);
  server->stop();
  if (!log.close()) {
    std::fprintf(stderr, "xcs-faults: error: cannot write all of `%s`\n", options.log.c_str());
    status = status ? status : 2;
  }
  if (options.strict)
    for (std::size_t rule : server->unmatchedRules()) {
      if (rule > scriptRules)
        break;
      std::fprintf(stderr, "xcs-faults: error: rule %zu of `%s` has matched no request\n", rule,
                   options.script.c_str());
      status = status ? status : 3;
    }
  return status;
}

int Session::run() {
  raiseDescriptorLimit();
  // A client that has gone is an error of the write, not the end of the server.
  std::signal(SIGPIPE, SIG_IGN);
  auto ready = open();
  if (ready)
    ready = start();
  if (!ready) {
    std::fprintf(stderr, "xcs-faults: error: %s\n", ready.error().message.c_str());
    return 2;
  }
  if (options.command.empty() && options.readyFile.empty()) {
    std::printf("%s\n", server->url().c_str());
    std::fflush(stdout);
  }
  watch();
  if (!ended)
    uv_run(loop, UV_RUN_DEFAULT);
  drain();
  return finish();
}

} // namespace xcs::faults
