// The table of the operations a plan uses: what another build makes of it.
#include "Plan/PlanFormat.h"
#include "Plan/SamplePlan.h"
#include "llvm/Support/raw_ostream.h"
#include <functional>
#include <gtest/gtest.h>

using namespace xcs;
using namespace xcs::planformat;

namespace {

/// A good plan whose rows and operations can be changed before it is read.
struct EditedPlan {
  std::string file = SamplePlan().bytes();
  std::vector<uint64_t> aligned; // as a reader has it
  PlanView plan;
  Decoded beside;

  EditedPlan() : aligned((file.size() + 7) / 8) {
    std::memcpy(aligned.data(), file.data(), file.size());
    std::string_view bytes(reinterpret_cast<const char *>(aligned.data()), file.size());
    EXPECT_TRUE(decode(bytes.substr(sizeof(Header)), plan, beside));
  }
  std::span<PlanRow> rows() { return writable(beside.rows); }
  std::span<PlanOp> ops() { return writable(plan.ops); }
  std::span<PlanResource> resources() { return writable(plan.resources); }
  std::span<char> names() { return {const_cast<char *>(beside.rowNames.data()), beside.rowNames.size()}; }
  std::vector<std::string> namesOfRows() {
    std::vector<std::string> all;
    size_t at = 0;
    for (const PlanRow &row : beside.rows) {
      all.emplace_back(beside.rowNames.substr(at, row.nameSize));
      at += row.nameSize;
    }
    return all;
  }
  std::string bytes() {
    std::memcpy(file.data(), aligned.data(), file.size());
    seal(file);
    return file;
  }
  /// What is said about it; empty when it is read.
  std::string error() {
    std::string messages;
    llvm::raw_string_ostream stream(messages);
    DiagnosticEngine diagnostics(&stream);
    (void)PlanFile::fromBytes(bytes(), "test.xplan", diagnostics, {});
    return messages;
  }
};

std::string dumpOf(const std::string &bytes) {
  DiagnosticEngine diagnostics;
  Result<std::unique_ptr<PlanFile>> file = PlanFile::fromBytes(bytes, "plan", diagnostics, {});
  std::string text;
  llvm::raw_string_ostream out(text);
  if (file)
    dumpPlan((*file)->view(), out);
  // The first line has the digest of the bytes.
  return file ? text.substr(text.find('\n')) : diagnostics.all()[0].message;
}

TEST(PlanRowsTest, NamesWhatIsUsedAndNothingElse) {
  EditedPlan plan;
  EXPECT_EQ(plan.namesOfRows(),
            (std::vector<std::string>{"call", "map", "i64.add", "model.chat", "str.concat", "model"}));
  for (size_t i = 0; i + 1 != plan.beside.rows.size(); ++i)
    EXPECT_EQ(plan.beside.rows[i].table, PlanRow::Table::Operations);
  EXPECT_EQ(plan.beside.rows.back().table, PlanRow::Table::Resources);
}

/// As a build writes it that has more operations and kinds of resources in front of each.
TEST(PlanRowsTest, APlanOfATableWithMoreRowsIsRead) {
  EditedPlan plan;
  const std::string before = dumpOf(plan.bytes());
  for (PlanRow &row : plan.rows())
    row.code =
        static_cast<uint16_t>(row.table == PlanRow::Table::Operations ? row.code * 3 + 900 : row.code + 7);
  for (PlanOp &op : plan.ops())
    op.code = static_cast<OpCode>(static_cast<uint16_t>(op.code) * 3 + 900);
  for (PlanResource &resource : plan.resources())
    resource.kind = static_cast<ResourceKind>(static_cast<uint8_t>(resource.kind) + 7);
  EXPECT_EQ(plan.error(), "");
  EXPECT_EQ(dumpOf(plan.bytes()), before);
}

/// As a build writes it whose rows stand in the opposite order.
TEST(PlanRowsTest, APlanOfATableInAnotherOrderIsRead) {
  EditedPlan plan;
  const std::string before = dumpOf(plan.bytes());
  const std::vector<std::string> names = plan.namesOfRows();
  const std::vector<PlanRow> old(plan.rows().begin(), plan.rows().end());
  const size_t ops = old.size() - 1; // the last one is a resource's
  std::string text;
  for (size_t i = 0; i != ops; ++i) {
    plan.rows()[i] = old[ops - 1 - i];
    plan.rows()[i].code = old[i].code;
    text += names[ops - 1 - i];
  }
  std::copy(text.begin(), text.end(), plan.names().begin());
  for (PlanOp &op : plan.ops())
    for (size_t i = 0; i != ops; ++i)
      if (old[i].code == static_cast<uint16_t>(op.code)) {
        op.code = static_cast<OpCode>(old[ops - 1 - i].code);
        break;
      }
  EXPECT_EQ(plan.error(), "");
  EXPECT_EQ(dumpOf(plan.bytes()), before);
}

TEST(PlanRowsTest, AChangedRowIsRefusedByName) {
  for (size_t row = 0; row != 6; ++row)
    for (bool signature : {true, false}) {
      EditedPlan plan;
      ++(signature ? plan.rows()[row].signature : plan.rows()[row].attributes);
      const std::string kind = row == 5 ? "the resource kind `" : "the operation `";
      EXPECT_EQ(plan.error(), "test.xplan: error: `test.xplan` was compiled when " + kind +
                                  plan.namesOfRows()[row] +
                                  "` was different; compile it again with the `xcsc` of this version "
                                  "[plan-changed-row]\n");
    }
}

TEST(PlanRowsTest, AnUnknownRowIsRefusedByName) {
  EditedPlan plan;
  plan.names()[1] = 'e'; // of `call`
  EXPECT_EQ(plan.error(), "test.xplan: error: `test.xplan` uses the operation `cell`, which this `xcs-run` "
                          "does not have; use the "
                          "`xcs-run` of its `xcsc`, or compile it again [plan-unknown-row]\n");
  EditedPlan resource;
  resource.names().back() = 'm';
  EXPECT_NE(resource.error().find("the resource kind `modem`"), std::string::npos) << resource.error();
  // A terminator is an operation, but a plan has none.
  EditedPlan terminator;
  std::vector<char> yield{'y', 'i', 'e', 'l', 'd'};
  terminator.rows()[0].nameSize = 5;
  terminator.rows()[1].nameSize = 2;
  std::copy(yield.begin(), yield.end(), terminator.names().begin());
  EXPECT_NE(terminator.error(), "");
}

struct HostileRows {
  const char *name, *expected;
  std::function<void(EditedPlan &)> edit;
};
class PlanRowsHostileTest : public ::testing::TestWithParam<HostileRows> {};

TEST_P(PlanRowsHostileTest, IsRefused) {
  EditedPlan plan;
  GetParam().edit(plan);
  EXPECT_NE(plan.error().find(GetParam().expected), std::string::npos) << plan.error();
}

const HostileRows hostileRows[] = {
    {"TwoOfOneCode", "row 1 is of no table or not in its place",
     [](EditedPlan &p) { p.rows()[1].code = p.rows()[0].code; }},
    {"Descending", "row 1 is of no table or not in its place",
     [](EditedPlan &p) { std::swap(p.rows()[0].code, p.rows()[1].code); }},
    {"ResourcesFirst", "not in its place",
     [](EditedPlan &p) { p.rows()[0].table = PlanRow::Table::Resources; }},
    {"NoTable", "row 5 is of no table",
     [](EditedPlan &p) { p.rows()[5].table = static_cast<PlanRow::Table>(2); }},
    {"Reserved", "row 3 is of no table", [](EditedPlan &p) { p.rows()[3].reserved = 1; }},
    {"TwoOfOneName", "has two operation rows",
     [](EditedPlan &p) { // the names `call`, `map` and `i64.add`, as `map`, `i64` and so on would be
       p.rows()[0].nameSize = 3;
       p.rows()[1].nameSize = 3;
       p.rows()[2].nameSize = 8;
       std::string_view text = "mapmapi64.addd";
       std::copy(text.begin(), text.end(), p.names().begin());
     }},
    {"NameBeyondTheText", "row 5 has no name", [](EditedPlan &p) { p.rows()[5].nameSize = 255; }},
    {"NoName", "row 0 has no name", [](EditedPlan &p) { p.rows()[0].nameSize = 0; }},
    {"NameOfOtherCharacters", "row 0 has no name", [](EditedPlan &p) { p.names()[0] = '\x1b'; }},
    {"NamesLeft", "more names than operation rows", [](EditedPlan &p) { p.rows()[5].nameSize = 4; }},
    {"CodeOfNoRow", "operation 0 has a code that no row of the plan names",
     [](EditedPlan &p) { p.ops()[0].code = OpCode::i64_sub; }},
    {"CodeOfNoRowInFull", "operation 4 has a code that no row of the plan names",
     [](EditedPlan &p) { p.ops()[4].code = OpCode::str_join; }},
    {"UnknownCode", "operation 0 has an unknown code",
     [](EditedPlan &p) { p.ops()[0].code = static_cast<OpCode>(60'000); }},
    {"UnknownCodeOfOtherNumbering", "operation 0 has an unknown code",
     [](EditedPlan &p) {
       for (PlanRow &row : p.rows())
         if (row.table != PlanRow::Table::Resources)
           row.code = static_cast<uint16_t>(row.code + 1000);
     }},
    {"KindOfNoRow", "resource 0 is of a kind that no row of the plan names",
     [](EditedPlan &p) { p.resources()[0].kind = ResourceKind::Http; }},
};
INSTANTIATE_TEST_SUITE_P(Table, PlanRowsHostileTest, ::testing::ValuesIn(hostileRows),
                         [](const auto &info) { return std::string(info.param.name); });

} // namespace
