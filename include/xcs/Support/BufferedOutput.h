#pragma once

namespace llvm {
class raw_ostream;
}

namespace xcs {

/// Gives a stream without a buffer one for as long as this lives: standard error has none, and long output
/// would be a system call for every word. What was written is passed on at the end. Changes nothing about a
/// stream that has a buffer.
class BufferedOutput {
public:
  explicit BufferedOutput(llvm::raw_ostream &out);
  ~BufferedOutput();
  BufferedOutput(const BufferedOutput &) = delete;
  BufferedOutput &operator=(const BufferedOutput &) = delete;

private:
  llvm::raw_ostream *out; // null: it had a buffer
};

} // namespace xcs
