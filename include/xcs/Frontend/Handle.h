#pragma once
#include "xcs/Frontend/Literal.h"
#include "xcs/Ops/Constants.h"
#include "xcs/Ops/OpTable.h"
#include "xcs/Ops/Value.h"
#include "xcs/Support/Diagnostics.h"
#include <functional>
#include <source_location>
#include <span>
#include <type_traits>

namespace xcs {

class ConstantPool;

/// Makes a type of XIR in a pool.
using TypeMaker = TypeId (*)(ConstantPool &);
using Origin = std::source_location;

/// What every typed handle (`Str`, `List<T>`, ...) is: a literal of the host program, or a value of the trace
/// that is being recorded on this thread. A handle of a trace means nothing outside of it; using it there is
/// an error of the trace that uses it. Thread safety: as an int.
class Handle {
public:
  Handle() = default; // the zero of its type: 0, false, "", an empty list, ...
  explicit Handle(Value given) : literal(std::move(given)) {}
  Handle(uint64_t trace, uint32_t entry) : trace(trace), entry(entry) {}

  /// Whether the host program knows its value.
  bool isLiteral() const { return trace == 0; }

  /// A value of the host program that its type does not have, such as text that is not JSON. It counts as a
  /// literal, and what gets it fails with the reason.
  static Handle misfit(std::string_view why) {
    Handle made(Value::str(why));
    made.entry = 1;
    return made;
  }
  bool isMisfit() const { return trace == 0 && entry != 0; }

  uint64_t trace = 0; // number of its trace; 0: a literal
  uint32_t entry = 0; // in the trace; 0: the place of a mistake. Of a literal, 1: a misfit
  Value literal;      // empty: the zero of the type; of a misfit, why
};

/// What an operation gets.
struct Operand {
  Handle handle;
  TypeMaker type = nullptr;
};

/// Marks a class as a handle.
template <class T>
concept IsHandle = std::is_base_of_v<Handle, T>;
/// Marks a struct with XCS_RECORD.
template <class T>
concept IsRecord = requires { typename T::XcsRecord; };

/// Never true, but only known so when a template is used.
template <class> inline constexpr bool neverTrue = false;

// What handles record with. Programs use the typed operations.
namespace tracing {

/// An operation to record.
struct Call {
  OpCode code{};
  std::span<const Operand> operands = {};
  const Attributes *attributes = nullptr;
  const DeclaredResource *resource = nullptr;
  Origin at;
};

/// Records an operation with one result. Outside of a trace, or after a mistake, the handle can be used no
/// further: the trace that gets it fails.
Handle record(const Call &call, TypeMaker result);
/// Without a result.
void recordGuard(const Call &call);
inline Handle record(OpCode code, std::initializer_list<Operand> operands, TypeMaker result,
                     const Origin &at) {
  return record({code, {operands.begin(), operands.size()}, nullptr, nullptr, at}, result);
}

/// One or two operands, for operators.
Handle unary(OpCode code, Operand a, TypeMaker result, const Origin &at);
Handle binary(OpCode code, Operand a, Operand b, TypeMaker result, const Origin &at);

/// An operation with regions, recorded one after the other: begin, the body, end.
class RegionOp {
public:
  RegionOp(const Call &call, std::span<const TypeMaker> results);
  RegionOp(const RegionOp &) = delete;
  ~RegionOp(); // an exception has left a body: a mistake of the trace
  /// Begins a region and gives its arguments. False after a mistake: the body is not to be run.
  bool begin(std::span<const TypeMaker> arguments, std::vector<Handle> &given);
  void end(std::span<const Operand> yielded, OpCode terminator = OpCode::core_yield);
  Handle result(size_t index) const;

private:
  const Origin at;
  const uint64_t trace;
  uint32_t op = UINT32_MAX, firstResult = 0; // none after a mistake
  bool isOpen = false;
};

/// A function of its own, recorded at its first call in a trace. `identity` says which; the trace keeps it.
struct Callee {
  std::shared_ptr<const void> identity;
  std::string_view name;
  std::span<const TypeMaker> parameters, results;
  const std::function<std::vector<Operand>(std::span<const Handle>)> &body;
};
std::vector<Handle> callFunction(const Callee &callee, std::span<const Operand> operands, const Origin &at);

/// A handle for each field of a record; what is used becomes a `record.get` where it is used first.
std::vector<Handle> fieldsOf(const Handle &record, std::span<const TypeMaker> types);
/// A record of these fields: the one that they all come from, one with another value in one field
/// (`record.with`), or a new one.
Handle recordOf(std::span<const Operand> fields, TypeMaker type, const Origin &at);
/// A list of these elements: a literal if they all are.
Handle listOf(std::span<const Operand> elements, TypeMaker type, const Origin &at);
Handle dictOf(std::span<const Operand> keysAndValues, TypeMaker type, const Origin &at);

/// Whether a trace is being recorded on this thread.
bool isActive();
/// Notes a mistake of the host program in the present trace, if there is one.
void refuse(Diag id, std::initializer_list<std::string_view> arguments, const Origin &at);
/// What the present trace depends on, such as a function of the host, which lives as long as the program.
void keep(std::shared_ptr<const void> needed);
/// Sets an attribute of the operation that made a value.
void annotate(const Handle &value, std::string_view key, Literal given, const Origin &at);
/// Makes the operation that made a value start after those that made others.
void orderAfter(const Handle &value, std::span<const Handle> earlier, const Origin &at);

/// Records a value that only its use would record: a literal, a field of a record.
Handle place(const Operand &value, const Origin &at);

TypeId scalarType(ConstantPool &pool, TypeKind kind);
TypeId compoundType(ConstantPool &pool, TypeKind kind, TypeId element);
TypeId dictType(ConstantPool &pool, TypeId key, TypeId value);
TypeId recordType(ConstantPool &pool, std::span<const std::string_view> names,
                  std::span<const TypeMaker> types);
/// The zero of a type, for a literal that is empty.
Value zeroOf(TypeMaker type);
/// The value of a literal; empty if it has none, for which `whyNoValue` gives the reason.
Value valueOf(const Operand &literal);
std::string whyNoValue(const Operand &literal);

} // namespace tracing
} // namespace xcs
