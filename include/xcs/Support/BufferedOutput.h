#pragma once

namespace llvm {
class raw_ostream;
}

namespace xcs {

/// Gives an unbuffered stream a buffer while this object lives: standard error has none, and long output
/// would cost a system call per word. The destructor flushes. Has no effect on a buffered stream.
class BufferedOutput {
public:
  explicit BufferedOutput(llvm::raw_ostream &out);
  ~BufferedOutput();
  BufferedOutput(const BufferedOutput &) = delete;
  BufferedOutput &operator=(const BufferedOutput &) = delete;

private:
  llvm::raw_ostream *out; // null: it already had a buffer
};

} // namespace xcs
