#include "Plan/SamplePlan.h"

#include <gtest/gtest.h>

#include <vector>

using namespace xcs;

namespace {

using Attrs = std::vector<std::pair<std::string_view, AttrId>>;

/// `func @main(%in) -> out { %r = op(%in) {attributes} }`, with an effect that may be a lie.
struct OneOperation {
  ConstantPool pool;
  PlanTables tables;

  std::string error(OpCode code, TypeId in, const Attrs &attributes, Effect effect) {
    const TypeId out = resultOf(code);
    tables.functions = {{pool.intern("main"), 0, 0, 1, 1, 1, 0, 0}};
    tables.parameters = {{pool.intern("in"), in}, {StringId(), out}};
    tables.regions = {{0, 1, 0, 2, 1, 0, 0, 0, 0, 1, 1, 1}};
    tables.slots = {{in, 1}, {out, 1}};
    tables.operands = {0, 1};
    tables.nodes = {{0, 0, 0, 0}, {1, 0, 0, 0}};
    std::vector<DictEntry> entries;
    for (const AttrRow &row : rowOf(code).attributes.all()) {
      AttrId value;
      for (const auto &[name, given] : attributes)
        if (name == row.name)
          value = given;
      tables.attrRows.push_back(value);
      if (value)
        entries.push_back({pool.intern(row.name), value});
    }
    const DictId dict = entries.empty() ? DictId() : pool.dict(entries);
    tables.ops = {{code, effect, 0, 0, 0, 1, 1, 1, 0, dict, UINT32_MAX, UINT32_MAX, UINT32_MAX, StringId()}};
    tables.constants = pool.view();
    DiagnosticEngine diagnostics;
    Result<std::string> written = writePlan(tables, "one", diagnostics, {});
    return written ? openError(*written) : diagnostics.all()[0].message;
  }

private:
  TypeId record(std::initializer_list<std::pair<std::string_view, TypeId>> fields) {
    std::vector<TypeField> list;
    for (const auto &[name, type] : fields)
      list.push_back({pool.intern(name), type});
    return pool.record(list);
  }
  TypeId resultOf(OpCode code) {
    const TypeId str = pool.scalar(TypeKind::Str), i64 = pool.scalar(TypeKind::I64);
    if (code == OpCode::exec_run)
      return record({{"exit", i64}, {"stdout", str}, {"stderr", str}});
    return record(
        {{"status", i64}, {"headers", pool.list(record({{"name", str}, {"value", str}}))}, {"body", str}});
  }
};

constexpr std::string_view lie = "has a different effect from what its row and attributes say";

/// The effects a plan may give an operation with these attributes: the right one and no other.
void expectOnly(OpCode code, Effect right, void (*give)(ConstantPool &, Attrs &)) {
  for (Effect effect : {Effect::Pure, Effect::Read, Effect::Sample, Effect::WriteIdempotent,
                        Effect::WriteKeyed, Effect::WriteNever, Effect::Guard, Effect::Log, Effect::Wait}) {
    OneOperation plan;
    Attrs attributes;
    give(plan.pool, attributes);
    const TypeId str = plan.pool.scalar(TypeKind::Str);
    const TypeId in = code == OpCode::exec_run ? plan.pool.list(str) : str;
    std::string error = plan.error(code, in, attributes, effect);
    if (effect == right)
      EXPECT_EQ(error, "");
    else
      EXPECT_NE(error.find(lie), std::string::npos) << "effect " << static_cast<int>(effect) << ": " << error;
  }
}

} // namespace

TEST(RequestEffect, APostCannotBeCalledARead) {
  expectOnly(OpCode::http_request, Effect::WriteNever,
             [](ConstantPool &pool, Attrs &a) { a = {{"method", pool.textAttr("POST")}}; });
}

TEST(RequestEffect, AKeyedPostCanBeRepeatedWithItsKeyAlone) {
  expectOnly(OpCode::http_request, Effect::WriteKeyed, [](ConstantPool &pool, Attrs &a) {
    a = {{"method", pool.textAttr("POST")}, {"idempotency_key", pool.textAttr("k")}};
  });
}

TEST(RequestEffect, AGetIsASampleOrWhenItSaysSoARead) {
  expectOnly(OpCode::http_request, Effect::Sample, [](ConstantPool &, Attrs &) {});
  expectOnly(OpCode::http_request, Effect::Read,
             [](ConstantPool &pool, Attrs &a) { a = {{"stable", pool.unitAttr()}}; });
}

TEST(RequestEffect, AFunctionOfTheHostDoesWhatItsProgramSays) {
  expectOnly(OpCode::host_call, Effect::WriteNever,
             [](ConstantPool &pool, Attrs &a) { a = {{"function", pool.textAttr("f")}}; });
  expectOnly(OpCode::host_call, Effect::Pure, [](ConstantPool &pool, Attrs &a) {
    a = {{"function", pool.textAttr("f")}, {"effect", pool.textAttr("pure")}};
  });
  expectOnly(OpCode::host_call, Effect::Sample, [](ConstantPool &pool, Attrs &a) {
    a = {{"function", pool.textAttr("f")}, {"effect", pool.textAttr("sample")}};
  });
  expectOnly(OpCode::host_call, Effect::WriteIdempotent, [](ConstantPool &pool, Attrs &a) {
    a = {{"function", pool.textAttr("f")},
         {"effect", pool.textAttr("write(db)")},
         {"repeat", pool.textAttr("idempotent")}};
  });
}

TEST(RequestEffect, AProgramDoesWhatItSaysItWrites) {
  expectOnly(OpCode::exec_run, Effect::WriteNever, [](ConstantPool &, Attrs &) {});
  expectOnly(OpCode::exec_run, Effect::WriteIdempotent,
             [](ConstantPool &pool, Attrs &a) { a = {{"repeat", pool.textAttr("idempotent")}}; });
  expectOnly(OpCode::exec_run, Effect::Sample,
             [](ConstantPool &pool, Attrs &a) { a = {{"writes", pool.listAttr({})}}; });
}
