#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace xcs {

/// A part of a template of `str.format`: literal text, or the placeholder of an operand.
struct TemplatePart {
  static constexpr size_t literal = SIZE_MAX;
  size_t operand = literal;
  std::string_view text; // into the template
};

/// Why a text is not a template, and at which byte.
struct TemplateError {
  size_t byte = 0;
  std::string what;
};

/// Splits a template: `{0}`, `{1}`, ... are placeholders, `{{` and `}}` braces, everything else literal text.
/// False if it has another brace or a placeholder beyond `operandCount`. Used by the verifier, so that a
/// wrong template does not compile, and by `str.format`, since plans come from anywhere.
bool splitTemplate(std::string_view text, size_t operandCount, std::vector<TemplatePart> &parts,
                   TemplateError &error);

/// A part of a template of `str.fill`: literal text, or the name in a placeholder.
struct NamedPart {
  bool isName = false;
  std::string_view text; // into the template
};

/// The same for `str.fill`, whose placeholders are names: `{name}`, of anything but braces.
bool splitNamedTemplate(std::string_view text, std::vector<NamedPart> &parts, TemplateError &error);

} // namespace xcs
