#pragma once
#include "Plan/PlanFormat.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Plan/PlanFile.h"

#include <string>

namespace xcs {

/// A small plan with something in every table, made without a compiler:
///
///   model @gpt {url = "http://127.0.0.1:8080/v1", model = "small", key = secret("KEY", prefix = "Token ")}
///   func @main(%docs: list<str>, %n: i64) -> (list<str>, i64) {
///     %twice = i64.add(%n, %n) : i64                                  // node 0, with %more in one cluster
///     %more = i64.add(%twice, 1) : i64
///     %answers = map(%docs) : list<str> {                             // node 1
///     ^(%doc: str)
///       %prompt = str.concat(%doc, "?") : str                         // the constant is captured
///       %answer = model.chat @gpt(%prompt) {temperature = 0.5, stop = ["a", "b"]} : str
///       yield(%answer)
///     }
///     %same = call @same(%more) : i64                                 // node 2, behind node 0
///     return(%answers, %same)
///   }
///   func private @same(%x: i64) -> i64 { return(%x) }
struct SamplePlan {
  ConstantPool pool;
  PlanTables tables;

  SamplePlan();
  std::string bytes() const;
};

/// The tables of a written plan with ids of its own constants, to be broken in one place and written again as
/// they are.
struct RawPlan {
  PlanTables tables;
  std::string text;
  const char *chunk = nullptr;
  std::vector<StringRange> strings;
  std::vector<TypeNode> types;
  std::vector<TypeField> typeFields;
  std::vector<AttrNode> attrs;
  std::vector<AttrId> attrItems;
  std::vector<DictRange> dicts;
  std::vector<DictEntry> dictEntries;

  explicit RawPlan(const PlanView &plan);
  std::string bytes();

  /// Adds a string behind the others, whether it is there already or not.
  StringId addString(std::string_view added);
  std::string name(StringId id) const;
  TypeId typeOf(TypeKind kind) const;
  AttrId attrOf(AttrKind kind) const;
};

/// Opens bytes; the message of the first diagnostic, empty when there is none.
std::string openError(std::string_view bytes, const Limits &limits = {});
std::unique_ptr<PlanFile> openPlan(std::string_view bytes);

/// The bytes with the size and the checksum of their header made right again.
std::string withChecksum(std::string bytes);

} // namespace xcs
