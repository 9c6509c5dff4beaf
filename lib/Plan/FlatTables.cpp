// The only file that includes FlatBuffers: converts tables of structs to bytes and back, without interpreting
// them.
#include "Plan/PlanFormat.h"

#include "Plan_generated.h"

#include <bit>
#include <cstddef>
#include <cstring>

#define XXH_INLINE_ALL
#include <xxhash.h>

using namespace xcs;
using namespace xcs::planformat;

static_assert(std::endian::native == std::endian::little,
              "plans are used as they lie in memory, not decoded");

// The structs of the schema and ours have the same layout: checks sizes, and offsets where a struct's fields
// differ in width.
#define XCS_SAME(type)                                                                                       \
  static_assert(sizeof(type) == sizeof(fbs::type) && alignof(type) == alignof(fbs::type) &&                  \
                std::is_trivially_copyable_v<type>)
XCS_SAME(StringRange);
XCS_SAME(TypeNode);
XCS_SAME(TypeField);
XCS_SAME(AttrNode);
XCS_SAME(DictRange);
XCS_SAME(DictEntry);
XCS_SAME(PlanFunction);
XCS_SAME(PlanParameter);
XCS_SAME(PlanResource);
XCS_SAME(PlanRegion);
XCS_SAME(PlanNode);
XCS_SAME(PlanOp);
XCS_SAME(PlanConstant);
XCS_SAME(PlanSlot);
XCS_SAME(PlanLocation);
XCS_SAME(PlanCallSite);
XCS_SAME(PlanRow);
#undef XCS_SAME
static_assert(sizeof(AttrId) == sizeof(uint32_t));
static_assert(offsetof(TypeNode, first) == 4 && offsetof(AttrNode, count) == 4 &&
              offsetof(AttrNode, payload) == 8);
static_assert(offsetof(PlanResource, symbol) == 4 && offsetof(PlanNode, priority) == 12);
static_assert(offsetof(PlanOp, effect) == 2 && offsetof(PlanOp, regionCount) == 3 &&
              offsetof(PlanOp, order) == 4 && offsetof(PlanOp, name) == 44);

uint64_t planformat::checksumOf(std::string_view body) { return XXH3_64bits(body.data(), body.size()); }

namespace {
/// Writes vectors back to front, as FlatBuffers are built.
struct Encoder {
  flatbuffers::FlatBufferBuilder builder;

  template <class Wire, class T> auto structs(std::span<const T> table) {
    return builder.CreateVectorOfStructs(reinterpret_cast<const Wire *>(table.data()), table.size());
  }
  template <class T> flatbuffers::Offset<flatbuffers::Vector<uint32_t>> words(std::span<const T> table) {
    static_assert(sizeof(T) == sizeof(uint32_t));
    static const uint32_t nothing = 0; // CreateVector asserts that its address is not null
    return builder.CreateVector(table.empty() ? &nothing : reinterpret_cast<const uint32_t *>(table.data()),
                                table.size());
  }
};

template <class T> uint64_t bytesOf(const T &table) {
  // The length word, and possible padding.
  return uint64_t(table.size()) * sizeof(*table.data()) + 12;
}
} // namespace

/// An upper bound of the body's size, so that the builder neither reallocates nor reaches its 2 GB assertion.
static uint64_t bodyBound(const PlanTables &t, const ConstantView &c, uint64_t textSize) {
  constexpr uint64_t rowBound = (opCodeCount + resourceKindCount) * (sizeof(PlanRow) + UINT8_MAX);
  return rowBound + bytesOf(c.strings) + bytesOf(c.types) + bytesOf(c.typeFields) + bytesOf(c.attrs) +
         bytesOf(c.attrItems) + bytesOf(c.dicts) + bytesOf(c.dictEntries) + bytesOf(t.functions) +
         bytesOf(t.parameters) + bytesOf(t.resources) + bytesOf(t.regions) + bytesOf(t.nodes) +
         bytesOf(t.ops) + bytesOf(t.successors) + bytesOf(t.operands) + bytesOf(t.captures) +
         bytesOf(t.constantSlots) + bytesOf(t.slots) + bytesOf(t.attrRows) + bytesOf(t.locations) +
         bytesOf(t.callSites) + textSize + 512;
}

