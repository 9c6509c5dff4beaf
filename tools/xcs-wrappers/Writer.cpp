#include "xcs-wrappers/Writer.h"
#include "xcs-wrappers/Names.h"
#include "xcs-wrappers/Options.h"
#include "xcs-wrappers/Shape.h"

using namespace xcs;
using namespace xcs::wrappers;

static void writeTemplate(const Shape &shape, llvm::raw_ostream &out) {
  if (shape.given.empty() && shape.deduced.empty()) {
    out << "inline ";
    return;
  }
  const char *separator = "template <";
  for (const auto *names : {&shape.given, &shape.deduced})
    for (const std::string &name : *names) {
      out << separator << name;
      separator = ", ";
    }
  out << ">\n";
}

/// Whether any number of operands comes after the options, where its braces cannot be taken for them.
static bool endsWithMany(const Shape &shape) {
  return hasOptions(shape.code) && shape.parameters.size() > 1 && shape.parameters.back().isMany;
}

static void writeParameters(const Shape &shape, llvm::raw_ostream &out) {
  const char *separator = "";
  auto add = [&](const std::string &declared) {
    out << separator << declared;
    separator = ", ";
  };
  if (!shape.resource.empty())
    add("const " + shape.resource + " &resource");
  const bool isLate = endsWithMany(shape);
  for (const Parameter &parameter : shape.parameters)
    if (!isLate || !parameter.isMany)
      add(parameter.declared);
  for (const AttrRow &attr : shape.required)
    add("const Literal &" + memberName(attr.name));
  if (hasOptions(shape.code))
    add("const " + optionsName(shape.code) + (isLate ? " &options" : " &options = {}"));
  if (isLate)
    add(shape.parameters.back().declared);
  add("const Origin &at = Origin::current()");
}

/// Makes `operands` from the parameters.
static void writeOperands(const Shape &shape, llvm::raw_ostream &out) {
  bool isMany = false;
  for (const Parameter &parameter : shape.parameters)
    isMany |= parameter.isMany;
  if (shape.parameters.empty())
    return;
  if (!isMany) {
    out << "  const Operand operands[] = {";
    const char *separator = "";
    for (const Parameter &parameter : shape.parameters) {
      out << separator << parameter.operand;
      separator = ", ";
    }
    out << "};\n";
    return;
  }
  out << "  std::vector<Operand> operands;\n";
  for (const Parameter &parameter : shape.parameters) {
    const std::string name = parameter.declared.substr(parameter.declared.rfind(' ') + 1);
    if (parameter.isMany)
      out << "  for (const auto &one : " << name << ")\n    operands.push_back(" << parameter.operand
          << ");\n";
    else
      out << "  operands.push_back(" << parameter.operand << ");\n";
  }
}

static bool describesType(OpCode code) {
  for (const AttrRow &attr : rowOf(code).attributes.all())
    if (attr.required && attr.type == AttrType::Type)
      return true;
  return false;
}

static void writeBody(const Shape &shape, llvm::raw_ostream &out) {
  writeOperands(shape, out);
  const bool options = hasOptions(shape.code);
  const bool attributes = options || !shape.required.empty() || describesType(shape.code);
  if (options)
    out << "  Attributes attributes = attributesOf(options);\n";
  else if (attributes)
    out << "  Attributes attributes;\n";
  for (const AttrRow &attr : shape.required)
    out << "  attributes.add(\"" << attr.name << "\", " << memberName(attr.name) << ");\n";
  if (describesType(shape.code))
    out << "  attributes.add(\"type\", Literal::type(typeMaker<Described>()));\n";
  out << "  return madeHandle<" << shape.result
      << ">(tracing::record({OpCode::" << rowId(rowOf(shape.code).name) << ", "
      << (shape.parameters.empty() ? "{}" : "operands") << ", " << (attributes ? "&attributes" : "nullptr")
      << ", " << (shape.resource.empty() ? "nullptr" : "&resource") << ", at}, typeMaker<" << shape.result
      << ">()));\n";
}

