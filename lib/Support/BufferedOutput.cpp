#include "xcs/Support/BufferedOutput.h"
#include "llvm/Support/raw_ostream.h"

using namespace xcs;

static constexpr size_t bytes = 1 << 16; // the capacity of a pipe on Linux (pipe(7))

BufferedOutput::BufferedOutput(llvm::raw_ostream &stream)
    : out(stream.GetBufferSize() == 0 ? &stream : nullptr) {
  if (out)
    out->SetBufferSize(bytes);
}

BufferedOutput::~BufferedOutput() {
  if (out)
    out->SetUnbuffered();
}