static flatbuffers::Offset<fbs::Plan> encodeRoot(Encoder &e, const PlanTables &t, const ConstantView &c,
                                                 uint64_t textSize) {
  auto text = e.builder.CreateVector(reinterpret_cast<const uint8_t *>(c.chunks[0]), textSize);
  std::string names;
  const std::vector<PlanRow> used = rowsUsed(t, names);
  auto rows = e.structs<fbs::PlanRow>(std::span(used));
  auto rowNames = e.builder.CreateVector(reinterpret_cast<const uint8_t *>(names.data()), names.size());
  auto strings = e.structs<fbs::StringRange>(c.strings);
  auto types = e.structs<fbs::TypeNode>(c.types);
  auto typeFields = e.structs<fbs::TypeField>(c.typeFields);
  auto attrs = e.structs<fbs::AttrNode>(c.attrs);
  auto attrItems = e.words(c.attrItems);
  auto dicts = e.structs<fbs::DictRange>(c.dicts);
  auto dictEntries = e.structs<fbs::DictEntry>(c.dictEntries);
  auto functions = e.structs<fbs::PlanFunction>(std::span(t.functions));
  auto parameters = e.structs<fbs::PlanParameter>(std::span(t.parameters));
  auto resources = e.structs<fbs::PlanResource>(std::span(t.resources));
  auto regions = e.structs<fbs::PlanRegion>(std::span(t.regions));
  auto nodes = e.structs<fbs::PlanNode>(std::span(t.nodes));
  auto ops = e.structs<fbs::PlanOp>(std::span(t.ops));
  auto successors = e.words(std::span(t.successors));
  auto operands = e.words(std::span(t.operands));
  auto captures = e.words(std::span(t.captures));
  auto constantSlots = e.structs<fbs::PlanConstant>(std::span(t.constantSlots));
  auto slots = e.structs<fbs::PlanSlot>(std::span(t.slots));
  auto attrRows = e.words(std::span(t.attrRows));
  auto locations = e.structs<fbs::PlanLocation>(std::span(t.locations));
  auto callSites = e.structs<fbs::PlanCallSite>(std::span(t.callSites));
  return fbs::CreatePlan(e.builder, t.optimizationLevel, rows, rowNames, text, strings, types, typeFields,
                         attrs, attrItems, dicts, dictEntries, functions, parameters, resources, regions,
                         nodes, ops, successors, operands, captures, constantSlots, slots, attrRows,
                         locations, callSites);
}

std::string planformat::encode(const PlanTables &tables, const ConstantView &constants, uint64_t textSize,
                               uint64_t limit) {
  const uint64_t bound = sizeof(Header) + bodyBound(tables, constants, textSize);
  if (bound > std::min<uint64_t>(limit, FLATBUFFERS_MAX_BUFFER_SIZE - 1))
    return {};
  Encoder encoder{flatbuffers::FlatBufferBuilder(bound)};
  encoder.builder.Finish(encodeRoot(encoder, tables, constants, textSize));
  std::string_view body(reinterpret_cast<const char *>(encoder.builder.GetBufferPointer()),
                        encoder.builder.GetSize());
  std::string file;
  file.reserve(sizeof(Header) + body.size());
  file.append(sizeof(Header), '\0');
  file.append(body);
  return file;
}

void planformat::seal(std::string &file) {
  std::string_view body = std::string_view(file).substr(sizeof(Header));
  Header header{{}, version, 0, file.size(), checksumOf(body)};
  std::memcpy(header.magic, magic, sizeof(magic));
  std::memcpy(file.data(), &header, sizeof(header));
}

/// The table in a vector of the buffer; false if it is misaligned, which FlatBuffers' verifier does not check
/// for structs. An empty vector has no alignment.
template <class T, class Vector> static bool spanOf(const Vector *vector, std::span<const T> &table) {
  const uint8_t *data = vector->Data();
  if (vector->size() == 0)
    return true;
  if (reinterpret_cast<uintptr_t>(data) % alignof(T) != 0)
    return false;
  table = {reinterpret_cast<const T *>(data), vector->size()};
  return true;
}

static bool decodeConstants(const fbs::Plan &root, ConstantView &c) {
  return spanOf(root.strings(), c.strings) && spanOf(root.types(), c.types) &&
         spanOf(root.type_fields(), c.typeFields) && spanOf(root.attrs(), c.attrs) &&
         spanOf(root.attr_items(), c.attrItems) && spanOf(root.dicts(), c.dicts) &&
         spanOf(root.dict_entries(), c.dictEntries);
}

static bool decodeRows(const fbs::Plan &root, Decoded &beside) {
  beside.rowNames = {reinterpret_cast<const char *>(root.row_names()->Data()), root.row_names()->size()};
  return spanOf(root.rows(), beside.rows);
}

static bool decodeProgram(const fbs::Plan &root, PlanView &plan) {
  return spanOf(root.functions(), plan.functions) && spanOf(root.parameters(), plan.parameters) &&
         spanOf(root.resources(), plan.resources) && spanOf(root.regions(), plan.regions) &&
         spanOf(root.nodes(), plan.nodes) && spanOf(root.ops(), plan.ops) &&
         spanOf(root.successors(), plan.successors) && spanOf(root.operands(), plan.operands) &&
         spanOf(root.captures(), plan.captures) && spanOf(root.constant_slots(), plan.constantSlots) &&
         spanOf(root.slots(), plan.slots) && spanOf(root.attr_rows(), plan.attrRows) &&
         spanOf(root.locations(), plan.locations) && spanOf(root.call_sites(), plan.callSites);
}

bool planformat::decode(std::string_view body, PlanView &plan, Decoded &beside) {
  if (body.size() < sizeof(uint32_t) * 2 || body.size() >= FLATBUFFERS_MAX_BUFFER_SIZE)
    return false;
  auto *bytes = reinterpret_cast<const uint8_t *>(body.data());
  // One table without nesting: depth and number of tables are bounded by the schema.
  flatbuffers::Verifier verifier(bytes, body.size(), /*max_depth=*/2, /*max_tables=*/1);
  if (!verifier.VerifyBuffer<fbs::Plan>(nullptr))
    return false;
  const fbs::Plan &root = *flatbuffers::GetRoot<fbs::Plan>(bytes);
  beside.text = reinterpret_cast<const char *>(root.text()->Data());
  beside.textSize = root.text()->size();
  plan.optimizationLevel = root.optimization_level();
  return decodeRows(root, beside) && decodeConstants(root, plan.constants) && decodeProgram(root, plan);
}
