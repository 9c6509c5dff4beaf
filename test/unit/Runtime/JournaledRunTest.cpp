// Runs that were killed and go on (lib/World/JournaledWorld.cpp): for each number of rows that a journal may
// have been left with.
#include "Runtime/Stage.h"
#include "Store/JournalRows.h"
#include "Transforms/RandomProgram.h"
#include "xcs/Ops/CanonicalBytes.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Ops/OpEffects.h"
#include "xcs/Support/Digest.h"
#include "xcs/World/Journals.h"
#include <map>

using namespace xcs;

namespace {

/// A journal in memory.
class MemoryJournal final : public Journal {
public:
  explicit MemoryJournal(std::vector<JournalRow> given = {}) : rows(std::move(given)) {
    for (size_t i = 0; i < rows.size(); ++i)
      addRow(known, static_cast<int64_t>(i) + 1, rows[i], true);
    known.rows = rows.size();
  }
  const JournalHead &head() const override { return none; }
  const JournalContent &content() const override { return known; }
  std::optional<std::string> body(int64_t row) override {
    MutexLock lock(mutex);
    return rows[static_cast<size_t>(row) - 1].body;
  }
  void append(JournalRow row, Kept kept) override {
    {
      MutexLock lock(mutex);
      rows.push_back(std::move(row));
    }
    if (kept)
      kept(std::nullopt);
  }
  std::optional<JournalError> flush() override { return std::nullopt; }

  JournalContent known;
  std::vector<JournalRow> rows; // of all processes; not to be read during a run

private:
  const JournalHead none;
  Mutex mutex;
};

/// What was carried out, by operation and operands.
using Calls = std::map<uint64_t, unsigned>;

uint64_t callOf(const WorldRequest &request) {
  struct Digest : CanonicalBytes {
    uint64_t digest = 0;
    void put(std::string_view bytes) override { digest = digestOf(bytes, digest); }
  } digest;
  digest.number(request.op);
  for (const Value &operand : request.operands)
    digest.value(operand);
  return digest.digest;
}

/// A program with an outside whose answers depend on what is asked alone.
struct Journaled : Stage {
  explicit Journaled(const std::string &text, unsigned level = 0) : Stage(text, level) {
    EXPECT_TRUE(file) << messages;
  }
  const PlanView &plan() const { return file->view(); }

  FakeWorld::Answer answer(const WorldRequest &request) {
    const uint64_t call = callOf(request);
    FakeWorld::Answer out;
    out.duration = static_cast<int64_t>(1 + call % 97) * ms;
    const PlanOp &op = plan().ops[request.op];
    if (op.code == OpCode::log_print) // lines are printed again
      return out;
    ++calls[call];
    if (plan().constants.kind(resultKind(request)) == TypeKind::None)
      return out;
    if (call % 31 == 4) {
      out.error = OpError{Diag::HttpBroken, "broken " + std::to_string(call), 2};
      return out;
    }
    out.value = Value::str("answer " + std::to_string(call % 1000));
    if (op.code == OpCode::http_request) {
      Value fields[] = {Value::i64(200), Value::list({}), out.value};
      out.value = Value::record(fields);
    }
    return out;
  }
  TypeId resultKind(const WorldRequest &request) const {
    return plan().slots[plan().regions[request.region].firstSlot + plan().ops[request.op].resultSlot].type;
  }

  RunReport run(const std::shared_ptr<MemoryJournal> &journal, DoubtRules::Rule rule, unsigned jobs,
                bool isSameRun = true) {
    calls.clear();
    counts = std::make_shared<JournalCounts>();
    RunOptions how;
    how.jobs = jobs;
    JournalUse use;
    use.rules.all = rule;
    use.isSameRun = isSameRun;
    FakeWorld *inner = nullptr;
    Executor executor(
        plan(), how,
        journaledWorld(plan(), {},
                       FakeWorld::factory(
                           plan(), [this](const WorldRequest &request) { return answer(request); }, inner),
                       journal, use, counts));
    Value numbers[] = {Value::i64(3), Value::i64(1), Value::i64(7)};
    std::vector<Value> arguments = {Value::i64(2), Value::str("text"), Value::list(numbers)};
    arguments.resize(std::min<size_t>(arguments.size(), plan().functions[0].parameterCount));
    return executor.run(0, std::move(arguments));
  }

