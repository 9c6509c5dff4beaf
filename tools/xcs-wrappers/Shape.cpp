#include "xcs-wrappers/Shape.h"
#include "xcs/Ops/SignatureMatch.h"
#include <algorithm>

using namespace xcs;
using namespace xcs::wrappers;
using Form = SignatureNode::Form;
using Count = SignatureParam::Count;

bool wrappers::isByHand(OpCode code) {
  return code == OpCode::core_const || code == OpCode::record_make || code == OpCode::record_get ||
         code == OpCode::record_with || code == OpCode::host_call;
}

namespace {

/// Results that a signature leaves open: what a call gives, with what is usual, and the type that is made.
struct OpenResult {
  std::string_view op, given, result, sample;
};
constexpr OpenResult openResults[] = {
    {"ask.human", "class R = Str", "R", "Bool"},
    {"model.chat", "class R = Str", "R", "Str"},
    {"http.request", "class R = http::Response", "R", "http::Response"},
    {"exec.run", "class R = exec::Finished", "R", "exec::Finished"},
    {"file.stat", "", "Option<file::Stat>", ""},
    {"file.list", "class T = Str", "List<T>", "Str"},
    {"file.glob", "class T = Str", "List<T>", "Str"},
    {"time.parts", "", "time::Parts", ""},
    {"result.error", "", "result::Error", ""},
    {"result.errors", "", "List<result::Error>", ""},
    {"list.zip", "", "List<list::Zipped<T, U>>", ""},
    {"list.enumerate", "", "List<list::Indexed<T>>", ""},
    {"dict.items", "", "List<dict::Item<T, U>>", ""},
    {"json.cast", "class R", "R", "Row"},
    {"json.lines", "class R = Json", "List<R>", "Row"},
    {"csv.parse", "class R", "List<R>", "Row"},
    {"vote.first_valid", "", "typename T0::Element", ""},
};

/// Arguments that a signature leaves open, for the test that calls every function.
struct OpenSample {
  std::string_view op, sample;
};
constexpr OpenSample openSamples[] = {
    {"vote.first_valid", "List<Option<Str>>"},
    {"csv.print", "List<Row>"},
    {"json.print_lines", "List<Row>"},
    {"list.pluck", "List<Row>"},
    {"dict.from_items", "List<dict::Item<Str, I64>>"},
};

/// The types of a signature as those of C++.
class Types {
public:
  explicit Types(const SignatureText &signature) : signature(signature) {}

  bool isBound[2] = {false, false};

