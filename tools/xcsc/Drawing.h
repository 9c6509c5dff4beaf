#pragma once
#include "xcs/Analysis/AnalysisCache.h"
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace llvm {
class raw_ostream;
}

namespace xcs::compiler {

/// What an operation is to a reader: each has a shape and a colour, in every form of a drawing.
enum class Look : uint8_t { Compute, Control, Ask, Read, Write, Wait };

struct LookRow {
  Look look;
  std::string_view name, colour; // of its area
  std::string_view dotShape;
  std::string_view mermaidOpen, mermaidClose;
};
std::span<const LookRow> allLooks();
const LookRow &rowOf(Look look);

struct DrawnNode {
  std::string name;  // letters and digits
  std::string label; // lines
  Look look = Look::Compute;
  bool critical = false;
  uint32_t level = 0; // the layer in its region
};

enum class DrawnEdge : uint8_t { Data, Order, Body };

/// How a language for drawings writes the parts of a graph. A box is opened after the operation it belongs
/// to.
class Drawing {
public:
  virtual ~Drawing() = default;
  virtual void begin() = 0;
  virtual void end() = 0;
  /// `owner`: the operation it is a body of; empty for a function.
  virtual void openBox(const std::string &name, const std::string &label, const std::string &owner,
                       unsigned depth) = 0;
  virtual void closeBox(unsigned depth) = 0;
  virtual void node(const DrawnNode &node, unsigned depth) = 0;
  virtual void edge(const std::string &from, const std::string &to, DrawnEdge kind, bool critical,
                    unsigned depth) = 0;
};

std::unique_ptr<Drawing> dotDrawing(llvm::raw_ostream &out);
std::unique_ptr<Drawing> mermaidDrawing(llvm::raw_ostream &out);
std::unique_ptr<Drawing> svgDrawing(llvm::raw_ostream &out);

} // namespace xcs::compiler
