#include "Ops/Csv.h"
#include "Ops/Text.h"
#include <algorithm>

using namespace xcs;

std::string_view CsvField::text(std::string &scratch) const {
  if (!hasQuotes)
    return raw;
  scratch.clear();
  for (size_t i = 0; i < raw.size(); ++i) {
    scratch += raw[i];
    i += raw[i] == '"'; // its twin
  }
  return scratch;
}

CsvReader::CsvReader(std::string_view text, char separator, const Limits &limits)
    : text(text), limits(limits), separator(separator) {
  for (char c : {separator, '"', '\r', '\n'})
    endsPlain[static_cast<unsigned char>(c)] = true;
  if (text.starts_with(byteOrderMark))
    at = byteOrderMark.size();
}

bool CsvReader::fail(size_t line, std::string_view what) {
  problem = "line " + std::to_string(line) + ": " + std::string(what);
  return false;
}

bool CsvReader::eatLineEnd() {
  const std::string_view rest = text.substr(at, 2);
  if (!rest.starts_with('\n') && rest != "\r\n")
    return false;
  at += rest.front() == '\n' ? 1 : 2;
  ++lineNumber;
  return true;
}

bool CsvReader::next(std::vector<CsvField> &fields) {
  fields.clear();
  rowLine = lineNumber;
  if (at == text.size() || limits.isStopped())
    return false;
  if (eatLineEnd())
    return true;
  while (readField(fields.emplace_back())) {
    if (at == text.size() || eatLineEnd())
      return true;
    if (text[at] != separator)
      return fail(lineNumber, "text after a closing quote; a quote within a field is written twice");
    ++at;
  }
  return false;
}

bool CsvReader::readField(CsvField &field) {
  field.line = lineNumber;
  if (at < text.size() && text[at] == '"')
    return readQuoted(field);
  const size_t start = at;
  while (at < text.size() && !endsPlain[static_cast<unsigned char>(text[at])])
    ++at;
  field.raw = text.substr(start, at - start);
  if (at < text.size() && text[at] == '"')
    return fail(lineNumber,
                "a quote within a field without quotes; put the field in quotes and write this one twice");
  if (at < text.size() && text[at] == '\r' && text.substr(at, 2) != "\r\n")
    return fail(lineNumber, "a carriage return that no line feed follows; lines end with CRLF or LF");
  return true;
}

bool CsvReader::readQuoted(CsvField &field) {
  field.isQuoted = true;
  const size_t start = ++at;
  for (;; at += 2, field.hasQuotes = true) {
    at = std::min(text.find('"', at), text.size());
    if (at == text.size())
      return fail(field.line, "a quote is not closed");
    if (text.substr(at, 2) != "\"\"")
      break;
  }
  field.raw = text.substr(start, at - start);
  lineNumber += static_cast<size_t>(std::count(field.raw.begin(), field.raw.end(), '\n'));
  ++at;
  return true;
}

void xcs::appendCsvField(std::string &out, std::string_view field, char separator, bool keepsEmpty) {
  const char special[] = {separator, '"', '\r', '\n'};
  const bool needsQuotes = field.find_first_of(std::string_view(special, std::size(special))) != field.npos ||
                           field.starts_with(byteOrderMark) || (keepsEmpty && field.empty());
  if (!needsQuotes) {
    out += field;
    return;
  }
  out += '"';
  for (char c : field)
    out.append(c == '"' ? 2 : 1, c);
  out += '"';
}
