#include "xcs/Ops/SignatureMatch.h"
#include "xcs/Ops/ConstantPool.h"
#include <array>
#include <vector>

using namespace xcs;

std::span<const SignatureNode> xcs::nodesOf(const SignatureText &signature, const SignatureParam &param) {
  size_t next = static_cast<size_t>(&param - signature.params.data()) + 1;
  size_t all = size_t(signature.operandCount) + signature.resultCount;
  size_t end = next < all ? signature.params[next].firstNode : signature.nodeCount;
  return {signature.nodes.data() + param.firstNode, end - param.firstNode};
}

ParamCount xcs::countOf(std::span<const SignatureParam> params) {
  ParamCount count{0, params.size()};
  for (const SignatureParam &param : params) {
    if (param.count == SignatureParam::Count::One)
      ++count.least;
    else if (param.count == SignatureParam::Count::Many)
      count.most = SIZE_MAX;
  }
  return count;
}

bool xcs::matchesType(const ConstantView &view, std::span<const SignatureNode> nodes, TypeId type,
                      TypeBindings &bound) {
  // Where a dictionary's key is looked at, its value is still to come.
  std::array<TypeId, SignatureText::maxNodes> values;
  size_t left = 0;
  for (size_t i = 0; i < nodes.size(); ++i) {
    const SignatureNode &node = nodes[i];
    const bool isParent = node.form == SignatureNode::Form::Exact && node.kind >= TypeKind::List;
    switch (node.form) {
    case SignatureNode::Form::Any:
      break;
    case SignatureNode::Form::AnyRecord:
      if (view.kind(type) != TypeKind::Record)
        return false;
      break;
    case SignatureNode::Form::Variable:
      if (!bound.variable[node.variable])
        bound.variable[node.variable] = type;
      if (bound.variable[node.variable] != type)
        return false;
      break;
    case SignatureNode::Form::Exact:
      if (view.kind(type) != node.kind)
        return false;
      break;
    }
    if (i + 1 == nodes.size()) // perhaps a list of anything
      return true;
    if (isParent && node.kind == TypeKind::Dict)
      values[left++] = view.valueType(type);
    if (isParent)
      type = view.element(type);
    else if (left)
      type = values[--left];
  }
  return true;
}

TypeId xcs::typeOfNodes(ConstantPool &pool, std::span<const SignatureNode> nodes,
                        const std::function<TypeId(const SignatureNode &, bool isKey)> &leafType) {
  std::vector<TypeId> made; // the types that follow, the next one last
  for (size_t i = nodes.size(); i-- != 0;) {
    const SignatureNode &node = nodes[i];
    const bool isExact = node.form == SignatureNode::Form::Exact;
    TypeId type;
    if (!isExact || node.kind < TypeKind::List || i + 1 == nodes.size()) {
      const bool isKey =
          i != 0 && nodes[i - 1].form == SignatureNode::Form::Exact && nodes[i - 1].kind == TypeKind::Dict;
      type = leafType(node, isKey);
      if (!type || (isKey && !isDictKey(pool.kind(type))))
        return {};
    } else if (node.kind == TypeKind::Dict) {
      const TypeId key = made.back();
      made.pop_back();
      type = pool.dictionary(key, made.back());
      made.pop_back();
    } else {
      type = pool.compound(node.kind, made.back());
      made.pop_back();
    }
    made.push_back(type);
  }
  return made.back();
}

std::string xcs::textOfNodes(std::span<const SignatureNode> nodes,
                             const std::function<std::string(uint8_t variable)> &variableText) {
  std::string text;
  std::vector<unsigned> open; // how many parts of each type around it are still to come
  for (const SignatureNode &node : nodes) {
    bool last = &node == &nodes.back(), opens = false;
    switch (node.form) {
    case SignatureNode::Form::Any:
      text += "any";
      break;
    case SignatureNode::Form::AnyRecord:
      text += "record";
      break;
    case SignatureNode::Form::Variable:
      text += variableText(node.variable);
      break;
    case SignatureNode::Form::Exact:
      text += typeKindName(node.kind);
      opens = !last && node.kind >= TypeKind::List;
      break;
    }
    if (opens) {
      text += '<';
      open.push_back(node.kind == TypeKind::Dict ? 2 : 1);
      continue;
    }
    for (; !open.empty() && --open.back() == 0; open.pop_back())
      text += '>';
    if (!open.empty())
      text += ", ";
  }
  return text;
}

static bool fitsParams(const ConstantView &view, const SignatureText &signature,
                       std::span<const SignatureParam> params, std::span<const TypeId> types,
                       TypeBindings &bound) {
  if (!countOf(params).allows(types.size()))
    return false;
  for (size_t i = 0; i < types.size(); ++i)
    if (!matchesType(view, nodesOf(signature, paramAt(params, i)), types[i], bound))
      return false;
  return true;
}

bool xcs::fitsSignature(const ConstantView &view, const SignatureText &signature,
                        std::span<const TypeId> operands, std::span<const TypeId> results) {
  TypeBindings bound;
  return fitsParams(view, signature, signature.operands(), operands, bound) &&
         fitsParams(view, signature, signature.results(), results, bound);
}

bool xcs::fitsAttrType(const ConstantView &view, AttrId attr, AttrType type) {
  AttrKind kind = view.attr(attr).kind;
  switch (type) {
  case AttrType::Bool:
    return kind == AttrKind::Bool;
  case AttrType::I64:
    return kind == AttrKind::I64;
  case AttrType::F64:
    return kind == AttrKind::F64 || kind == AttrKind::I64;
  case AttrType::Str:
    return kind == AttrKind::Str;
  case AttrType::Duration:
    return kind == AttrKind::Duration;
  case AttrType::Symbol:
    return kind == AttrKind::Symbol;
  case AttrType::Type:
    return kind == AttrKind::Type;
  case AttrType::List:
    return kind == AttrKind::List;
  case AttrType::Dict:
    return kind == AttrKind::Dict;
  case AttrType::Flag:
    return kind == AttrKind::Unit || kind == AttrKind::Bool;
  case AttrType::Any:
    return true;
  case AttrType::Texts:
    if (kind != AttrKind::List)
      return false;
    for (AttrId item : view.items(attr))
      if (view.attr(item).kind != AttrKind::Str)
        return false;
    return true;
  case AttrType::Names:
    return kind == AttrKind::Str || (kind == AttrKind::List && fitsAttrType(view, attr, AttrType::Texts));
  case AttrType::Slots:
    return kind == AttrKind::Symbol || kind == AttrKind::Dict;
  }
  return false;
}
