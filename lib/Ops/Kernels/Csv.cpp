#include "Ops/Csv.h"
#include "Ops/KernelSupport.h"
#include "Ops/KeyFinder.h"
#include "Ops/ScalarText.h"
#include "Ops/Text.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Support/Counted.h"
#include <algorithm>

// A field that is empty without quotes is none for an option; with quotes it is the empty text. So what is
// printed is read back as it was.
namespace xcs::kernels {

namespace {

/// Of a table whose columns have names: a field of the record.
struct Column {
  std::string_view name;
  TypeId type;
  TypeKind content; // of the option, if it is one
  bool isOption;
  size_t at = KeyFinder::absent; // among the fields of a row of the text
};

std::vector<Column> columnsOf(const ConstantView &view, TypeId record) {
  std::vector<Column> columns;
  for (const TypeField &field : view.fields(record)) {
    const bool isOption = view.kind(field.type) == TypeKind::Option;
    const TypeKind content = view.kind(isOption ? view.element(field.type) : field.type);
    columns.push_back({view.text(field.name), field.type, content, isOption});
  }
  return columns;
}

char separatorOf(const KernelCall &call) {
  constexpr size_t row = attrRow<OpCode::csv_parse>("separator");
  static_assert(row == attrRow<OpCode::csv_print>("separator"));
  return call.hasAttr(row) && call.textAttr(row).size() == 1 ? call.textAttr(row).front() : ',';
}

/// Reads rows and keeps account of their sizes.
class TableReader {
public:
  explicit TableReader(KernelCall &call)
      : call(call), reader(call.operand(0).text(), separatorOf(call), call.limits) {}

  bool readLists() {
    while (reader.next(fields)) {
      std::vector<Value> texts;
      if (!mayMakeRow())
        return false;
      for (const CsvField &field : fields)
        texts.push_back(Value::str(field.text(scratch)));
      if (!add(Value::list(texts)))
        return false;
    }
    return finish();
  }

  bool readRecords(std::vector<Column> wanted) {
    columns = std::move(wanted);
    if (!readHeader())
      return false;
    const size_t width = fields.size();
    while (reader.next(fields)) {
      if (fields.empty() && width > 1)
        continue;
      if (fields.empty()) // the one column of this row is empty
        fields.push_back({{}, reader.line()});
      if (fields.size() != width)
        return ragged(width);
      if (!mayMakeRow() || !readRecord())
        return false;
    }
    return finish();
  }

private:
  bool mismatch(size_t line, const std::string &what) {
    return call.fail(Diag::CsvMismatch, {"line " + std::to_string(line) + what});
  }

  bool ragged(size_t width) {
    return call.fail(Diag::CsvSyntax,
                     {"line " + std::to_string(reader.line()) + ": " + counted(fields.size(), "field") +
                      ", but the first line has " + std::to_string(width)});
  }

  bool readHeader() {
    if (!reader.next(fields) && !reader.wrong().empty())
      return call.fail(Diag::CsvSyntax, {reader.wrong()});
    if (isStopped(call))
      return false;
    std::vector<std::string> names;
    for (const CsvField &field : fields)
      names.emplace_back(field.text(scratch));
    KeyFinder finder(columns.size(), [&](size_t i) { return columns[i].name; });
    for (size_t i = 0; i < names.size(); ++i) {
      const size_t column = finder.find(names[i]);
      if (column == KeyFinder::absent) // the record need not have all
        continue;
      if (columns[column].at != KeyFinder::absent)
        return mismatch(1, ": the column `" + excerpt(names[i]) + "` occurs twice");
      columns[column].at = i;
    }
    for (const Column &column : columns)
      if (column.at == KeyFinder::absent && !column.isOption)
        return missing(column, names);
    return true;
  }

  bool missing(const Column &column, std::span<const std::string> names) {
    std::string found;
    for (const std::string &name : names.first(std::min<size_t>(names.size(), 10)))
      found += (found.empty() ? "`" : ", `") + excerpt(name) + "`";
    const std::string known = names.empty()       ? "; the first line of the text names the columns"
                              : names.size() > 10 ? "; the first columns are " + found
                                                  : "; the columns are " + found;
    return mismatch(1, ": the column `" + std::string(column.name) + "` is missing" + known);
  }

  bool readRecord() {
    std::vector<Value> parts;
    parts.reserve(columns.size());
    for (const Column &column : columns)
      if (!readCell(column, parts.emplace_back()))
        return false;
    return add(Value::record(parts));
  }

