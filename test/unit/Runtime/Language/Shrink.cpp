#include "Runtime/Language/ProgramCheck.h"
#include <functional>
#include <sstream>

using namespace xcs;

// Programs as ProgramWriter writes them: a line an operation, regions indented.

using Lines = std::vector<std::string>;

static Lines linesOf(const std::string &text) {
  Lines lines;
  std::string line;
  for (std::istringstream stream(text); std::getline(stream, line);)
    lines.push_back(line);
  return lines;
}

static std::string textOf(const Lines &lines) {
  std::string text;
  for (const std::string &line : lines)
    text += line + "\n";
  return text;
}

static size_t indentOf(const std::string &line) { return line.find_first_not_of(' '); }

/// One behind the last line of the operation or function that begins at `first`.
static size_t endOf(const Lines &lines, size_t first) {
  size_t end = first + 1;
  if (!lines[first].ends_with("{"))
    return end;
  while (end != lines.size() &&
         (indentOf(lines[end]) != indentOf(lines[first]) || !lines[end].ends_with("}")))
    ++end;
  return std::min(end + 1, lines.size());
}

/// The parts between commas that stand in no brackets.
static Lines partsOf(const std::string &text) {
  Lines parts(1);
  int open = 0;
  for (char c : text) {
    open += (c == '<') - (c == '>');
    if (c == ',' && open == 0)
      parts.emplace_back();
    else if (c != ' ' || !parts.back().empty())
      parts.back() += c;
  }
  return parts;
}

/// The plainest value of a type, as operations that define `name`.
static void define(const std::string &name, const std::string &type, const std::string &indent, Lines &out) {
  static constexpr const char *scalars[][2] = {{"bool", " = false"}, {"i64", " = 0"},  {"f64", " = 0.0"},
                                               {"str", " = \"\""},   {"json", " = 0"}, {"duration", " = 0ns"},
                                               {"none", ""}};
  for (auto [scalar, literal] : scalars)
    if (type == scalar)
      out.push_back(indent + name + " = const {value" + literal + "} : " + type);
  std::string inner = type.substr(0, type.size() - 1), made;
  inner = inner.substr(std::min(inner.size(), inner.find('<') + 1));
  if (type == "bytes") {
    define(name + "_s", "str", indent, out);
    made = "bytes.from_str(" + name + "_s)";
  } else if (type.starts_with("list<")) {
    made = "list.pack";
  } else if (type.starts_with("option<")) {
    made = "option.none";
  } else if (type.starts_with("result<")) {
    define(name + "_v", inner, indent, out);
    made = "result.ok(" + name + "_v)";
  } else if (type.starts_with("record<")) {
    size_t count = 0;
    for (const std::string &field : partsOf(inner)) {
      std::string part = name + "_" + std::to_string(count++);
      define(part, field.substr(field.find(": ") + 2), indent, out);
      made += (made.empty() ? "record.make(" : ", ") + part;
    }
    made += ")";
  }
  if (!made.empty())
    out.push_back(indent + name + " = " + made + " : " + type);
}

/// Plain values in place of the operation that begins with `line`; nothing where it has no results or is one.
static Lines plain(const std::string &line) {
  size_t equals = line.find(" = "), colon = line.rfind(" : ");
  if (line.find('%') != indentOf(line) || equals == line.npos || colon == line.npos || colon < equals)
    return {};
  for (const char *form :
       {"const", "list.pack :", "option.none :", "result.ok", "bytes.from_str", "record.make"})
    if (line.substr(equals + 3).starts_with(form))
      return {};
  std::string types = line.substr(colon + 3);
  if (types.ends_with(" {"))
    types.resize(types.size() - 2);
  Lines names = partsOf(line.substr(indentOf(line), equals - indentOf(line))), kinds = partsOf(types), out;
  for (size_t i = 0; i != names.size() && i != kinds.size(); ++i)
    define(names[i], kinds[i], std::string(indentOf(line), ' '), out);
  return out;
}

std::string xcs::shrink(const std::string &text, const std::function<bool(const std::string &)> &fails,
                        size_t most) {
  Lines lines = linesOf(text);
  auto holds = [&](size_t first, size_t end, const Lines &instead) {
    Lines shorter(lines.begin(), lines.begin() + static_cast<ptrdiff_t>(first));
    shorter.insert(shorter.end(), instead.begin(), instead.end());
    shorter.insert(shorter.end(), lines.begin() + static_cast<ptrdiff_t>(end), lines.end());
    if (most == 0 || !fails(textOf(shorter)))
      return most != 0 && (--most, false);
    --most;
    lines = std::move(shorter);
    return true;
  };
  for (bool changed = true; changed && most;) {
    changed = false;
    // From the end, so that what uses a value goes before what makes it; great pieces first.
    for (size_t depth = 0; depth != 12; depth += 2)
      for (size_t first = lines.size(); first-- && most;) {
        if (first >= lines.size() || indentOf(lines[first]) != depth || lines[first].find('}') == depth)
          continue;
        size_t end = endOf(lines, first);
        Lines instead = plain(lines[first]);
        changed |= holds(first, end, {}) || (!instead.empty() && holds(first, end, instead));
      }
  }
  return textOf(lines);
}
