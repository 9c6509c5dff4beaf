#pragma once
#include "xcs/Frontend/ExecutionTracer.h"
#include "xcs/Frontend/Handle.h"
#include "xcs/IR/Builder.h"
#include <deque>
#include <unordered_map>

namespace xcs {

/// Whether the grammar can read a name after `@` or `%` or as that of a field; and what to say if not.
bool isName(std::string_view name);
inline constexpr std::string_view allowedNames =
    "a name has letters of ASCII, digits, `_`, `$` and `.` only, and begins with a letter or `_`";

struct DeclaredResource::Data {
  ResourceKind kind;
  std::string name;
  Attributes attributes;
};

/// Records a whole program of typed handles, regions and functions included, into a module. Handles name
/// their values by entries. The first mistake is kept; after it, nothing more is recorded. Linear in what is
/// recorded. Thread safety: one thread.
class Trace {
public:
  /// A function that was recorded, and those that it calls.
  struct CallNode {
    Function *function = nullptr;
    std::vector<CallNode *> callees;
  };

  /// Handles made without a trace have this number.
  static constexpr uint64_t outside = UINT64_MAX;

  Trace(Module &module, const Limits &limits);

  /// The one that is being recorded on this thread; null: none.
  static Trace *current();
  /// Makes it the present one, or none, for the life of the object.
  class Active {
  public:
    explicit Active(Trace *trace);
    ~Active();
    Active(const Active &) = delete;

  private:
    Trace *const before;
  };

  /// Begins a function: what follows is recorded into it, until `endFunction`.
  std::vector<Handle> beginFunction(std::string_view symbol, std::span<const TypeMaker> parameters,
                                    std::span<const std::string> names, std::span<const TypeMaker> results,
                                    const Origin &at);
  void endFunction(std::span<const Operand> results, const Origin &at);
  std::vector<Handle> call(const tracing::Callee &callee, std::span<const Operand> operands,
                           const Origin &at);

  /// Records an operation with results; none after a mistake. Its first result has the entry `first`.
  OpId record(const tracing::Call &call, std::span<const TypeMaker> results, uint32_t &first);
  Handle one(const tracing::Call &call, TypeMaker result);
  bool beginRegion(OpId op, std::span<const TypeMaker> arguments, std::vector<Handle> &given,
                   const Origin &at);
  void endRegion(std::span<const Operand> yielded, OpCode terminator, const Origin &at);

  Handle place(const Operand &value, const Origin &at);
  Handle recordOf(std::span<const Operand> fields, TypeMaker type, const Origin &at);
  std::vector<Handle> fieldsOf(const Handle &record, std::span<const TypeMaker> types);
  void annotate(const Handle &value, std::string_view key, const Literal &given, const Origin &at);
  void orderAfter(const Handle &value, std::span<const Handle> earlier, const Origin &at);

  void fail(Diag id, std::initializer_list<std::string_view> arguments, const Origin &at);
  Handle mistake() const { return Handle(number, 0); }
  TypeId typeOf(TypeMaker maker);

  const uint64_t number;
  std::optional<TraceError> error;
  std::vector<std::shared_ptr<const void>> needed;

private:
  static constexpr uint32_t none = UINT32_MAX;
  /// A value that handles refer to: recorded, or a field of another entry that nothing has used yet.
  struct Entry {
    ValueRef value; // none: a field that was not used
    TypeId type;
    uint32_t scope = 0;     // the region in which it was made
    uint32_t parent = none; // the record of which it is a field
    uint32_t field = 0;
  };
  /// A function that is being recorded.
  struct Frame {
    Frame(Module &module, CallNode &node) : node(node), function(*node.function), builder(module, function) {}
    CallNode &node;
    Function &function;
    Builder builder;
    uint32_t firstScope = 0;
    std::vector<uint32_t> scopes; // of its open regions, outermost first
  };

  Frame &frame() { return *frames.back(); }
  void markCycles();
  void checkNames(std::string_view symbol, size_t parameters, std::span<const std::string> names,
                  const Origin &at);
  Handle add(ValueRef value, TypeId type);
  void openScope();
  void closeScope();
  bool isUsable(const Entry &entry) const;
  ValueRef use(const Operand &operand, const Origin &at);
  ValueRef useEntry(uint32_t entry, const Origin &at);
  ValueRef useLiteral(const Operand &operand, const Origin &at);
  ValueRef constant(const Value &value, TypeId type);
  ValueRef constantWithoutLiteral(const Value &value, TypeId type, const Origin &at);
  ValueRef getField(ValueRef record, TypeId type, uint32_t field);
  bool useAll(std::span<const Operand> operands, std::vector<ValueRef> &values, const Origin &at);
  void setLocation(const Origin &at);
  AttrId attrOf(const Literal &literal, const Origin &at);
  AttrId limitsOf(const LimitUse &use, const Origin &at);
  DictId dictOf(const Attributes &attributes, const Origin &at);
  StringId declare(const DeclaredResource &resource, const Origin &at);

  Module &module;
  const Limits limits;
  std::vector<Entry> entries;
  std::vector<std::unique_ptr<Frame>> frames;
  std::vector<uint8_t> scopeIsOpen;
  std::unordered_map<TypeMaker, TypeId> types;
  std::deque<CallNode> nodes;                           // the first is the outermost function
  std::unordered_map<const void *, CallNode *> callees; // by identity
  struct Place {
    const char *file;
    uint64_t lineAndColumn;
    bool operator==(const Place &) const = default;
  };
  struct PlaceHash {
    size_t operator()(const Place &place) const {
      return std::hash<const void *>()(place.file) ^ std::hash<uint64_t>()(place.lineAndColumn);
    }
  };
  std::unordered_map<Place, Location, PlaceHash> places;
};

} // namespace xcs
