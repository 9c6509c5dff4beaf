#pragma once
#include "xcs/IR/Builder.h"
#include "xcs/IR/Printer.h"
#include "xcs/IR/Verifier.h"
#include "llvm/Support/raw_ostream.h"
#include <gtest/gtest.h>

namespace xcs {

/// A module that tests build by hand, and what the printer and the verifier say of it.
struct IrTest : ::testing::Test {
  Module module;
  ConstantPool &pool = module.pool;
  const TypeId boolean = pool.scalar(TypeKind::Bool), i64 = pool.scalar(TypeKind::I64),
               f64 = pool.scalar(TypeKind::F64), str = pool.scalar(TypeKind::Str),
               json = pool.scalar(TypeKind::Json), none = pool.scalar(TypeKind::None),
               duration = pool.scalar(TypeKind::Duration);

  std::string text(const PrintOptions &options = {}) const {
    std::string out;
    llvm::raw_string_ostream stream(out);
    print(module, stream, options);
    return out;
  }

  /// The verifier's messages, a line each.
  std::string diagnose() const {
    std::string out;
    llvm::raw_string_ostream stream(out);
    DiagnosticEngine engine(&stream);
    engine.setLocations(&module.locations);
    bool good = verify(module, engine).ok();
    EXPECT_EQ(good, out.empty()) << out;
    return out;
  }

  TypeId record(std::initializer_list<std::pair<std::string_view, TypeId>> fields) {
    std::vector<TypeField> list;
    for (const auto &[name, type] : fields)
      list.push_back({pool.intern(name), type});
    return pool.record(list);
  }
  DictId dict(ListOf<Builder::Attr> attrs) {
    std::vector<DictEntry> entries;
    for (const Builder::Attr &attr : attrs)
      entries.push_back({pool.intern(attr.key), attr.value});
    return pool.dict(entries);
  }
  void addResource(ResourceKind kind, std::string_view symbol, ListOf<Builder::Attr> attrs) {
    xcs::addResource(module, kind, symbol, attrs);
  }
  /// `model @gpt` as it should be.
  void addModel() {
    addResource(ResourceKind::Model, "gpt",
                {{"url", pool.textAttr("http://127.0.0.1:8080/v1")}, {"model", pool.textAttr("small")}});
  }
};

/// One function and a builder at its end.
struct FunctionTest : IrTest {
  Function *function = nullptr;
  std::unique_ptr<Builder> builder;

  /// Begins `func @main(parameters) -> results`.
  void begin(ListOf<Builder::Parameter> parameters, ListOf<TypeId> results = {},
             std::string_view symbol = "main") {
    function = &addFunction(module, symbol, parameters, results);
    builder = std::make_unique<Builder>(module, *function);
  }
  ComputationGraph &graph() { return function->graph; }
  ValueRef parameter(size_t i) { return graph().arguments(function->body)[i]; }
  ValueRef number(int64_t v = 1) { return builder->constant(i64, pool.intAttr(v)); }
  ValueRef word(std::string_view v = "a") { return builder->constant(str, pool.textAttr(v)); }
  ValueRef truth() { return builder->constant(boolean, pool.boolAttr(true)); }
  OpId lastOp() { return graph().terminator(builder->currentRegion()); }
  void yield(std::initializer_list<ValueRef> values) { builder->op(OpCode::core_yield, values); }
  void give(std::initializer_list<ValueRef> values) { builder->op(OpCode::core_return, values); }
  /// Adds a region to `op` and goes on building in it; `leave` goes back.
  RegionId enter(OpId op, ListOf<Builder::Parameter> arguments = {}) {
    return builder->beginRegion(op, arguments);
  }
  void leave() { builder->endRegion(); }
};

} // namespace xcs
