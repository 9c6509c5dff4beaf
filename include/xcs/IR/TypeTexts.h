#pragma once
#include "xcs/IR/Module.h"
#include "xcs/Support/Diagnostics.h"
#include <string>

namespace xcs {

/// Types in messages, by the names that a program has declared. The first message with a name is followed by
/// a note with its meaning. Thread safety: one thread.
class TypeTexts {
public:
  explicit TypeTexts(const Module &module);

  /// A type for the next message.
  std::string of(TypeId type);
  const DeclaredNames &names() const { return declared; }
  /// The message was reported: notes for the names in it that were not explained before.
  void explain(DiagnosticEngine &diagnostics);
  /// The message is not reported after all.
  void forget() { mentioned.clear(); }

private:
  const Module &module;
  const DeclaredNames declared;
  std::vector<TypeId> mentioned; // in texts since the last message
  std::vector<bool> explained;   // by TypeId
};

} // namespace xcs
