#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace xcs {

/// A part of a template of `str.format`: a literal text, or the hole of an operand.
struct TemplatePart {
  static constexpr size_t literal = SIZE_MAX;
  size_t operand = literal;
  std::string_view text; // into the template
};

/// Why a text is no template: what is wrong, and at which byte.
struct TemplateError {
  size_t byte = 0;
  std::string what;
};

/// Splits a template: `{0}`, `{1}`, ... are holes, `{{` and `}}` braces, everything else literal text. False
/// when it has another brace or a hole beyond `operandCount`. The verifier asks, so that a wrong template
/// does not compile, and `str.format` does, as a plan may come from anywhere.
bool splitTemplate(std::string_view text, size_t operandCount, std::vector<TemplatePart> &parts,
                   TemplateError &error);

} // namespace xcs
