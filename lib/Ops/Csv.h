#pragma once
#include "xcs/Support/Limits.h"
#include <string>
#include <string_view>
#include <vector>

// Tables as text (RFC 4180). Lines end with CRLF or LF; a byte order mark before the first line is skipped.
namespace xcs {

/// A field as the text has it, without the quotes around it.
struct CsvField {
  std::string_view raw;
  size_t line = 0; // where it begins, from 1
  bool isQuoted = false;
  bool hasQuotes = false; // each quote in it is there twice in `raw`

  /// The content; `scratch` holds it if it is not part of the text.
  std::string_view text(std::string &scratch) const;
};

/// Reads a table row by row. The text must outlive it and the fields it gives.
class CsvReader {
public:
  /// `separator`: an ASCII character, neither a quote nor a part of a line end.
  CsvReader(std::string_view text, char separator, const Limits &limits);

  /// Reads the fields of the next row: none of an empty line. False at the end of the text, when the run was
  /// stopped, and with `wrong` set at an error.
  bool next(std::vector<CsvField> &fields);
  /// The line on which the row read last begins, from 1.
  size_t line() const { return rowLine; }
  /// What is wrong and on which line; empty if nothing is.
  const std::string &wrong() const { return problem; }

private:
  bool fail(size_t line, std::string_view what);
  bool eatLineEnd();
  bool readField(CsvField &field);
  bool readQuoted(CsvField &field);

  std::string_view text;
  const Limits &limits;
  char separator;
  bool endsPlain[256] = {}; // by character: whether a field without quotes ends there
  size_t at = 0, lineNumber = 1, rowLine = 1;
  std::string problem;
};

/// Appends a field, in quotes if it would not be read back as it is. `keepsEmpty`: so is an empty one.
void appendCsvField(std::string &out, std::string_view field, char separator, bool keepsEmpty);

} // namespace xcs
