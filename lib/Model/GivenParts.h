#pragma once
#include "xcs/Ops/Kernel.h"
#include "xcs/Ops/ModelForm.h"
#include "llvm/Support/JSON.h"

namespace xcs {

/// The value of a field that may be an option; null if it has none. `field` SIZE_MAX: there is no such field.
const Value *presentField(const Value &record, size_t field);

/// The parts of a message's content as a program gives them, `list<record<text: .., image: .., detail: ..>>`:
/// how they are sent. Thread safety: immutable.
class GivenParts {
public:
  /// `part`: the type of one, as `isContentPart` allows.
  GivenParts(const ConstantView &view, TypeId part);

  /// What is wrong with the parts of one message; empty if nothing is. `whose`: "message 0".
  std::string wrong(const Value &parts, const std::string &whose) const;
  /// The value of the member `content`: one text alone is written as a string, which all endpoints read.
  void write(const Value &parts, llvm::json::OStream &json) const;
  /// The bytes of the images, which say little about the tokens that they take, and their number.
  uint64_t imageBytes(const Value &parts, uint64_t &images) const;

private:
  const Value *textOf(const Value &part) const;
  const Value *imageOf(const Value &part) const;
  const Value *detailOf(const Value &part) const;
  std::string wrongPart(const Value &part) const;
  void writePart(const Value &part, llvm::json::OStream &json) const;

  size_t text, image, detail; // the places of the fields; SIZE_MAX: there is none
};

} // namespace xcs
