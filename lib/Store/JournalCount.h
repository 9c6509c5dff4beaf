#pragma once
#include "xcs/Store/Journal.h"
#include "xcs/Support/Descriptor.h"

namespace xcs {

/// The file F-count: how many rows a journal has had, in a fixed size, and which process has it open. Two
/// slots are written in turn, so that one is whole whenever the process or the machine stops. A lock on it
/// (flock) is the lock of the journal. Thread safety: one thread.
class JournalCount {
public:
  struct Numbers {
    uint64_t rows = 0;
    uint64_t writes = 0; // started writes among them that must not happen twice
  };

  /// Opens it, made if it is not there, and locks it.
  static Result<JournalCount, JournalError> open(const std::string &journal, bool durable);
  /// Whether it was there, with at least one whole slot.
  bool wasThere() const { return isOld; }
  Numbers numbers() const { return last; }
  /// Empty, or why it cannot be written.
  std::string set(Numbers numbers);

private:
  JournalCount(Descriptor file, bool durable) : file(std::move(file)), isDurable(durable) {}
  void read();
  std::string sign();

  Descriptor file;
  bool isDurable = false, isOld = false;
  uint64_t turn = 0;
  Numbers last;
};

} // namespace xcs
