#pragma once
#include "Frontend/CallShape.h"
#include "xcs/Frontend/ExecutionTracer.h"
#include <unordered_map>
#include <unordered_set>

namespace xcs {

/// What was recorded of a segment that has not ended. The module's function is built at the end, when its
/// parameters are known; the pool and the locations are those of the module from the start.
struct OpenSegment {
  /// An operand: a parameter or an operation of the segment, by index.
  struct Source {
    uint32_t index : 31, isParameter : 1;
  };
  struct Op {
    OpCode code;
    uint32_t firstOperand, operandCount; // into `operands`
    StringId symbol;
    DictId attributes;
    TypeId result;
    Location location;
  };
  struct Parameter {
    TypeId type;
    StringId name; // none: a number
  };
  /// The place of a call.
  struct Site {
    Location location;
    StringId draw; // `report.py:6`
  };

  explicit OpenSegment(const ConstantPool &lasting)
      : module(std::make_unique<Module>()), toSegment(lasting, module->pool) {}

  std::unique_ptr<Module> module;
  PoolCopy toSegment; // of types and resources that last
  std::vector<Op> ops;
  std::vector<Source> operands;
  std::vector<Parameter> parameters;
  std::vector<TraceSegment::Binding> bindings;    // by parameter
  std::vector<Source> recorded;                   // by id, from the first of the segment
  std::unordered_map<uint64_t, uint32_t> earlier; // parameters of earlier results, by id
  std::unordered_map<uint64_t, Site> sites;       // by file and line
  std::unordered_map<StringId, uint32_t> draws;   // how many have the name
  std::vector<uint32_t> resources;                // of the lasting module, that it uses
  size_t worldSize = 0;

  TypeId typeOf(Source source) const {
    return source.isParameter ? parameters[source.index].type : ops[source.index].result;
  }
  /// Whether a name is one that parameters without a name have: `p0`.
  static bool isNumbered(std::string_view name);
  const Site &siteOf(const TraceOrigin &origin);
  uint32_t addParameter(TypeId type, StringId name, TraceSegment::Binding binding);
  void addOp(Op op, std::span<const Source> from);
  /// Builds the function, of which `results` are returned.
  void build(std::string_view symbol, std::span<const Source> results);
};

struct ExecutionTracer::State {
  State(TraceForm form, std::string_view symbol, const Limits &limits)
      : form(form), symbol(symbol), shapes(lasting, limits) {}

  Result<void, TraceError> findOperands(const TraceCall &call);
  Result<OpenSegment::Source, TraceError> sourceOf(const TraceOperand &operand, std::string_view op,
                                                   size_t at);
  Result<OpenSegment::Source, TraceError> constant(const TraceOperand &operand, std::string_view op,
                                                   size_t at);
  std::optional<OpenSegment::Source> sourceOf(Recorded recorded);
  DictId attributesOf(const TraceCall &call, const CallShape &shape, const OpenSegment::Site &site);
  StringId nextDraw(StringId base);
  StringId useResource(std::string_view name);
  Recorded record(OpenSegment::Source source);
  OpenSegment &segment();

  const TraceForm form;
  const std::string symbol;
  Module lasting; // of what outlives a segment: types of results, resources; it has no functions
  CallShapes shapes;
  std::unique_ptr<OpenSegment> open;             // null until something of it is needed
  std::unordered_map<uint64_t, TypeId> results;  // wanted ones of earlier segments: their types in `lasting`
  uint64_t firstId = 1, nextId = 1, ordinal = 0; // `firstId`: of the present segment
  std::vector<OpenSegment::Source> sources;      // reused
  std::vector<TypeId> types;
  std::vector<Builder::Attr> attributes;
};

} // namespace xcs