  Calls calls;
  std::shared_ptr<JournalCounts> counts;
};

bool isEqual(const RunReport &a, const RunReport &b) {
  if (a.ok != b.ok || a.results.size() != b.results.size())
    return false;
  for (size_t i = 0; i < a.results.size(); ++i)
    if (!equalValues(a.results[i], b.results[i]))
      return false;
  return a.ok || (a.failure.id == b.failure.id && a.failure.message == b.failure.message);
}

/// The executions that a journal says are done, and those that had started as writes and are not.
void examine(const JournalContent &content, unsigned &done, unsigned &doubts) {
  done = doubts = 0;
  for (const auto &[key, entry] : content.entries) {
    done += entry.kind == JournalRow::Kind::Done || entry.kind == JournalRow::Kind::Caught;
    doubts += entry.isInDoubt();
  }
}

unsigned sum(const Calls &calls) {
  unsigned out = 0;
  for (const auto &[call, count] : calls)
    out += count;
  return out;
}

std::string rowsText(const MemoryJournal &journal) {
  std::string out;
  for (const JournalRow &row : journal.rows)
    out += "\n" + std::to_string(static_cast<int>(row.kind)) + " " + row.at + " " + row.body;
  return out;
}

/// Kills it after each row, and goes on. Returns how many processes went on.
unsigned killAtEachRow(Journaled &program, bool hasRaces, uint64_t seed) {
  auto whole = std::make_shared<MemoryJournal>();
  const RunReport undisturbed = program.run(whole, DoubtRules::Rule::Stop, 1 + seed % 2);
  const Calls before = program.calls;
  unsigned resumed = 0;
  for (size_t kept = 0; kept <= whole->rows.size(); ++kept) {
    auto journal = std::make_shared<MemoryJournal>(
        std::vector<JournalRow>(whole->rows.begin(), whole->rows.begin() + static_cast<ptrdiff_t>(kept)));
    unsigned done, doubts;
    examine(journal->known, done, doubts);
    const RunReport report = program.run(journal, DoubtRules::Rule::Retry, 1 + (seed + kept) % 3);
    ++resumed;
    if (!hasRaces) {
      EXPECT_TRUE(isEqual(report, undisturbed)) << kept << " rows: " << report.failure.message;
      for (const auto &[call, count] : program.calls) {
        const auto known = before.find(call);
        EXPECT_TRUE(known != before.end() && count <= known->second) << kept << " rows";
      }
      EXPECT_LE(sum(program.calls) + done, sum(before)) << kept << " rows";
    }
    // Once more, with all that is there now: nothing that has an answer is carried out.
    auto again = std::make_shared<MemoryJournal>(journal->rows);
    const RunReport second = program.run(again, DoubtRules::Rule::Stop, 1);
    EXPECT_TRUE(isEqual(second, report)) << kept << " rows: " << second.failure.message;
    if (report.ok) {
      EXPECT_EQ(sum(program.calls), 0u) << kept << " rows" << rowsText(*again);
    }
    // Without a rule, what is in doubt is not carried out.
    if (doubts) {
      auto strict = std::make_shared<MemoryJournal>(
          std::vector<JournalRow>(whole->rows.begin(), whole->rows.begin() + static_cast<ptrdiff_t>(kept)));
      program.run(strict, DoubtRules::Rule::Stop, 1);
      for (size_t i = kept; i < strict->rows.size(); ++i)
        if (const auto known = journal->known.entries.find(strict->rows[i].key);
            known != journal->known.entries.end()) {
          EXPECT_FALSE(known->second.isInDoubt() && startsWrite(strict->rows[i])) << kept << " rows";
        }
    }
    if (::testing::Test::HasFailure())
      return resumed;
  }
  return resumed;
}

} // namespace

TEST(JournaledRunTest, WhateverRowsAreLeftNothingIsDoneTwice) {
  unsigned resumed = 0;
  for (uint64_t seed = 0; seed != 600; ++seed) {
    const bool hasRaces = seed % 3 == 0;
    RandomProgram random(seed, 10 + seed % 50);
    const std::string text = hasRaces ? random.text() : random.withoutRaces().text();
    Journaled program(text, seed % 2 ? 2 : 0);
    resumed += killAtEachRow(program, hasRaces, seed);
    if (::testing::Test::HasFailure())
      FAIL() << "seed " << seed << "\n" << text;
  }
  EXPECT_GT(resumed, 1200u);
}

/// A pure operation above is written in another way: names change, what is asked does not.
TEST(JournaledRunTest, ARenamedDrawTakesItsAnswer) {
  const std::string head = "model @gpt { url = \"http://127.0.0.1:1/v1\", model = \"m\" }\n"
                           "func @main(%i: i64, %s: str, %l: list<i64>) -> list<str> {\n"
                           "  %r = map(%l) : list<str> {\n  ^(%x: i64)\n";
  const std::string tail = "    %a = model.chat @gpt(%p) {temperature = 0.5} : str\n"
                           "    %b = model.chat @gpt(%p) {temperature = 0.5} : str\n"
                           "    %c = str.concat(%a, %b) : str\n    yield(%c)\n  }\n  return(%r)\n}\n";
  Journaled before(head + "    %p = str.format(%x) {template = \"about {0}\"} : str\n" + tail);
  Journaled after(head + "    %d = i64.to_str(%x) : str\n    %p = str.concat(\"about \", %d) : str\n" + tail);
  auto journal = std::make_shared<MemoryJournal>();
  const RunReport first = before.run(journal, DoubtRules::Rule::Stop, 1);
  EXPECT_EQ(sum(before.calls), 6u);
  auto resumed = std::make_shared<MemoryJournal>(journal->rows);
  EXPECT_TRUE(isEqual(after.run(resumed, DoubtRules::Rule::Stop, 1), first));
  EXPECT_EQ(sum(after.calls), 0u);
  MutexLock lock(after.counts->mutex);
  EXPECT_EQ(after.counts->renamed.size(), 6u);
}

