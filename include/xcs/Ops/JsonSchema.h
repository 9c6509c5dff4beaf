#pragma once
#include "xcs/Ops/Kernel.h"
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

namespace xcs {

/// The JSON Schema (2020-12) of what `json.cast` reads as a value of type `type`, on one line. It is sent to
/// a model or an endpoint so that the answer fits. It is strict: a record is an object with exactly its
/// fields, all required, options too (their value or null), and a result is one of two such objects. `bytes`
/// is a string marked as base64, `duration` a string with a pattern, `json` the schema `{}`, which accepts
/// anything. Uses only keywords that endpoints with structured outputs know; some of them require an object
/// at the top and reject `{}`. False, with the error, for a secret, and if the text would exceed
/// Limit::ValueBytes or nest deeper than Limit::JsonDepth.
bool jsonSchemaOf(const ConstantView &view, TypeId type, const Limits &limits, std::string &out,
                  OpError &error);

class CompiledSchema;

/// The JSON Schema of an attribute `schema`, a dictionary or JSON as text, that the verifiers have accepted.
/// What is asked of it is worked out once. Thread safety: one thread.
class SchemaOfAttr {
public:
  /// Limits must outlive it.
  SchemaOfAttr(const ConstantView &view, AttrId schema, const Limits &limits);
  ~SchemaOfAttr();

  /// The schema itself, on one line. False, with the error, where it exceeds a limit.
  bool print(std::string &out, OpError &error);
  /// Whether each object in it has exactly its properties, all of them required: what endpoints want of a
  /// schema that is called strict.
  bool isStrict();
  /// Whether a value matches; if not, the error is the first violation, with its place, or a limit.
  bool matches(const Value &json, OpError &error);

private:
  const Limits &limits;
  Value written;
  std::string text; // empty until it is printed
  std::optional<bool> strict;
  std::unique_ptr<const CompiledSchema> compiled; // made for the first value
};

/// The schemas of a plan's attributes, each read when it is first asked for, and kept: at most as many as the
/// plan has. Thread safety: one thread.
class AttrSchemas {
public:
  AttrSchemas();
  ~AttrSchemas();

  /// All calls must give a view of the same plan. Limits must outlive this.
  SchemaOfAttr &of(const ConstantView &view, AttrId schema, const Limits &limits);

private:
  std::unordered_map<uint32_t, std::unique_ptr<SchemaOfAttr>> schemas; // by AttrId
};

} // namespace xcs
