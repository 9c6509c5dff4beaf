#pragma once
#include "Syntax/Reading.h"
#include <optional>

namespace xcs {

/// Makes types from the tokens of the rules `type` and `types` in Xir.g4. An unfinished type is on a stack; a
/// finished one stays until its owner takes it.
class TypeActions {
public:
  explicit TypeActions(Reading &reading) : reading(reading) {}

  void begin(Token name) { frames.push_back({name, finished.size()}); }
  void beginArguments() { frames.back().hasArguments = true; }
  void end();
  /// The name that `begin` treated as a type was a field name; the field's type is the last one read.
  void endField();

  /// A declared name in the place of a type.
  void symbol(Token name) {
    finished.push_back({reading.program.typeNamed(reading.marked(name), reading.at(name.offset)), {}});
  }

  /// The last type read.
  TypeId take();
  /// All types read since the last `takeAll`.
  std::span<const TypeId> takeAll();

  /// For a word that may turn out not to be a type (`true`): `plainWord` is its name if it has no arguments,
  /// `drop` ends it without a type.
  std::optional<Token> plainWord() const;
  Token word() const { return frames.back().name; }
  void drop();

  /// Discards everything, after an error.
  void clear();

private:
  struct Frame {
    Token name;
    size_t first; // its arguments, in `finished`
    bool hasArguments = false;
  };
  struct Entry {
    TypeId type;
    Token field; // its name; End if it has none
  };
  TypeId build(const Frame &frame, std::span<const Entry> arguments);
  TypeId buildDict(const Frame &frame, std::span<const Entry> arguments);
  TypeId buildRecord(const Frame &frame, std::span<const Entry> arguments);
  TypeId poison() { return reading.module.pool.scalar(TypeKind::None); }

  Reading &reading;
  std::vector<Frame> frames;
  std::vector<Entry> finished;
  std::vector<TypeId> taken;
};

/// The kind of that name; none if there is none.
std::optional<TypeKind> findTypeKind(std::string_view name);

} // namespace xcs
