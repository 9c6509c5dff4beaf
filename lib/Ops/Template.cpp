#include "xcs/Ops/Template.h"
#include <algorithm>
#include <charconv>

using namespace xcs;

namespace {

bool wrong(TemplateError &error, size_t byte, std::string what) {
  error = {byte, std::move(what)};
  return false;
}

} // namespace

// One pass: the parts are views of the template, and inserted values are never scanned here. So a value that
// contains `{0}` is inserted unchanged.
bool xcs::splitTemplate(std::string_view text, size_t operandCount, std::vector<TemplatePart> &parts,
                        TemplateError &error) {
  size_t at = 0;
  while (at < text.size()) {
    size_t brace = at;
    while (brace < text.size() && text[brace] != '{' && text[brace] != '}')
      ++brace;
    if (brace > at)
      parts.push_back({TemplatePart::literal, text.substr(at, brace - at)});
    if (brace == text.size())
      break;
    if (brace + 1 < text.size() &&
        text[brace + 1] == text[brace]) { // a doubled brace: the second one is text
      parts.push_back({TemplatePart::literal, text.substr(brace + 1, 1)});
      at = brace + 2;
      continue;
    }
    if (text[brace] == '}')
      return wrong(error, brace, "`}` closes nothing; write `}}` for a brace");
    size_t operand = 0;
    const char *end = text.data() + text.size();
    auto [stop, failed] = std::from_chars(text.data() + brace + 1, end, operand);
    if (failed != std::errc() || stop == end || *stop != '}')
      return wrong(error, brace, "`{` does not start a placeholder like `{0}`; write `{{` for a brace");
    at = static_cast<size_t>(stop - text.data()) + 1;
    if (operand >= operandCount)
      return wrong(error, brace,
                   "there is no operand for `" + std::string(text.substr(brace, at - brace)) + "`");
    parts.push_back({operand, text.substr(brace, at - brace)});
  }
  return true;
}

bool xcs::splitNamedTemplate(std::string_view text, std::vector<NamedPart> &parts, TemplateError &error) {
  size_t at = 0;
  while (at < text.size()) {
    const size_t brace = std::min(text.find_first_of("{}", at), text.size());
    if (brace > at)
      parts.push_back({false, text.substr(at, brace - at)});
    if (brace == text.size())
      break;
    if (brace + 1 < text.size() && text[brace + 1] == text[brace]) {
      parts.push_back({false, text.substr(brace + 1, 1)});
      at = brace + 2;
      continue;
    }
    if (text[brace] == '}')
      return wrong(error, brace, "`}` closes nothing; write `}}` for a brace");
    const size_t end = text.find_first_of("{}", brace + 1);
    if (end == text.npos || text[end] == '{' || end == brace + 1)
      return wrong(error, brace, "`{` does not start a placeholder like `{name}`; write `{{` for a brace");
    parts.push_back({true, text.substr(brace + 1, end - brace - 1)});
    at = end + 1;
  }
  return true;
}