  bool readCell(const Column &column, Value &out) {
    static constexpr CsvField nothing;
    const CsvField &field = column.at == KeyFinder::absent ? nothing : fields[column.at];
    const bool isEmpty = field.raw.empty() && (!field.isQuoted || column.content != TypeKind::Str);
    if (column.isOption && isEmpty) {
      out = Value::optionNone();
      return true;
    }
    const std::string_view text = field.text(scratch);
    std::optional<Value> made = scalarOfText(text, column.content);
    if (!made)
      return unreadable(column, field, text);
    out = column.isOption ? Value::some(std::move(*made)) : std::move(*made);
    return true;
  }

  bool unreadable(const Column &column, const CsvField &field, std::string_view text) {
    const std::string type = printType(call.constants, column.type);
    const std::string found =
        text.empty() ? "an empty field; `option<" + type + ">` takes one as none" : "`" + excerpt(text) + "`";
    return mismatch(field.line,
                    ", column `" + std::string(column.name) + "`: expected `" + type + "`, found " + found);
  }

  /// Whether there is room for a row with these fields, at most.
  bool mayMakeRow() {
    uint64_t most = Value::sequenceBytes(columns.size() * Value::sequenceBytes(0));
    for (const CsvField &field : fields)
      most += Value::sequenceBytes(Value::textBytes(field.raw.size()));
    return !isStopped(call) && mayAllocate(call, most);
  }

  bool add(Value row) {
    bytes += row.byteSize();
    rows.push_back(std::move(row));
    const uint64_t whole = Value::sequenceBytes(bytes);
    return whole <= std::min<uint64_t>(call.limits[Limit::ValueBytes], UINT32_MAX) ||
           exceeds(call, Limit::ValueBytes, whole <= UINT32_MAX ? whole : 0);
  }

  bool finish() {
    if (isStopped(call))
      return false;
    return reader.wrong().empty() ? returnList(call, rows) : call.fail(Diag::CsvSyntax, {reader.wrong()});
  }

  KernelCall &call;
  CsvReader reader;
  std::vector<CsvField> fields;
  std::vector<Column> columns;
  std::vector<Value> rows;
  uint64_t bytes = 0;
  std::string scratch;
};

/// Writes rows and keeps account of the size.
class TableWriter {
public:
  explicit TableWriter(KernelCall &call) : call(call), separator(separatorOf(call)) {}

  bool writeLists() {
    for (const Value &row : call.operand(0).items()) {
      if (isStopped(call))
        return false;
      for (size_t i = 0; i < row.size(); ++i)
        if (!append(i, row.items()[i].text(), row.size() == 1))
          return false;
      if (!endLine())
        return false;
    }
    return finish();
  }

  bool writeRecords(std::span<const Column> columns) {
    for (size_t i = 0; i < columns.size(); ++i)
      if (!append(i, columns[i].name, false))
        return false;
    if (!endLine())
      return false;
    for (const Value &row : call.operand(0).items()) {
      if (isStopped(call))
        return false;
      for (size_t i = 0; i < columns.size(); ++i)
        if (!writeCell(i, columns[i], row.items()[i], columns.size() == 1))
          return false;
      if (!endLine())
        return false;
    }
    return finish();
  }

private:
  bool writeCell(size_t i, const Column &column, const Value &cell, bool isAlone) {
    if (cell.kind() == ValueKind::OptionNone)
      return append(i, {}, false);
    const Value &content = column.isOption ? cell.items()[0] : cell;
    if (content.kind() == ValueKind::Str)
      return append(i, content.text(), isAlone || column.isOption);
    return append(i, textOfScalar(content), false);
  }

  bool append(size_t i, std::string_view field, bool keepsEmpty) {
    if (!mayAllocate(call, Value::textBytes(out.size() + field.size())))
      return false;
    if (i)
      out += separator;
    appendCsvField(out, field, separator, keepsEmpty);
    return true;
  }

  bool endLine() {
    out += "\r\n";
    return mayAllocate(call, Value::textBytes(out.size()));
  }

  bool finish() { return !isStopped(call) && returnValue(call, Value::str(out)); }

  KernelCall &call;
  std::string out;
  char separator;
};

} // namespace

bool csv_parse(KernelCall &call) {
  const TypeId row = call.constants.element(call.resultType);
  TableReader reader(call);
  return call.constants.kind(row) == TypeKind::List ? reader.readLists()
                                                    : reader.readRecords(columnsOf(call.constants, row));
}

bool csv_print(KernelCall &call) {
  const TypeId row = call.constants.element(call.operandTypes[0]);
  TableWriter writer(call);
  return call.constants.kind(row) == TypeKind::List ? writer.writeLists()
                                                    : writer.writeRecords(columnsOf(call.constants, row));
}

} // namespace xcs::kernels
