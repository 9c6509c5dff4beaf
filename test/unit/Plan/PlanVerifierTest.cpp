#include "Plan/SamplePlan.h"

#include "llvm/Support/raw_ostream.h"

#include <gtest/gtest.h>

#include <ostream>

using namespace xcs;

namespace {

/// One way to break the sample plan, and the rule that must notice.
struct Breakage {
  const char *name;
  const char *rule;
  void (*apply)(RawPlan &);
};

void PrintTo(const Breakage &breakage, std::ostream *out) { *out << breakage.name; }

constexpr uint32_t none = UINT32_MAX;

const Breakage breakages[] = {
    // Constants.
    {"StringRange", "does not follow the one before it", [](RawPlan &p) { ++p.strings[1].offset; }},
    {"StringChunk", "does not follow the one before it", [](RawPlan &p) { p.strings[0].chunk = 1; }},
    {"StringTooLong", "does not follow the one before it", [](RawPlan &p) { p.strings.back().size += 1; }},
    {"TextLeftOver", "the text continues after the last string", [](RawPlan &p) { p.text += 'x'; }},
    {"TextNotUtf8", "the text is not UTF-8", [](RawPlan &p) { p.text[0] = '\xff'; }},
    {"StringWithinCharacter", "begins within a character",
     [](RawPlan &p) {
       p.text.replace(p.strings[0].size - 1, 2, "\xc3\xa4");
     }},
    {"TypeKind", "has an unknown kind", [](RawPlan &p) { p.types[0].kind = static_cast<TypeKind>(14); }},
    {"TypeReserved", "has an unknown kind", [](RawPlan &p) { p.types[0].reserved[2] = 1; }},
    {"TypeFieldCount", "are misplaced", [](RawPlan &p) { p.types.back().count = 2; }},
    {"TypeScalarWithField", "are misplaced", [](RawPlan &p) { p.types[0].count = 1; }},
    {"TypeOfOneDictPart", "are misplaced", [](RawPlan &p) { p.types.back().kind = TypeKind::Dict; }},
    {"TypeOfDictKey", "a dictionary whose keys have a type that no key has",
     [](RawPlan &p) {
       p.types.push_back({TypeKind::Dict, {}, static_cast<uint32_t>(p.typeFields.size()), 2});
       p.typeFields.push_back({StringId(), p.typeOf(TypeKind::List)});
       p.typeFields.push_back({StringId(), p.typeOf(TypeKind::I64)});
     }},
    {"TypeOfDictKeyNamed", "has an invalid name",
     [](RawPlan &p) {
       p.types.push_back({TypeKind::Dict, {}, static_cast<uint32_t>(p.typeFields.size()), 2});
       p.typeFields.push_back({StringId(0u), p.typeOf(TypeKind::Str)});
       p.typeFields.push_back({StringId(), p.typeOf(TypeKind::I64)});
     }},
    {"TypeFieldPlace", "are misplaced", [](RawPlan &p) { p.types.back().first = 1; }},
    {"TypeFieldsLeftOver", "belongs to no type", [](RawPlan &p) { p.typeFields.push_back({StringId(), TypeId(0u)}); }},
    {"TypeOfItself", "a type that does not precede it",
     [](RawPlan &p) { p.typeFields[0].type = p.typeOf(TypeKind::List); }},
    {"TypeFieldNamed", "has an invalid name", [](RawPlan &p) { p.typeFields[0].name = StringId(0u); }},
    {"AttrKind", "has an unknown kind", [](RawPlan &p) { p.attrs[0].kind = static_cast<AttrKind>(12); }},
    {"AttrReserved", "has an unknown kind", [](RawPlan &p) { p.attrs[0].reserved[0] = 1; }},
    {"AttrString", "names no string",
     [](RawPlan &p) { p.attrs[p.attrOf(AttrKind::Str).index].payload = p.strings.size(); }},
    {"AttrStringWide", "names no string",
     [](RawPlan &p) { p.attrs[p.attrOf(AttrKind::Str).index].payload |= uint64_t(1) << 32; }},
    {"AttrSecretPrefix", "names no string",
     [](RawPlan &p) { p.attrs[p.attrOf(AttrKind::Secret).index].count = 999; }},
    {"AttrSecretPrefixLineBreak", "the prefix of the secret in attribute",
     [](RawPlan &p) {
       p.text[p.strings[p.attrs[p.attrOf(AttrKind::Secret).index].count].offset + 5] = '\r';
     }},
    {"AttrSecretPrefixNul", "the prefix of the secret in attribute",
     [](RawPlan &p) {
       p.text[p.strings[p.attrs[p.attrOf(AttrKind::Secret).index].count].offset] = '\0';
     }},
    {"AttrItemPlace", "are misplaced", [](RawPlan &p) { ++p.attrs[p.attrOf(AttrKind::List).index].payload; }},
    {"AttrItemCount", "are misplaced", [](RawPlan &p) { ++p.attrs[p.attrOf(AttrKind::List).index].count; }},
    {"AttrItemsLeftOver", "belongs to no attribute", [](RawPlan &p) { p.attrItems.push_back(AttrId(0u)); }},
    {"AttrOfItself", "an item that does not precede it",
     [](RawPlan &p) { p.attrItems[0] = p.attrOf(AttrKind::List); }},
    {"AttrType", "names no type",
     [](RawPlan &p) { p.attrs[0] = {AttrKind::Type, {}, 0, p.types.size()}; }},
    {"AttrDict", "names no dictionary",
     [](RawPlan &p) { p.attrs[0] = {AttrKind::Dict, {}, 0, p.dicts.size()}; }},
    {"AttrDictOfItself", "an entry that does not precede it",
     [](RawPlan &p) { p.attrs[0] = {AttrKind::Dict, {}, 0, 0}; }},
    {"DictPlace", "of dictionary 1 are misplaced", [](RawPlan &p) { --p.dicts[1].first; }},
    {"DictCount", "are misplaced", [](RawPlan &p) { ++p.dicts.back().count; }},
    {"DictLeftOver", "belongs to no dictionary", [](RawPlan &p) { p.dictEntries.push_back({}); }},
    {"DictKey", "names no string or no attribute", [](RawPlan &p) { p.dictEntries[0].key = StringId(); }},
    {"DictKeyTwice", "has a key twice",
     [](RawPlan &p) {
       const DictRange &chat = p.dicts[p.tables.ops[5].dict.index];
       p.dictEntries[chat.first + 1].key = p.dictEntries[chat.first].key;
     }},
    {"DictValue", "names no string or no attribute", [](RawPlan &p) { p.dictEntries[0].value = AttrId(); }},

    // Functions, resources, locations.
    {"FunctionName", "has no name", [](RawPlan &p) { p.tables.functions[0].symbol = StringId(); }},
    {"FunctionPrivate", "an invalid private or recursive flag", [](RawPlan &p) { p.tables.functions[0].isPrivate = 2; }},
    {"FunctionRecursive", "an invalid private or recursive flag", [](RawPlan &p) { p.tables.functions[0].isRecursive = 2; }},
    {"ParameterPlace", "parameters of function 1", [](RawPlan &p) { --p.tables.functions[1].firstParameter; }},
    {"ResultPlace", "parameters of function 0", [](RawPlan &p) { ++p.tables.functions[0].firstResult; }},
    {"ParametersLeftOver", "belongs to no function",
     [](RawPlan &p) { p.tables.parameters.push_back(p.tables.parameters[0]); }},
    {"FunctionNameIsNoName", "has no name", [](RawPlan &p) { p.tables.functions[0].symbol = p.addString("a b"); }},
    {"FunctionNameBeginsWithDigit", "has no name", [](RawPlan &p) { p.tables.functions[0].symbol = p.addString("1a"); }},
    {"FunctionNameWithEscape", "has no name",
     [](RawPlan &p) { p.tables.functions[1].symbol = p.addString("a\x1b[2K"); }},
    {"EntryTwice", "has the name of another public function",
     [](RawPlan &p) {
       p.tables.functions[1].isPrivate = 0;
       p.tables.functions[1].symbol = p.addString(p.name(p.tables.functions[0].symbol));
     }},
    {"EntryWithoutParameterName", "parameter 0 has an invalid name",
     [](RawPlan &p) { p.tables.parameters[0].name = StringId(); }},
    {"PrivateWithoutParameterName", "parameter 4 has an invalid name",
     [](RawPlan &p) { p.tables.parameters[4].name = StringId(); }},
    {"EmptyParameterName", "an invalid name", [](RawPlan &p) { p.tables.parameters[0].name = p.addString(""); }},
    {"ParameterNameWithLineEnd", "an invalid name",
     [](RawPlan &p) { p.tables.parameters[1].name = p.addString("n\nm"); }},
    {"ParameterNameOfOther", "has the same name as another of its function",
     [](RawPlan &p) { p.tables.parameters[1].name = p.addString(p.name(p.tables.parameters[0].name)); }},
    {"ResultNamed", "parameter 2 has an invalid name",
     [](RawPlan &p) { p.tables.parameters[2].name = p.tables.parameters[0].name; }},
    {"ResourceName", "has an unknown kind, no name",
     [](RawPlan &p) { p.tables.resources[0].symbol = p.addString("\xe2\x80\xaegpt"); }},
    {"ResourceTwice", "resource 1 has the same name as another",
     [](RawPlan &p) {
       p.tables.resources.push_back(p.tables.resources[0]);
       p.tables.resources[1].symbol = p.addString(p.name(p.tables.resources[0].symbol));
     }},
    {"DictKeyTwiceByText", "repeats a dictionary key",
     [](RawPlan &p) {
       const DictRange &chat = p.dicts[p.tables.ops[5].dict.index];
       p.dictEntries[chat.first + 1].key = p.addString(p.name(p.dictEntries[chat.first].key));
     }},
    {"ParameterType", "an invalid name or type", [](RawPlan &p) { p.tables.parameters[0].type = TypeId(); }},
    {"ParameterName", "an invalid name or type", [](RawPlan &p) { p.tables.parameters[0].name = StringId(999u); }},
    {"ResourceKind", "has an unknown kind",
     [](RawPlan &p) { p.tables.resources[0].kind = static_cast<ResourceKind>(resourceKindCount); }},
    {"ResourceDict", "has an unknown kind, no name or no attributes",
     [](RawPlan &p) { p.tables.resources[0].dict = DictId(99u); }},
    {"ResourceWithoutUrl", "lacks an attribute", [](RawPlan &p) { p.tables.resources[0].dict = DictId(); }},
    {"ResourceAttrType", "does not match its kind",
     [](RawPlan &p) { p.dictEntries[p.dicts[p.tables.resources[0].dict.index].first].value = p.attrOf(AttrKind::I64); }},
    {"ResourceKeyInTheOpen", "does not match its kind",
     [](RawPlan &p) {
       p.dictEntries[p.dicts[p.tables.resources[0].dict.index].first + 2].value = p.attrOf(AttrKind::Str);
     }},
    {"LocationFile", "names no file", [](RawPlan &p) { p.tables.locations[0].file = StringId(); }},
    {"AttrRow", "names no attribute", [](RawPlan &p) { p.tables.attrRows[0] = AttrId(999u); }},

    // Regions.
    {"RegionNodes", "of region 1 are misplaced", [](RawPlan &p) { ++p.tables.regions[1].firstNode; }},
    {"RegionSlots", "of region 1 are misplaced", [](RawPlan &p) { --p.tables.regions[1].firstSlot; }},
    {"RegionCaptures", "of region 1 are misplaced", [](RawPlan &p) { ++p.tables.regions[1].firstCapture; }},
    {"RegionConstants", "of region 0 are misplaced", [](RawPlan &p) { p.tables.regions[0].firstConstant = 1; }},
    {"RegionArguments", "has too few slots", [](RawPlan &p) { p.tables.regions[1].argumentCount = 4; }},
    {"RegionArgumentsOverflow", "has too few slots", [](RawPlan &p) { p.tables.regions[1].argumentCount = none; }},
    {"NodesLeftOver", "belongs to no region", [](RawPlan &p) { p.tables.nodes.push_back({}); }},
    {"SlotsLeftOver", "belongs to no region", [](RawPlan &p) { p.tables.slots.push_back({}); }},
    {"FunctionRegion", "the body of function 1", [](RawPlan &p) { p.tables.functions[1].region = 1; }},
    {"RegionOfNothing", "a region belongs to nothing",
     [](RawPlan &p) {
       p.tables.functions.pop_back();
       p.tables.parameters.resize(4);
       p.tables.regions[0].nodeCount = 2; // without the call
       p.tables.nodes.erase(p.tables.nodes.begin() + 2);
       p.tables.nodes[0].firstSuccessor = p.tables.nodes[1].firstSuccessor = 0;
       for (PlanNode &node : p.tables.nodes)
         node.firstOp -= node.firstOp > 3;
       p.tables.nodes[2].firstOp = 3;
       for (size_t n = 2; n < p.tables.nodes.size(); ++n)
         p.tables.nodes[n].firstSuccessor -= 1;
       p.tables.successors.erase(p.tables.successors.begin());
       p.tables.ops.erase(p.tables.ops.begin() + 3);
       for (size_t o = 3; o < p.tables.ops.size(); ++o)
         p.tables.ops[o].firstOperand -= 2;
       p.tables.operands.erase(p.tables.operands.begin() + 5);
       p.tables.operands.erase(p.tables.operands.begin() + 6);
       p.tables.slots.erase(p.tables.slots.begin() + 7);
       p.tables.slots[5].uses = 0;
       p.tables.regions[0].slotCount = 7;
       p.tables.regions[0].resultCount = 1;
       p.tables.regions[0].firstResult = 5;
       p.tables.functions[0].resultCount = 1;
       p.tables.parameters.resize(3);
       for (size_t r = 1; r < 3; ++r) {
         --p.tables.regions[r].firstNode;
         --p.tables.regions[r].firstSlot;
         p.tables.regions[r].firstResult -= 2;
       }
     }},

    // Nodes and edges.
    {"NodeOps", "the operations of node 0", [](RawPlan &p) { p.tables.nodes[0].firstOp = 1; }},
    {"NodeEmpty", "the operations of node 1", [](RawPlan &p) { p.tables.nodes[2].firstOp = 2; }},
    {"NodeEndBeyondTable", "the nodes of region 2 have no valid end",
     [](RawPlan &p) { p.tables.nodes[7].firstOp = 1000; }},
    {"SentinelWaits", "have no valid end", [](RawPlan &p) { p.tables.nodes[3].readyCount = 1; }},
    {"StartIsRelative", "the directory of the start", [](RawPlan &p) { p.tables.startDirectory = "a"; }},
    {"StartIsNotNormal", "the directory of the start", [](RawPlan &p) { p.tables.startDirectory = "/a/../b"; }},
    {"StartHasANul", "the directory of the start",
     [](RawPlan &p) { p.tables.startDirectory = std::string("/a\0b", 4); }},
    {"StartIsNotUtf8", "the directory of the start", [](RawPlan &p) { p.tables.startDirectory = "/\xff"; }},
    {"NodePriorityNan", "has no priority", [](RawPlan &p) { p.tables.nodes[0].priority = __builtin_nanf(""); }},
    {"NodePriorityNegative", "has no priority", [](RawPlan &p) { p.tables.nodes[0].priority = -1; }},
    {"NodePriorityInfinite", "has no priority", [](RawPlan &p) { p.tables.nodes[0].priority = __builtin_inff(); }},
    {"ReadyCount", "waits for a different number", [](RawPlan &p) { p.tables.nodes[2].readyCount = 2; }},
    {"ReadyCountOfRoot", "waits for a different number", [](RawPlan &p) { p.tables.nodes[0].readyCount = 1; }},
    {"SinkCount", "a different number of sinks", [](RawPlan &p) { p.tables.regions[0].sinkCount = 1; }},
    {"SuccessorPlace", "the successors of node 0", [](RawPlan &p) { p.tables.nodes[0].firstSuccessor = 1; }},
    {"SuccessorsBeyondTable", "the successors of node 0", [](RawPlan &p) { p.tables.nodes[1].firstSuccessor = 3; }},
    {"EdgeToItself", "does not lead forward", [](RawPlan &p) { p.tables.successors[0] = 0; }},
    {"EdgeOutside", "does not lead forward", [](RawPlan &p) { p.tables.successors[0] = 3; }},
    {"EdgesLeftOver", "belongs to no region", [](RawPlan &p) { p.tables.successors.push_back(1); }},
    {"MissingEdge", "without an edge to it",
     [](RawPlan &p) { // from node 0 to node 1 instead of node 2
       p.tables.successors[0] = 1;
       p.tables.nodes[1].readyCount = 1;
       p.tables.nodes[2].readyCount = 0;
       p.tables.regions[0].sinkCount = 2;
     }},
    {"ImpureInACluster", "shares a node and is not pure",
     [](RawPlan &p) { // the call joins the map's node
       p.tables.nodes[1] = {2, 1, 1, 1};
       p.tables.nodes.erase(p.tables.nodes.begin() + 2);
       p.tables.successors[0] = 1;
       p.tables.regions[0].nodeCount = 2;
       p.tables.regions[0].sinkCount = 1;
       --p.tables.regions[1].firstNode;
       --p.tables.regions[2].firstNode;
     }},

    // Slots.
    {"SlotType", "has no type a value can have", [](RawPlan &p) { p.tables.slots[0].type = TypeId(999u); }},
    {"SlotSecret", "has no type a value can have",
     [](RawPlan &p) {
       p.types.push_back({TypeKind::Secret, {}, static_cast<uint32_t>(p.typeFields.size()), 0});
       p.tables.slots[7].type = TypeId(p.types.size() - 1);
     }},
    {"SlotUses", "not as often as it says", [](RawPlan &p) { p.tables.slots[1].uses = 1; }},
    {"SlotUsesOfCapture", "not as often as it says", [](RawPlan &p) { p.tables.slots[2].uses = 0; }},
    {"SlotUsesOfResult", "not as often as it says", [](RawPlan &p) { p.tables.slots[7].uses = 0; }},
    {"OperandBeforeWritten", "before it is written", [](RawPlan &p) { p.tables.operands[2] = 5; }},
    {"OperandOutside", "before it is written", [](RawPlan &p) { p.tables.operands[2] = 99; }},
    {"OperandsLeftOver", "belongs to no region", [](RawPlan &p) { p.tables.operands.push_back(0); }},
    {"OperandPlace", "the operands of operation 1", [](RawPlan &p) { --p.tables.ops[1].firstOperand; }},
    {"OperandCountHuge", "the operands of operation 1", [](RawPlan &p) { p.tables.ops[1].operandCount = none; }},
    {"ResultSlot", "the results of operation 1", [](RawPlan &p) { p.tables.ops[1].resultSlot = 4; }},
    {"ResultCountHuge", "the results of operation 3", [](RawPlan &p) { p.tables.ops[3].resultCount = none; }},
    {"RegionResultSlot", "returns a slot it does not have", [](RawPlan &p) { p.tables.operands[6] = 8; }},
    {"RegionResultPlace", "the results of the region", [](RawPlan &p) { p.tables.regions[0].firstResult = 5; }},
    {"RegionResultType", "does not return what is expected",
     [](RawPlan &p) { std::swap(p.tables.operands[6], p.tables.operands[7]); }},
    {"MapYieldType", "does not return what is expected",
     [](RawPlan &p) {
       p.types.push_back({TypeKind::List, {}, static_cast<uint32_t>(p.typeFields.size()), 1});
       p.typeFields.push_back({StringId(), p.typeOf(TypeKind::I64)});
       p.tables.slots[6].type = p.tables.parameters[2].type = TypeId(p.types.size() - 1);
     }},
    {"MapResultType", "returns a wrong type in result 0", [](RawPlan &p) { p.tables.slots[6].type = p.typeOf(TypeKind::I64); }},
    {"MapArgumentType", "does not accept what it is passed",
     [](RawPlan &p) { p.tables.slots[8].type = p.typeOf(TypeKind::I64); }},
    {"CaptureType", "has a different type from the slot it fills",
     [](RawPlan &p) { p.tables.slots[9].type = p.typeOf(TypeKind::I64); }},
    {"CaptureOutside", "before it is written", [](RawPlan &p) { p.tables.captures[0] = 7; }},
    {"ParameterOfBody", "does not accept what it is passed",
     [](RawPlan &p) { p.tables.parameters[0].type = p.typeOf(TypeKind::Str); }},
    {"ConstantSlot", "is not in its slot", [](RawPlan &p) { p.tables.constantSlots[0].slot = 3; }},
    {"ConstantType", "is not in its slot or does not match it",
     [](RawPlan &p) { std::swap(p.tables.constantSlots[0].value, p.tables.constantSlots[1].value); }},
    {"ConstantValue", "names no attribute", [](RawPlan &p) { p.tables.constantSlots[0].value = AttrId(); }},

    {"CallSiteBehindItsCaller", "call site 0 is misplaced", [](RawPlan &p) { p.tables.callSites = {{0, 1}}; }},
    {"CallSiteTwice", "call site 1 is misplaced",
     [](RawPlan &p) { p.tables.callSites = {{1, 0}, {1, 0}}; }},
    {"CallSiteOutside", "call site 0 is misplaced", [](RawPlan &p) { p.tables.callSites = {{2, 0}}; }},

    // Operations.
    {"OpCode", "has an unknown code", [](RawPlan &p) { p.tables.ops[0].code = static_cast<OpCode>(opCodeCount); }},
    {"OpTerminator", "is a terminator", [](RawPlan &p) { p.tables.ops[0].code = OpCode::core_yield; }},
    {"OpEffect", "a different effect from what its row", [](RawPlan &p) { p.tables.ops[0].effect = Effect::Log; }},
    {"OpEffectUnknown", "a different effect from what its row",
     [](RawPlan &p) { p.tables.ops[2].effect = static_cast<Effect>(99); }},
    {"OpEffectUnresolved", "a different effect from what its row", [](RawPlan &p) { p.tables.ops[2].effect = Effect::Bodies; }},
    {"OpEffectRead", "a different effect from what its row", [](RawPlan &p) { p.tables.ops[5].effect = Effect::Read; }},
    {"OpEffectOfBodyWeaker", "a different effect from what it runs",
     [](RawPlan &p) { p.tables.ops[2].effect = Effect::Read; }},
    {"OpEffectOfBodyStronger", "a different effect from what it runs",
     [](RawPlan &p) { p.tables.ops[2].effect = Effect::WriteNever; }},
    {"OpEffectOfCall", "a different effect from what it runs",
     [](RawPlan &p) { p.tables.ops[3].effect = Effect::Sample; }},
    {"OpOrderTwice", "no unique position in program order", [](RawPlan &p) { p.tables.ops[1].order = 0; }},
    {"OpOrderOutside", "no unique position in program order", [](RawPlan &p) { p.tables.ops[3].order = 4; }},
    {"OpOrderAgainstData", "precedes the operation it reads from",
     [](RawPlan &p) { std::swap(p.tables.ops[0].order, p.tables.ops[1].order); }},
    {"OpSignature", "(`i64.add`) does not match its signature",
     [](RawPlan &p) {
       p.tables.operands[1] = 0;
     }},
    {"OpOtherCode", "(`f64.add`) does not match its signature", [](RawPlan &p) { p.tables.ops[1].code = OpCode::f64_add; }},
    {"OpTooManyOperands", "(`i64.abs`) does not match its signature",
     [](RawPlan &p) { p.tables.ops[0].code = OpCode::i64_abs; }},
    {"OpRegions", "the wrong number of regions", [](RawPlan &p) { p.tables.ops[2].regionCount = 0; }},
    {"OpRegionsOfPureOp", "the wrong number of regions", [](RawPlan &p) { p.tables.ops[0].regionCount = 1; }},
    {"OpRegionPlace", "the regions of operation 2", [](RawPlan &p) { p.tables.ops[2].firstRegion = 2; }},
    {"OpTargetMissing", "does not name what it uses", [](RawPlan &p) { p.tables.ops[5].target = none; }},
    {"OpTargetOutside", "does not name what it uses", [](RawPlan &p) { p.tables.ops[5].target = 1; }},
    {"OpTargetNotWanted", "does not name what it uses", [](RawPlan &p) { p.tables.ops[4].target = 0; }},
    {"OpTargetFunction", "does not name what it uses", [](RawPlan &p) { p.tables.ops[3].target = 2; }},
    {"CallSignature", "does not match the function it calls",
     [](RawPlan &p) { p.tables.ops[3].target = 0; }},
    {"CallOfItself", "a function that is not recursive calls itself",
     [](RawPlan &p) { // @same(x) = call @same(x)
       p.tables.nodes[7].firstSuccessor = 2;
       p.tables.nodes.insert(p.tables.nodes.begin() + 7, {6, 2, 0, 1});
       p.tables.nodes[8].firstOp = 7;
       PlanOp call = p.tables.ops[3];
       call.order = 0;
       call.firstOperand = 12;
       call.resultSlot = 1;
       p.tables.ops.push_back(call);
       p.tables.operands.push_back(1);
       p.tables.slots.push_back(p.tables.slots[12]);
       p.tables.regions[2].nodeCount = 1;
       p.tables.regions[2].slotCount = 2;
       p.tables.regions[2].firstResult = 13;
       p.tables.regions[2].sinkCount = 1;
     }},
    {"OpAttrRows", "the attribute rows of operation 5", [](RawPlan &p) { ++p.tables.ops[5].attributes; }},
    {"OpAttrRowsNotItsAttributes", "the attribute rows of operation 5 are not its attributes",
     [](RawPlan &p) { p.tables.attrRows[rowOf(OpCode::core_map).attributes.count + 1] = AttrId(); }},
    {"OpAttrRowsOfNoAttribute", "the attribute rows of operation 5 are not its attributes",
     [](RawPlan &p) { p.tables.ops[5].dict = DictId(); }},
    {"OpAttrRowsNotWanted", "attribute rows it does not know", [](RawPlan &p) { p.tables.ops[0].attributes = 1; }},
    {"OpAttrRowKind", "of operation 5 is missing or does not match",
     [](RawPlan &p) { p.tables.attrRows[rowOf(OpCode::core_map).attributes.count + 1] = p.attrOf(AttrKind::Str); }},
    {"OpAttrRowRange", "of operation 5 is missing or does not match",
     [](RawPlan &p) {
       AttrNode &node = p.attrs[p.attrOf(AttrKind::F64).index];
       node.payload |= uint64_t(1) << 63; // a negative temperature
     }},
    {"OpAttrListItem", "of operation 5 is missing or does not match",
     [](RawPlan &p) { p.attrItems[1] = p.attrOf(AttrKind::F64); }},
    {"OpDict", "the attributes of operation 5 do not exist", [](RawPlan &p) { p.tables.ops[5].dict = DictId(9u); }},
    {"OpDictUnknownKey", "unknown or does not match its row",
     [](RawPlan &p) { p.dictEntries[p.dicts[p.tables.ops[5].dict.index].first].key = p.tables.ops[0].name; }},
    {"OpDictKind", "unknown or does not match its row",
     [](RawPlan &p) {
       p.dictEntries[p.dicts[p.tables.ops[5].dict.index].first].value = p.attrOf(AttrKind::Secret);
     }},
    {"OpLocation", "an invalid location or name", [](RawPlan &p) { p.tables.ops[0].location = 2; }},
    {"OpNameIsNoName", "an invalid location or name", [](RawPlan &p) { p.tables.ops[0].name = p.addString("a`"); }},
    {"OpName", "an invalid location or name", [](RawPlan &p) { p.tables.ops[0].name = StringId(999u); }},
};

class BrokenRule : public testing::TestWithParam<Breakage> {};

TEST_P(BrokenRule, IsNamed) {
  std::unique_ptr<PlanFile> sample = openPlan(SamplePlan().bytes());
  ASSERT_TRUE(sample);
  RawPlan raw(sample->view());
  ASSERT_EQ(openError(raw.bytes()), "");
  GetParam().apply(raw);
  std::string error = openError(raw.bytes());
  EXPECT_NE(error.find(GetParam().rule), std::string::npos) << "said: " << error;
  EXPECT_EQ(error.find("`test.xplan` breaks a rule of the plan format: "), 0u) << error;
}

TEST(PlanVerifier, RuleIsPrintedWithTheFile) {
  RawPlan raw(openPlan(SamplePlan().bytes())->view());
  raw.tables.successors[0] = 0;
  std::string text;
  llvm::raw_string_ostream out(text);
  DiagnosticEngine diagnostics(&out);
  EXPECT_FALSE(PlanFile::fromBytes(raw.bytes(), "test.xplan", diagnostics, {}));
  EXPECT_EQ(text, "test.xplan: error: `test.xplan` breaks a rule of the plan format: edge 0 does not lead "
                  "forward, or not in "
                  "ascending order; compile it again [bad-plan]\n");
}

TEST(PlanVerifier, SharedConstantsAreBoundedAsWrittenOut) {
  RawPlan raw(openPlan(SamplePlan().bytes())->view());
  // Each of 64 lists holds the one before it twice: 2^64 items when written out, 64 entries in the plan.
  for (int i = 0; i < 64; ++i) {
    raw.attrs.push_back({AttrKind::List, {}, 2, raw.attrItems.size()});
    raw.attrItems.insert(raw.attrItems.end(), 2, AttrId(raw.attrs.size() - 2));
  }
  EXPECT_NE(openError(raw.bytes()).find("when written out"), std::string::npos);
}

TEST(PlanVerifier, NestingIsBounded) {
  RawPlan raw(openPlan(SamplePlan().bytes())->view());
  for (int i = 0; i < 300; ++i) {
    raw.types.push_back({TypeKind::List, {}, static_cast<uint32_t>(raw.typeFields.size()), 1});
    raw.typeFields.push_back({StringId(), TypeId(raw.types.size() - 2)});
  }
  EXPECT_NE(openError(raw.bytes()).find("nests deeper than 256 levels"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(PlanVerifier, BrokenRule, testing::ValuesIn(breakages),
                         [](const auto &info) { return std::string(info.param.name); });

} // namespace