/// Which member of a race has won is kept, although the other would be first now.
TEST(JournaledRunTest, TheWinnerOfARaceIsKept) {
  Journaled program("http @site { url = \"http://site.test\" }\n"
                    "func @main(%i: i64, %s: str, %l: list<i64>) -> list<i64> {\n"
                    "  %w = map(%l) {take = 1} : list<i64> {\n  ^(%x: i64)\n"
                    "    %t = i64.to_str(%x) : str\n"
                    "    %a = http.request @site(%t) {method = \"GET\"} : record<status: i64, headers: "
                    "list<record<name: str, value: str>>, body: str>\n"
                    "    yield(%x) after(%a)\n  }\n"
                    "  %got = list.get(%w, 0) : i64\n  %path = i64.to_str(%got) : str\n"
                    "  %p = http.request @site(%path) {method = \"POST\"} : record<status: i64, headers: "
                    "list<record<name: str, value: str>>, body: str>\n"
                    "  %z = time.sleep(1s) after(%p) : none\n"
                    "  return(%w) after(%z)\n}\n");
  auto journal = std::make_shared<MemoryJournal>();
  const RunReport first = program.run(journal, DoubtRules::Rule::Stop, 1);
  ASSERT_TRUE(first.ok) << first.failure.message;
  // The answers of all are there, in the other order, and the write that followed is done.
  std::vector<JournalRow> rows;
  for (const JournalRow &row : journal->rows)
    if (row.kind == JournalRow::Kind::Lost) {
      JournalRow done = row;
      done.kind = JournalRow::Kind::Done;
      done.body = R"({"status":200,"headers":[],"body":"late"})";
      rows.insert(rows.begin(), done);
    } else {
      rows.push_back(row);
    }
  EXPECT_GT(rows.size(), 4u);
  for (unsigned jobs : {1u, 3u}) {
    auto resumed = std::make_shared<MemoryJournal>(rows);
    EXPECT_TRUE(isEqual(program.run(resumed, DoubtRules::Rule::Stop, jobs), first));
    EXPECT_EQ(sum(program.calls), 0u);
  }
}

/// At another level the operations of the plan have other numbers: the winner is found by what has lost.
TEST(JournaledRunTest, TheWinnerOfARaceIsKeptAtEveryLevel) {
  const std::string text =
      "model @gpt { url = \"http://127.0.0.1:1/v1\", model = \"m\" }\n"
      "http @site { url = \"http://site.test\" }\n"
      "func @main(%i: i64, %s: str, %l: list<i64>) -> list<str> {\n"
      "  %w = map(%l) {take = 1} : list<str> {\n  ^(%x: i64)\n"
      "    %t = i64.to_str(%x) : str\n    %a = call @two(%t) : str\n    yield(%a)\n  }\n"
      "  %path = list.get(%w, 0) : str\n"
      "  %p = http.request @site(%path) {method = \"POST\"} : record<status: i64, headers: "
      "list<record<name: str, value: str>>, body: str>\n"
      "  return(%w) after(%p)\n}\n"
      "func @two(%t: str) -> str {\n"
      "  %a = model.chat @gpt(%t) {temperature = 0.5} : str\n  return(%a)\n}\n";
  Journaled optimised(text, 2), plain(text, 0);
  auto journal = std::make_shared<MemoryJournal>();
  const RunReport first = optimised.run(journal, DoubtRules::Rule::Stop, 1);
  ASSERT_TRUE(first.ok) << first.failure.message;
  // All have answered; what came too late comes first in the journal.
  std::vector<JournalRow> rows;
  for (const JournalRow &row : journal->rows) {
    rows.push_back(row);
    if (row.kind == JournalRow::Kind::Lost) {
      JournalRow done = row;
      done.kind = JournalRow::Kind::Done;
      done.body = "\"late\"";
      rows.insert(rows.begin(), done);
    }
  }
  EXPECT_GT(rows.size(), journal->rows.size());
  for (unsigned jobs : {1u, 3u}) {
    auto resumed = std::make_shared<MemoryJournal>(rows);
    EXPECT_TRUE(isEqual(plain.run(resumed, DoubtRules::Rule::Stop, jobs, false), first))
        << rowsText(*resumed);
    EXPECT_EQ(sum(plain.calls), 0u) << rowsText(*resumed);
  }
}
