#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

// The table of what endpoints call differently (Quirks.def), as questions.
namespace xcs {

/// Why an answer ended.
enum class Finish : uint8_t { End, Length, Filtered, Broken, Failed };
struct FinishRow {
  std::string_view word;
  Finish meaning;
};
inline constexpr FinishRow finishRows[] = {
#define XCS_FINISH(word, meaning, seenAt) {word, Finish::meaning},
#include "xcs/Model/Quirks.def"
};
std::optional<Finish> finishOf(std::string_view word);

/// What a part of a content is.
enum class PartMeaning : uint8_t { Text, Refusal, Thought, Passed };
struct PartRow {
  std::string_view type;
  PartMeaning meaning;
};
inline constexpr PartRow partRows[] = {
#define XCS_PART(type, meaning, seenAt) {type, PartMeaning::meaning},
#include "xcs/Model/Quirks.def"
};
std::optional<PartMeaning> partMeaningOf(std::string_view type);

inline constexpr std::string_view idleEvents[] = {
#define XCS_IDLE_EVENT(name, seenAt) name,
#include "xcs/Model/Quirks.def"
};
bool isIdleEvent(std::string_view name);

inline constexpr std::string_view errorTexts[] = {
#define XCS_ERROR_TEXT(pointer, seenAt) pointer,
#include "xcs/Model/Quirks.def"
};
inline constexpr std::string_view errorCodes[] = {
#define XCS_ERROR_CODE(pointer, seenAt) pointer,
#include "xcs/Model/Quirks.def"
};
struct ErrorWordRow {
  std::string_view word;
  int64_t status;
};
inline constexpr ErrorWordRow errorWords[] = {
#define XCS_ERROR_WORD(word, status, seenAt) {word, status},
#include "xcs/Model/Quirks.def"
};
/// The status that a word of an error means; 0 if it is not in the table.
int64_t statusOfWord(std::string_view word);

inline constexpr std::string_view usagePlaces[] = {
#define XCS_USAGE(pointer, seenAt) pointer,
#include "xcs/Model/Quirks.def"
};
inline constexpr std::string_view keptMembers[] = {
#define XCS_KEPT(member, seenAt) member,
#include "xcs/Model/Quirks.def"
};
/// Whether a later text of that name takes the place of the earlier in a stream, and does not continue it.
bool isKept(std::string_view member);

inline constexpr std::string_view thoughtMembers[] = {
#define XCS_THOUGHT(member, seenAt) member,
#include "xcs/Model/Quirks.def"
};

} // namespace xcs