  /// The type from node `at` on, which becomes the one after it.
  std::string read(size_t &at, bool asSample = false) const {
    const SignatureNode &node = signature.nodes[at++];
    if (node.form == Form::Variable)
      return asSample ? (node.variable ? "I64" : "Str") : (node.variable ? "U" : "T");
    if (node.form != Form::Exact)
      return node.form == Form::Any ? "Any" : "Record";
    static constexpr std::string_view names[] = {"Bool",   "I64",     "F64",      "Str",    "Bytes",
                                                 "Json",   "None",    "Duration", "Secret", "List",
                                                 "Option", "Outcome", "Record",   "Dict"};
    std::string text(names[static_cast<size_t>(node.kind)]);
    if (node.kind < TypeKind::List || node.kind == TypeKind::Record)
      return text;
    text += '<' + read(at, asSample);
    if (node.kind == TypeKind::Dict)
      text += ", " + read(at, asSample);
    return text + '>';
  }
  std::string text(const SignatureParam &param, bool asSample = false) const {
    size_t at = param.firstNode;
    return read(at, asSample);
  }
  const SignatureNode &node(const SignatureParam &param, size_t offset = 0) const {
    return signature.nodes[param.firstNode + offset];
  }
  bool isListOf(const SignatureParam &param, Form form) const {
    const SignatureNode &list = node(param);
    return list.form == Form::Exact && list.kind == TypeKind::List && node(param, 1).form == form;
  }
  /// The variables in a type that nothing has bound yet, as template parameters; they are bound then.
  std::vector<std::string> bind(const SignatureParam &param) {
    std::vector<std::string> names;
    size_t at = param.firstNode, end = at;
    read(end);
    for (; at < end; ++at) {
      const SignatureNode &part = signature.nodes[at];
      if (part.form == Form::Variable && !isBound[part.variable]) {
        isBound[part.variable] = true;
        names.push_back(part.variable ? "class U" : "class T");
      }
    }
    return names;
  }

private:
  const SignatureText &signature;
};

std::string sampleOf(std::string_view op, std::string usual) {
  for (const OpenSample &open : openSamples)
    if (open.op == op)
      return std::string(open.sample);
  return usual;
}

/// A parameter whose type the argument decides: a value or a list of the host program may be given too.
Parameter openParameter(Shape &shape, const std::string &name, bool isList, const std::string &variable,
                        const std::string &sample) {
  const std::string number = std::to_string(shape.deduced.size());
  const std::string element = variable.empty() ? "T" + number : variable;
  shape.deduced.push_back("class A" + number);
  shape.deduced.push_back("class " + element + (isList ? " = ElementOf<A" : " = HandleOf<A") + number + ">");
  const std::string type = isList ? "List<" + element + ">" : element;
  return {"const A" + number + " &" + name,
          "operandOf<" + type + ">(asHandle<" + type + ">(" + name + ", at), at)", "any<" + sample + ">()"};
}

Parameter manyParameter(Shape &shape, Types &types, const SignatureParam &param, const std::string &name) {
  const SignatureNode &node = types.node(param);
  Parameter made;
  made.isMany = true;
  const std::string sample = "any<" + (node.form == Form::Any ? "Str" : types.text(param, true)) + ">()";
  made.sample = "{" + sample + ", " + sample + "}";
  if (node.form == Form::Any) {
    made.declared = "std::initializer_list<Any> " + name;
    made.operand = "one.operand";
  } else if (node.form == Form::Variable) {
    types.bind(param);
    shape.deduced = {"class A", "class T = HandleOf<A>"};
    made.declared = "std::initializer_list<A> " + name;
    made.operand = "operandOf<T>(asHandle<T>(one, at), at)";
  } else {
    for (std::string &variable : types.bind(param))
      shape.deduced.push_back(std::move(variable));
    const std::string type = types.text(param);
    made.declared = "std::initializer_list<" + type + "> " + name;
    made.operand = "operandOf<" + type + ">(one, at)";
  }
  return made;
}

Parameter oneParameter(Shape &shape, Types &types, const SignatureParam &param, const std::string &name) {
  const std::string_view op = rowOf(shape.code).name;
  const SignatureNode &node = types.node(param);
  const std::string sample = types.text(param, true);
  if (node.form == Form::Any)
    return {"const Any &" + name, name + ".operand", "any<Str>()"};
  if (node.form == Form::AnyRecord)
    return openParameter(shape, name, false, "", "Row");
  if (types.isListOf(param, Form::Any) || types.isListOf(param, Form::AnyRecord))
    return openParameter(shape, name, true, "", sampleOf(op, "List<Str>"));
  const bool isVariable = node.form == Form::Variable, isList = types.isListOf(param, Form::Variable);
  const SignatureNode &variable = types.node(param, isList ? 1 : 0);
  if ((isVariable || isList) && !types.isBound[variable.variable]) {
    types.bind(param);
    return openParameter(shape, name, isList, variable.variable ? "U" : "T", sample);
  }
  const std::string type = types.text(param);
  const bool isFixed = isVariable || isList; // follows from another argument
  for (std::string &bound : types.bind(param))
    shape.deduced.push_back(std::move(bound));
  return {"const " + (isFixed ? "std::type_identity_t<" + type + ">" : type) + " &" + name,
          "operandOf<" + type + ">(" + name + ", at)", "any<" + sample + ">()"};
}

/// The result, and what a call has to give for it.
bool setResult(Shape &shape, Types &types) {
  const OpRow &row = rowOf(shape.code);
  for (const OpenResult &open : openResults)
    if (open.op == row.name) {
      shape.result = open.result;
      if (!open.given.empty()) {
        shape.given.emplace_back(open.given);
        shape.samples.emplace_back(open.sample);
      }
      return true;
    }
  if (row.signature.resultCount != 1)
    return false;
  const SignatureParam &result = row.signature.results()[0];
  for (std::string &variable : types.bind(result)) {
    shape.samples.push_back(variable == "class U" ? "I64" : "Str");
    shape.given.push_back(std::move(variable));
  }
  shape.result = types.text(result);
  return shape.result.find("Any") == std::string::npos && shape.result.find("Record") == std::string::npos;
}

} // namespace

static bool addShape(OpCode code, size_t operands, const std::string &resource, std::vector<Shape> &shapes) {
  static constexpr const char *names[] = {"a", "b", "c", "d"};
  const OpRow &row = rowOf(code);
  Shape shape;
  shape.code = code;
  shape.resource = resource;
  Types types(row.signature);
  for (size_t i = 0; i < operands; ++i) {
    const SignatureParam &param = row.signature.operands()[i];
    shape.parameters.push_back(param.count == Count::Many ? manyParameter(shape, types, param, names[i])
                                                          : oneParameter(shape, types, param, names[i]));
  }
  for (const AttrRow &attr : row.attributes.all())
    if (attr.required && attr.type == AttrType::Type) {
      shape.given.push_back("class Described");
      shape.samples.push_back("Row");
    } else if (attr.required) {
      shape.required.push_back(attr);
    }
  if (!setResult(shape, types))
    return false;
  shapes.push_back(std::move(shape));
  return true;
}

std::vector<Shape> wrappers::shapesOf(OpCode code) {
  const SignatureText &signature = rowOf(code).signature;
  size_t least = 0;
  while (least < signature.operandCount && signature.operands()[least].count == Count::One)
    ++least;
  std::vector<Shape> shapes;
  const SymbolUse use = symbolUse(code);
  for (const std::string_view resource : {"", "Model", "Http"}) {
    const bool fits = resource.empty()      ? use != SymbolUse::Model
                      : resource == "Model" ? use == SymbolUse::Model
                                            : use == SymbolUse::Http;
    // Any number of operands may follow those of `least`: none of them, or some.
    const bool isMany = least < signature.operandCount && signature.operands()[least].count == Count::Many;
    for (size_t n = isMany && least == 0 ? 1 : least; fits && n <= signature.operandCount; ++n)
      if (!addShape(code, n, std::string(resource), shapes))
        return {};
  }
  return shapes;
}
