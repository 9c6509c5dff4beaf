#include "xcs-wrappers/Options.h"
#include "xcs-wrappers/Names.h"
#include <algorithm>
#include <vector>

using namespace xcs;
using namespace xcs::wrappers;

/// The type of a member for an attribute that may be missing.
static std::string_view memberType(AttrType type) {
  switch (type) {
  case AttrType::Bool:
  case AttrType::Flag:
    return "bool";
  case AttrType::I64:
    return "std::optional<int64_t>";
  case AttrType::F64:
    return "std::optional<double>";
  case AttrType::Str:
    return "std::optional<std::string>";
  case AttrType::Duration:
    return "std::optional<Timespan>";
  case AttrType::Dict:
    return "std::optional<Entries>";
  case AttrType::Texts:
    return "std::optional<std::vector<std::string>>";
  case AttrType::Slots:
    return "std::optional<LimitUse>";
  case AttrType::Symbol:
  case AttrType::Type:
  case AttrType::List:
  case AttrType::Names:
  case AttrType::Any:
    break;
  }
  return "std::optional<Literal>";
}

static bool isCommon(OpCode code, Attribute attribute) {
  const AttributeRow &row = rowOf(attribute);
  return hasAttr(code, attribute) && !row.name.ends_with('*') && row.kind != AttrClass::Draw &&
         row.kind != AttrClass::Fact;
}

/// What the struct of an operation has: its own optional attributes, required ones too for control
/// operations, whose functions have no other place for them; of operations of the world also the common ones.
static std::vector<AttrRow> optionsOf(OpCode code) {
  std::vector<AttrRow> options;
  const OpRow &row = rowOf(code);
  for (const AttrRow &attr : row.attributes.all())
    if (!attr.required || row.form == OpForm::Control)
      options.push_back(attr);
  if (row.form == OpForm::World)
    for (const AttrRow &attr : commonAttrs())
      if (isCommon(code, attr.attribute))
        options.push_back(attr);
  return options;
}

bool wrappers::hasOptions(OpCode code) { return !optionsOf(code).empty(); }

std::string wrappers::optionsName(OpCode code) {
  const std::string_view name = withoutDialect(rowOf(code).name);
  if (name == "while")
    return "LoopOptions";
  if (name == "try")
    return "AttemptOptions";
  return typeName(name) + "Options";
}

static void writeMembers(std::span<const AttrRow> attributes, llvm::raw_ostream &out) {
  for (const AttrRow &attr : attributes) {
    out << "  /// " << rowOf(attr.attribute).doc << '\n';
    if (attr.required && attr.type == AttrType::I64)
      out << "  int64_t " << memberName(attr.name) << " = 0;\n";
    else if (attr.required && attr.type == AttrType::Str)
      out << "  std::string " << memberName(attr.name) << " = {};\n";
    else if (attr.required)
      out << "  Literal " << memberName(attr.name) << " = {};\n";
    else
      out << "  " << memberType(attr.type) << ' ' << memberName(attr.name) << " = {};\n";
  }
}

static void writeAttributes(std::string_view type, std::span<const AttrRow> attributes,
                            llvm::raw_ostream &out) {
  out << "inline Attributes attributesOf(const " << type << " &given) {\n  Attributes made;\n";
  for (const AttrRow &attr : attributes) {
    const std::string member = memberName(attr.name);
    out << "  made.add(\"" << attr.name << "\", ";
    out << (attr.required ? "Literal(given." + member + ")" : "given." + member) << ");\n";
  }
  out << "  return made;\n}\n\n";
}

void wrappers::writeOptions(OpCode code, llvm::raw_ostream &out) {
  const std::vector<AttrRow> options = optionsOf(code);
  if (options.empty())
    return;
  const std::string name = optionsName(code);
  out << "/// Attributes of `" << rowOf(code).name << "`.\nstruct " << name << " {\n";
  writeMembers(options, out);
  out << "};\n";
  writeAttributes(name, options, out);
}

void wrappers::writeResource(ResourceKind kind, llvm::raw_ostream &out) {
  const ResourceRow &row = rowOf(kind);
  const std::string name = kind == ResourceKind::Limit ? "SharedLimit" : typeName(row.name);
  out << "/// Attributes of a `" << row.name << "`.\nstruct " << name << "Settings {\n";
  writeMembers(row.attributes.all(), out);
  out << "};\n";
  writeAttributes(name + "Settings", row.attributes.all(), out);
  out << "/// " << row.doc << ". Its name is that after the `@`.\nclass " << name
      << " : public DeclaredResource {\npublic:\n  " << name << "(std::string_view name, const " << name
      << "Settings &settings)\n      : DeclaredResource(" << static_cast<unsigned>(kind)
      << ", name, attributesOf(settings)) {}\n};\n\n";
}
