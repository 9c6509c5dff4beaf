#pragma once
#include "Ops/JsonSupport.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Ops/Fold.h"
#include "xcs/Ops/JsonText.h"
#include "xcs/Ops/Prepared.h"
#include "xcs/Ops/SignatureMatch.h"
#include <gtest/gtest.h>
#include <map>

namespace xcs {

/// Values, types and operations as a test writes them.
struct OpsTest : ::testing::Test {
  /// A value and its type.
  struct Typed {
    Value value;
    TypeId type;
  };
  using Attrs = std::vector<std::pair<std::string_view, AttrId>>;

  ConstantPool pool;
  Limits limits;
  const TypeId boolean = pool.scalar(TypeKind::Bool), i64 = pool.scalar(TypeKind::I64),
               f64 = pool.scalar(TypeKind::F64), str = pool.scalar(TypeKind::Str),
               bytes = pool.scalar(TypeKind::Bytes), json = pool.scalar(TypeKind::Json),
               none = pool.scalar(TypeKind::None), duration = pool.scalar(TypeKind::Duration),
               secret = pool.scalar(TypeKind::Secret);

  Typed B(bool v) { return {Value::boolean(v), boolean}; }
  Typed I(int64_t v) { return {Value::i64(v), i64}; }
  Typed F(double v) { return {Value::f64(v), f64}; }
  Typed S(std::string_view v) { return {Value::str(v), str}; }
  Typed Y(std::string_view v) { return {Value::bytes(v), bytes}; }
  Typed D(int64_t nanoseconds) { return {Value::duration(nanoseconds), duration}; }
  Typed L(std::vector<Typed> items) { return L(items.at(0).type, items); }
  Typed L(TypeId element, std::vector<Typed> items) {
    std::vector<Value> values;
    for (Typed &item : items)
      values.push_back(item.value);
    return {Value::list(values), pool.list(element)};
  }
  Typed R(std::vector<std::pair<std::string_view, Typed>> fields) {
    std::vector<Value> values;
    std::vector<TypeField> types;
    for (auto &[name, field] : fields) {
      values.push_back(field.value);
      types.push_back({pool.intern(name), field.type});
    }
    return {Value::record(values), pool.record(types)};
  }
  Typed some(Typed v) { return {Value::some(v.value), pool.option(v.type)}; }
  Typed noneOf(TypeId element) { return {Value::optionNone(), pool.option(element)}; }
  Typed ok(Typed v) { return {Value::ok(v.value), pool.result(v.type)}; }
  Typed failed(TypeId element, std::string_view kind, std::string_view message) {
    return {Value::error(kind, message, "str.to_f64", 2), pool.result(element)};
  }
  /// A value of type json, from its text.
  Typed J(std::string_view text) {
    Typed out{{}, json};
    OpError error;
    EXPECT_TRUE(parseJson(text, limits, out.value, error)) << text << ": " << error.message;
    return out;
  }

  std::string describe(const OpError &error) {
    return "[" + std::string(rowOf(error.id).kind) + "] " + error.message;
  }

  /// A value as one line of JSON, nan and inf as in a program.
  std::string show(const Value &value, TypeId type) {
    Value asJson;
    OpError error;
    std::string text;
    if (!lenientJson(value, pool.view(), type, limits, asJson, error) ||
        !appendJson(text, asJson, JsonLayout::Line, limits, error))
      return describe(error);
    return text;
  }

  /// Carries an operation out. The result, shown, or the error as `[kind] message`. The result's type is what
  /// the signature says, or `result` where it says `any` or `record`.
  std::string eval(std::string_view name, const std::vector<Typed> &operands, const Attrs &attrs = {},
                   TypeId result = {}) {
    Value value;
    OpError error;
    TypeId type = result;
    return evaluate(name, operands, attrs, type, value, error) ? show(value, type) : describe(error);
  }
  bool evaluate(std::string_view name, const std::vector<Typed> &operands, const Attrs &attrs, TypeId &result,
                Value &value, OpError &error) {
    OpCode code{};
    EXPECT_TRUE(findOp(name, code)) << name;
    const OpRow &row = rowOf(code);
    std::vector<Value> values;
    std::vector<TypeId> types;
    for (const Typed &operand : operands) {
      values.push_back(operand.value);
      types.push_back(operand.type);
    }
    if (!result)
      result = resultType(row.signature, types);
    EXPECT_TRUE(fitsSignature(pool.view(), row.signature, types, {&result, 1})) << name;
    std::vector<AttrId> attributes(row.attributes.count);
    for (const auto &[key, literal] : attrs) {
      const AttrRow *attr = findAttr(code, key);
      EXPECT_NE(attr, nullptr) << key;
      EXPECT_TRUE(fitsAttrType(pool.view(), literal, attr->type)) << key;
      attributes[static_cast<size_t>(attr - row.attributes.all().data())] = literal;
    }
    PreparedAttrs prepared(limits);
    EXPECT_EQ(violatedTypeRule(pool.view(), code, types, {&result, 1}, attributes, prepared), "");
    return foldPure(code, pool.view(), values, types, attributes, result, limits, value, error);
  }

private:
  TypeId resultType(const SignatureText &signature, std::span<const TypeId> operands) {
    TypeBindings bound;
    for (size_t i = 0; i < operands.size(); ++i)
      matchesType(pool.view(), nodesOf(signature, paramAt(signature.operands(), i)), operands[i], bound);
    std::span<const SignatureNode> nodes = nodesOf(signature, signature.results()[0]);
    return typeOfNodes(pool, nodes, [&](const SignatureNode &node, bool) {
      return node.form == SignatureNode::Form::Variable ? bound.variable[node.variable]
                                                        : pool.scalar(node.kind);
    });
  }
};

} // namespace xcs
