#include "xcs/Ops/Kernel.h"
#include "xcs/Ops/OpDocs.h"
#include "llvm/Support/raw_ostream.h"
#include <gtest/gtest.h>
#include <set>

using namespace xcs;

namespace {

TEST(OpTableTest, EveryOperationIsFoundByItsName) {
  std::set<std::string_view> names;
  for (size_t i = 0; i < opCodeCount; ++i) {
    OpCode code{};
    std::string_view name = rowOf(static_cast<OpCode>(i)).name;
    EXPECT_TRUE(findOp(name, code)) << name;
    EXPECT_EQ(code, static_cast<OpCode>(i)) << name;
    EXPECT_TRUE(names.insert(name).second) << name;
  }
}

TEST(OpTableTest, UnknownNamesAreNotFound) {
  OpCode code{};
  for (std::string_view name : {"", "i64", "i64.", "i64.addd", "I64.add", "model.chat ", ".add"})
    EXPECT_FALSE(findOp(name, code)) << name;
}

TEST(OpTableTest, TheNearestNameHelpsWithSlips) {
  EXPECT_EQ(nearestOp("str.joim"), "str.join");
  EXPECT_EQ(nearestOp("list.pakc"), "list.pack");
  EXPECT_EQ(nearestOp("model.chatt"), "model.chat");
  EXPECT_EQ(nearestOp("retrun"), "return");
  EXPECT_EQ(nearestOp("str.len"), "str.length"); // the only name that begins so
  EXPECT_EQ(nearestOp("list.join"), "str.join"); // the same word in another dialect
  EXPECT_EQ(nearestOp("completely.different"), "");
  EXPECT_EQ(nearestOp(""), "");
  EXPECT_EQ(nearestOp(std::string(100'000, 'x')), "");
}

TEST(OpTableTest, PureOperationsAndOnlyTheyHaveKernels) {
  for (size_t i = 0; i < opCodeCount; ++i) {
    const OpRow &row = rowOf(static_cast<OpCode>(i));
    EXPECT_EQ(kernelOf(static_cast<OpCode>(i)) != nullptr, row.form == OpForm::Pure) << row.name;
    if (row.form == OpForm::Pure) {
      EXPECT_EQ(row.effect, Effect::Pure) << row.name;
      EXPECT_EQ(row.signature.resultCount, 1) << row.name;
    }
    EXPECT_FALSE(row.doc.empty()) << row.name;
    EXPECT_GT(row.costNanoseconds + (row.form == OpForm::Control), 0u) << row.name;
  }
}

TEST(OpTableTest, AnOperationsOwnAttributesComeFirst) {
  const AttrRow *row = findAttr(OpCode::str_join, "separator");
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row->type, AttrType::Str);
  EXPECT_FALSE(row->required);
  EXPECT_TRUE(findAttr(OpCode::str_format, "template")->required);
  EXPECT_EQ(findAttr(OpCode::str_format, "separator"), nullptr);
}

TEST(OpTableTest, EveryAttributeIsNamedByARowOrHasAScope) {
  std::set<std::string_view> names, named{"recursive"}; // of functions, which have no rows
  for (size_t i = 0; i < opCodeCount; ++i)
    for (const AttrRow &row : rowOf(static_cast<OpCode>(i)).attributes.all())
      named.insert(row.name);
  for (size_t i = 0; i < resourceKindCount; ++i)
    for (const AttrRow &row : rowOf(static_cast<ResourceKind>(i)).attributes.all())
      named.insert(row.name);
  for (size_t i = 0; i < attributeCount; ++i) {
    const AttributeRow &row = rowOf(static_cast<Attribute>(i));
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_FALSE(row.doc.empty()) << row.name;
    EXPECT_TRUE(row.scope != AttrScope::Own || named.contains(row.name)) << row.name;
  }
}

/// What is inherited can be given by a resource, and what only bounds a request is no part of it.
TEST(OpTableTest, InheritedAttributesStandInRowsOfResources) {
  for (size_t i = 0; i < attributeCount; ++i) {
    const AttributeRow &row = rowOf(static_cast<Attribute>(i));
    bool given = false;
    for (size_t kind = 0; kind < resourceKindCount; ++kind)
      for (const AttrRow &each : rowOf(static_cast<ResourceKind>(kind)).attributes.all())
        given = given || each.name == row.name;
    EXPECT_TRUE(!row.inherited || given) << row.name;
    if (row.name.ends_with("_timeout") || row.name.starts_with("max_batch") || row.name == "timeout") {
      EXPECT_TRUE(row.inherited) << row.name;
      EXPECT_EQ(row.kind, AttrClass::Bound) << row.name;
    }
  }
}

TEST(OpTableTest, RangesSayWhatIsWrong) {
  EXPECT_EQ(rangeText(rowOf(Attribute::timeout).range), "must be longer than 0s");
  EXPECT_EQ(rangeText(rowOf(Attribute::requests_per_minute).range), "must be above 0");
  EXPECT_EQ(rangeText(rowOf(Attribute::temperature).range), "must not be negative");
  EXPECT_EQ(rangeText(rowOf(Attribute::take).range), "must be at least 1");
  EXPECT_EQ(rangeText(rowOf(Attribute::cache).range), "must be `auto`, `off` or `sample`");
  EXPECT_EQ(rangeText(rowOf(Attribute::at_bound).range), "must be `fail` or `yield`");
  EXPECT_EQ(rangeText(rowOf(Attribute::method).range),
            "must be one of `GET`, `HEAD`, `PUT`, `DELETE`, `POST`, `PATCH`");
}

TEST(OpTableTest, CommonAttributesStandWhereTheyMakeSense) {
  EXPECT_EQ(findAttr(OpCode::i64_add, "keep")->type, AttrType::Flag);
  EXPECT_EQ(findAttr(OpCode::i64_add, "hint.latency")->type, AttrType::Duration);
  EXPECT_EQ(findAttr(OpCode::i64_add, "hint.speed"), nullptr);
  EXPECT_EQ(findAttr(OpCode::i64_add, "sched.priority")->type, AttrType::Any);
  EXPECT_EQ(findAttr(OpCode::core_map, "pattern.kind")->type, AttrType::Any);
  EXPECT_EQ(findAttr(OpCode::i64_add, "sched"), nullptr);
  EXPECT_EQ(findAttr(OpCode::i64_add, "sched."), nullptr);
  EXPECT_EQ(findAttr(OpCode::i64_add, "timeout"), nullptr);
  EXPECT_EQ(findAttr(OpCode::model_chat, "timeout")->type, AttrType::Duration);
  EXPECT_EQ(findAttr(OpCode::http_request, "retry")->type, AttrType::Dict);
}

TEST(OpTableTest, ResourceKindsAreFoundByName) {
  ResourceKind kind{};
  EXPECT_TRUE(findResourceKind("http", kind));
  EXPECT_EQ(kind, ResourceKind::Http);
  EXPECT_EQ(rowOf(kind).name, "http");
  EXPECT_FALSE(findResourceKind("htp", kind));
}

TEST(OpTableTest, ShapesOfControlOperations) {
  EXPECT_EQ(symbolUse(OpCode::core_call), SymbolUse::Function);
  EXPECT_EQ(symbolUse(OpCode::model_chat), SymbolUse::Model);
  EXPECT_EQ(symbolUse(OpCode::http_request), SymbolUse::Http);
  EXPECT_EQ(symbolUse(OpCode::str_join), SymbolUse::None);
  EXPECT_TRUE(isTerminator(OpCode::core_yield));
  EXPECT_FALSE(isTerminator(OpCode::i64_add));
  EXPECT_EQ(regionCount(OpCode::core_if).most, 2);
  EXPECT_EQ(regionCount(OpCode::core_map).least, 1);
  EXPECT_EQ(regionCount(OpCode::i64_add).most, 0);
}

std::string printed(void (*print)(llvm::raw_ostream &)) {
  std::string text;
  llvm::raw_string_ostream out(text);
  print(out);
  return text;
}

TEST(OpDocsTest, EveryRowHasItsLine) {
  std::string ops = printed(printOpDocs);
  for (size_t i = 0; i < opCodeCount; ++i)
    EXPECT_NE(ops.find("\n| `" + std::string(rowOf(static_cast<OpCode>(i)).name) + "` | `"), ops.npos)
        << rowOf(static_cast<OpCode>(i)).name;
  EXPECT_NE(ops.find("| `i64.add` | `i64, i64 -> i64` |  | pure, fallible | the sum; overflow is an error |"),
            ops.npos);
  EXPECT_NE(ops.find("\n## Attributes\n"), ops.npos);
  EXPECT_NE(ops.find("| `timeout` | `duration` | must be longer than 0s | bound, inherited | operations that "
                     "touch the world or take time |"),
            ops.npos);
}

TEST(OpDocsTest, ADialectIsOneTable) {
  std::string ops = printed(printOpDocs);
  for (const char *title : {"\n## core\n", "\n## i64\n", "\n## list\n", "\n## json\n"}) {
    size_t first = ops.find(title);
    EXPECT_NE(first, ops.npos) << title;
    EXPECT_EQ(ops.find(title, first + 1), ops.npos) << title;
  }
}

TEST(OpDocsTest, TheOtherTables) {
  EXPECT_NE(printed(printResourceDocs).find("| `model` | `url!: any"), std::string::npos);
  EXPECT_NE(printed(printLimitDocs).find("| `json-depth` | 256 | levels |"), std::string::npos);
  EXPECT_NE(
      printed(printDiagnosticDocs).find("| `division-by-zero` | error | program | `{0}` divides by zero"),
      std::string::npos);
}

} // namespace
