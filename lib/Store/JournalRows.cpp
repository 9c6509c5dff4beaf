#include "Store/JournalRows.h"
#include "xcs/Ops/JsonText.h"
#include "xcs/Support/Digest.h"
#include <algorithm>
#include <charconv>

using namespace xcs;

static constexpr std::string_view headKey = "xcs journal 1";

namespace {
/// What a row says, in a form in which no two rows look alike.
class Content {
public:
  Content &number(uint64_t value) {
    bytes.append(reinterpret_cast<const char *>(&value), sizeof(value));
    return *this;
  }
  Content &text(std::string_view value) {
    number(value.size());
    bytes += value;
    return *this;
  }
  std::string bytes;
};

/// A row as the table has it.
struct StoredRow {
  int64_t number;
  uint64_t kind;
  bool isOnce;
  std::string_view key, request, op, at, body;

  /// Of the execution that it is of.
  uint64_t nameDigest() const {
    Content content;
    content.number(static_cast<uint64_t>(number))
        .number(kind)
        .number(isOnce)
        .text(key)
        .text(request)
        .text(op);
    return digestOf(content.bytes, 1);
  }
  uint64_t digest(uint64_t previous) const {
    return digestOf(at, digestOf(body, digestOf(nameDigest(), previous)));
  }
};
} // namespace

static Value member(const std::string &text) { return Value::str(text); }

JournalRow xcs::rowOfHead(const JournalHead &head) {
  Value items[] = {
      Value::str("entry"),     member(head.entry),
      Value::str("signature"), member(head.signature),
      Value::str("arguments"), member(head.arguments),
      Value::str("program"),   member(head.program),
      Value::str("seed"),      member(std::to_string(head.seed)),
  };
  JournalRow row;
  row.key = headKey;
  OpError error;
  appendJson(row.body, Value::object(items), JsonLayout::Line, {}, error);
  return row;
}

std::optional<JournalHead> xcs::headOfRow(std::string_view body) {
  Value object;
  OpError error;
  if (!parseJson(body, {}, object, error) || object.kind() != ValueKind::Object)
    return std::nullopt;
  JournalHead head;
  std::string seed;
  const std::pair<std::string_view, std::string *> members[] = {{"entry", &head.entry},
                                                                {"signature", &head.signature},
                                                                {"arguments", &head.arguments},
                                                                {"program", &head.program},
                                                                {"seed", &seed}};
  for (const auto &[key, out] : members) {
    bool isThere = false;
    for (size_t i = 0; i + 1 < object.size(); i += 2)
      if (object.items()[i].text() == key && object.items()[i + 1].kind() == ValueKind::Str) {
        *out = object.items()[i + 1].text();
        isThere = true;
      }
    if (!isThere)
      return std::nullopt;
  }
  const auto [end, problem] = std::from_chars(seed.data(), seed.data() + seed.size(), head.seed);
  if (problem != std::errc() || end != seed.data() + seed.size())
    return std::nullopt;
  return head;
}

Result<JournalInserter, DatabaseError> JournalInserter::make(Database &database) {
  auto insert = database.prepare("INSERT INTO entry VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  if (!insert)
    return insert.error();
  return JournalInserter(std::move(*insert));
}

Result<void, DatabaseError> JournalInserter::insert(const JournalRow &row) {
  const StoredRow stored{
      next, static_cast<uint64_t>(row.kind), row.isOnce, row.key, row.request, row.op, row.at, row.body};
  const uint64_t digest = stored.digest(previous);
  statement.bind(next).bind(static_cast<int64_t>(stored.kind)).bind(int64_t(row.isOnce));
  statement.bind(row.key).bind(row.request).bind(row.op).bind(row.at).bind(row.body);
  statement.bind(static_cast<int64_t>(stored.nameDigest())).bind(static_cast<int64_t>(digest));
  auto inserted = statement.run();
  if (inserted)
    continueAfter(next, digest);
  return inserted;
}

namespace {

/// Reads the rows in their order.
class TableReader {
public:
  void add(const Statement &row);
  JournalTable take() { return std::move(table); }

private:
  JournalTable table;
};

} // namespace

void TableReader::add(const Statement &row) {
  const StoredRow stored{row.integer(0),      static_cast<uint64_t>(row.integer(1)),
                         row.integer(2) != 0, row.text(3),
                         row.text(4),         row.text(5),
                         row.text(6),         row.text(7)};
  const uint64_t digest = static_cast<uint64_t>(row.integer(9));
  JournalContent &content = table.content;
  const bool isNext = stored.number == table.lastNumber + 1;
  const bool isWhole = isNext && digest == stored.digest(table.lastDigest);
  const bool isNamed = static_cast<uint64_t>(row.integer(8)) == stored.nameDigest();
  if (!isNext && stored.number > table.lastNumber)
    content.lost += static_cast<uint64_t>(stored.number - table.lastNumber - 1);
  content.mayLackWrites |= !isNext || !isNamed;
  content.damaged += !isWhole;
  ++content.rows;
  table.lastNumber = stored.number;
  table.lastDigest = digest;
  if (!isNamed)
    return;
  if (stored.number == 0 && stored.key == headKey) {
    if (isWhole)
      table.head = headOfRow(stored.body);
    return;
  }
  JournalRow known{static_cast<JournalRow::Kind>(std::min<uint64_t>(stored.kind, UINT8_MAX)),
                   stored.isOnce,
                   std::string(stored.key),
                   std::string(stored.request),
                   std::string(stored.op),
                   std::string(stored.at),
                   {}};
  table.writes += startsWrite(known);
  addRow(content, stored.number, known, isWhole);
}

void xcs::addRow(JournalContent &content, int64_t number, const JournalRow &row, bool isWhole) {
  using Kind = JournalRow::Kind;
  if (row.kind < Kind::Begun || row.kind > Kind::Chosen)
    return;
  content.hasEnded = row.kind == Kind::Ended;
  if (row.kind == Kind::Begun || row.kind == Kind::Ended)
    return;
  content.hasChoices |= row.kind == Kind::Chosen;
  JournalEntry &entry = content.entries[row.key];
  // What has an answer keeps it, unless a later row has another, or says that a race has done without it.
  const bool hasAnswer = entry.row && (entry.kind == Kind::Done || entry.kind == Kind::Caught);
  const bool isAnswer = row.kind == Kind::Done || row.kind == Kind::Caught;
  if (hasAnswer && !entry.isDamaged && !isAnswer && row.kind != Kind::Lost)
    return;
  entry.kind = row.kind;
  entry.isOnce = row.isOnce;
  entry.isDamaged = !isWhole;
  entry.row = number;
  entry.key = row.key;
  entry.op = row.op;
  entry.at = row.at;
  entry.request = row.request;
}

Result<JournalTable, DatabaseError> xcs::readJournalTable(Database &database) {
  auto select = database.prepare(
      "SELECT number, kind, once, key, request, op, at, body, name, digest FROM entry ORDER BY number");
  if (!select)
    return select.error();
  TableReader reader;
  for (;;) {
    auto row = select->step();
    if (!row)
      return row.error();
    if (!*row)
      return reader.take();
    reader.add(*select);
  }
}
