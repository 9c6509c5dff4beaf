#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace xcs::bench {

/// The shapes of the generated programs used to measure the compiler.
enum class Shape : uint8_t {
  Chain,  // i64.add after i64.add: only operations, short lines
  Wide,   // one value fans out to many string operations, groups of them fan in again
  Mixed,  // prompts, model calls, JSON, lists: long texts, about 100 bytes per operation
  Nested, // functions that call each other's regions: `if` in `map`, `try` in `if`
};
inline constexpr std::array<Shape, 4> allShapes = {Shape::Chain, Shape::Wide, Shape::Mixed, Shape::Nested};

std::string_view shapeName(Shape shape);
std::optional<Shape> findShape(std::string_view name);

/// A program in XIR with exactly `operations` operations, terminators included (at least 8); the same for the
/// same arguments. It passes the verifier, and none of its values grows with its length. `seed` varies texts
/// and constants, so that no two operations are equal by accident.
std::string makeProgram(Shape shape, size_t operations, uint64_t seed);

} // namespace xcs::bench
