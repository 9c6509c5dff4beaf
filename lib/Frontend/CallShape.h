#pragma once
#include "xcs/Frontend/ExecutionTracer.h"
#include "xcs/Ops/PoolCopy.h"
#include <string>
#include <unordered_map>

namespace xcs {

/// What is known of all calls with one operation, types of operands and attributes.
struct CallShape {
  OpCode code{};
  TypeId result;          // in the lasting pool
  bool isWorld = false;   // it touches the world or takes time
  bool isDraw = false;    // each call of it is an answer of its own
  bool mayBeKept = false; // a pass could drop it as unused though the program has asked for it
};

/// Checks calls with the verifier, each shape once: a program repeats the same few. So a call is rejected
/// with the verifier's own message, and a call that is accepted costs one look-up. Thread safety: one thread.
class CallShapes {
public:
  /// `lasting` holds the resources and the types of results.
  CallShapes(Module &lasting, const Limits &limits) : lasting(lasting), limits(limits) {}

  /// A call, with types and attributes in the pool of its segment.
  struct Asked {
    const TraceCall &call;
    std::span<const TypeId> operandTypes;
    ConstantPool &pool;
  };
  /// The shape of a call, or why it is wrong. Valid until the next call.
  Result<const CallShape *, TraceError> find(const Asked &asked);

  /// The error of the first diagnostic of a module; none if it verifies.
  std::optional<TraceError> errorOf(const Module &module) const;

private:
  std::string keyOf(const Asked &asked) const;
  Result<CallShape, TraceError> judge(const Asked &asked);
  std::optional<TraceError> verifyAlone(const Asked &asked, OpCode code, TypeId result);

  /// A program with more shapes than this makes new ones all the time; then they are found out again.
  static constexpr size_t most = 4096;
  Module &lasting;
  const Limits limits;
  std::unordered_map<std::string, CallShape> shapes;
};

/// A finished error.
TraceError traceError(Diag id, std::initializer_list<std::string_view> arguments);

/// The type of the result that an operation has for these operands, in their pool: what its signature says,
/// and for some operations that leave it open, their usual one. None: it must be given.
TypeId usualResult(ConstantPool &pool, OpCode code, std::span<const TypeId> operands,
                   std::span<const Builder::Attr> attributes);

} // namespace xcs
