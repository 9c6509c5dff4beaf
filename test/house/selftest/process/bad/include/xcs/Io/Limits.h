#pragma once
inline void raise_() {
  setrlimit(RLIMIT_NOFILE, &limit);
  std::signal(SIGPIPE, SIG_IGN);
  sigaction(SIGINT, &action, nullptr);
  setenv("A", "b", 1);
}
