// stderr in a comment, and "std::cerr" in a text, are nothing.
void Executor::abort(Diag why) { run.abort(); op->exit(); }
void print(const char *text) {
  fprintf(stderr, "%s", text);
  std::cerr << text;
  llvm::errs() << text;
  outs() << "exit(1)";
  if (std::getenv("HOME") || getenv("X"))
    exit(1);
  std::abort();
}
