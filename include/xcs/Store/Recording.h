#pragma once
#include "xcs/Ops/Kernel.h"
#include "xcs/Support/Diagnostics.h"
#include <cstdint>
#include <string>
#include <vector>

namespace xcs {

// Recordings: the answers of the world in one run, as lines of JSON that people can read, edit and commit
// (docs/usage/recordings.md). The first line has the shape of the plan; the others are in the order in which
// the answers came.

/// One answer: what came of one execution of an operation of the world.
struct RecordedAnswer {
  enum class Kind : uint8_t {
    Done,
    Failed,
    Cancelled, // it was no longer needed: there is no answer
  };

  Kind kind = Kind::Done;
  std::string op; // `model.chat`
  std::string at; // where, for people: the names of calls and of the draw
  // Of the request, and of its place unless there is a site: 32 hexadecimal digits.
  std::string identity;
  // Of a read or a wait, which have no names of their own: the numbers in the plan of the operations that
  // lead to it and of itself, joined by `/`. Empty elsewhere.
  std::string site;
  Value operands;           // a JSON array; for people, and to say what differs
  Value value;              // JSON; of Done
  OpError error;            // of Failed
  bool hasHappened = false; // a write that was carried out, whatever came of it
  unsigned line = 0;        // in its file, from 1
};

struct Recording {
  std::string
      shape; // of the plan's operations, 16 hexadecimal digits: `site` means the same in both if it is equal
  std::vector<RecordedAnswer> answers;
};

/// The name of the file in the folder of a recording.
inline constexpr std::string_view recordingFile = "recording.jsonl";

/// The first line, with its end.
std::string printRecordingHead(uint64_t shape);
/// The line of an answer, with its end. Fails if it would exceed Limit::ValueBytes.
bool appendAnswer(std::string &out, const RecordedAnswer &answer, const Limits &limits, OpError &error);

/// Reads the lines of a recording; `name` is what messages call it. Every error is reported, with its line.
Result<Recording> readRecording(std::string_view text, const std::string &name, const Limits &limits,
                                DiagnosticEngine &diagnostics);

/// A shape as recordings write it.
std::string shapeText(uint64_t shape);

} // namespace xcs
