#pragma once
#include "xcs/Model/AnswerReader.h"
#include <span>

// Whole answers of chat endpoints, and what they say: read as they stand, and cut into streams.
namespace xcs::test {

struct AnswerCase {
  const char *name;
  std::string_view body;     // of a response
  std::string_view expected; // as `show` prints it
};
extern const std::span<const AnswerCase> answerCases;

/// What a reader makes of an answer: its choices, or why it cannot be used.
std::string show(AnswerReader &reader);

/// The streams that a whole answer can be cut into: each text at every place, each call of a tool with its
/// index, with the same index, and with none. None for a body that has no choices.
std::vector<std::string> streamsOf(std::string_view body);
/// The stream of one event that has the answer in one piece.
std::string inOnePiece(std::string_view body);

} // namespace xcs::test