static void writeShape(const Shape &shape, llvm::raw_ostream &out) {
  writeTemplate(shape, out);
  out << shape.result << ' ' << memberName(withoutDialect(rowOf(shape.code).name)) << '(';
  writeParameters(shape, out);
  out << ") {\n";
  writeBody(shape, out);
  out << "}\n";
}

/// The functions of one operation in the namespace of its dialect. False if it has none.
static bool writeOperation(OpCode code, llvm::raw_ostream &out) {
  const OpRow &row = rowOf(code);
  const std::string_view dialect = dialectOf(row.name);
  if (!dialect.empty())
    out << "namespace " << memberName(dialect) << " {\n";
  bool isWritten = true;
  writeOptions(code, out);
  if (row.form != OpForm::Control && !isByHand(code)) {
    const std::vector<Shape> shapes = shapesOf(code);
    isWritten = !shapes.empty();
    out << "/// `" << row.name << "`: " << row.doc << ".\n";
    for (const Shape &shape : shapes)
      writeShape(shape, out);
  }
  if (!dialect.empty())
    out << "} // namespace " << memberName(dialect) << '\n';
  out << '\n';
  return isWritten;
}

bool wrappers::writeHeader(llvm::raw_ostream &out) {
  out << "// Written by xcs-wrappers from the tables of operations and resources (xcs/Ops/*.def).\n"
         "#pragma once\n#include \"xcs/Frontend/OperationRecords.h\"\n\nnamespace xcs {\n\n";
  for (size_t kind = 0; kind < resourceKindCount; ++kind)
    writeResource(static_cast<ResourceKind>(kind), out);
  bool all = true;
  for (size_t i = 0; i < opCodeCount; ++i) {
    const OpCode code = static_cast<OpCode>(i);
    if (writeOperation(code, out))
      continue;
    llvm::errs() << "no function of C++ for `" << rowOf(code).name
                 << "`: add its result to openResults of tools/xcs-wrappers/Shape.cpp\n";
    all = false;
  }
  out << "} // namespace xcs\n";
  return all;
}

static std::string sampleOf(const AttrRow &attr) {
  if (attr.type == AttrType::I64)
    return "2";
  return attr.name == "unit"                           ? "\"day\""
         : attr.name == "field" || attr.name == "name" ? "\"name\""
                                                       : "\"{0}\"";
}

static void writeCall(const Shape &shape, llvm::raw_ostream &out) {
  const std::string_view name = rowOf(shape.code).name, dialect = dialectOf(name);
  out << "XCS_CALL(\"" << name << "\", ";
  if (!dialect.empty())
    out << memberName(dialect) << "::";
  out << memberName(withoutDialect(name));
  const char *separator = "<";
  for (const std::string &sample : shape.samples) {
    out << separator << sample;
    separator = ", ";
  }
  out << (shape.samples.empty() ? "(" : ">(");
  separator = "";
  auto add = [&](const std::string &argument) {
    out << separator << argument;
    separator = ", ";
  };
  if (!shape.resource.empty())
    add("any" + shape.resource + "()");
  const bool isLate = endsWithMany(shape);
  for (const Parameter &parameter : shape.parameters)
    if (!isLate || !parameter.isMany)
      add(parameter.sample);
  for (const AttrRow &attr : shape.required)
    add(sampleOf(attr));
  if (isLate) {
    add("{}");
    add(shape.parameters.back().sample);
  }
  out << "))\n";
}

void wrappers::writeCalls(llvm::raw_ostream &out) {
  for (size_t i = 0; i < opCodeCount; ++i) {
    const OpCode code = static_cast<OpCode>(i);
    if (rowOf(code).form == OpForm::Control || isByHand(code))
      continue;
    for (const Shape &shape : shapesOf(code))
      writeCall(shape, out);
  }
}
