#include "xcsc/Drawing.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/Unicode.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <unordered_map>
#include <vector>

using namespace xcs;
using namespace xcs::compiler;

// In pixels: a monospaced font of 12, whose characters are 0.6 of that wide.
static constexpr double characterWidth = 7.25, lineHeight = 15, padding = 8, gap = 24, layerGap = 34;

namespace {

/// An operation with the boxes of its bodies, which are below it.
struct Item {
  DrawnNode node;
  std::vector<size_t> boxes;
  double x = 0, y = 0;                    // of its rectangle, in its box
  double width = 0, height = 0;           // of its rectangle
  double blockWidth = 0, blockHeight = 0; // with its boxes
};

struct Edge {
  std::string from, to;
  DrawnEdge kind;
  bool critical;
};

struct Box {
  std::string label;
  std::vector<Item> items = {};
  std::vector<Edge> edges = {};
  double x = 0, y = 0, width = 0, height = 0; // x and y in the box around it
};

/// Draws each region as layers of operations from top to bottom, in the order of the program within a layer.
class SvgDrawing : public Drawing {
public:
  explicit SvgDrawing(llvm::raw_ostream &out) : out(out) {}
  void begin() override {}
  void end() override;
  void openBox(const std::string &, const std::string &label, const std::string &owner, unsigned) override {
    if (!owner.empty())
      boxes[open.back()].items.back().boxes.push_back(boxes.size());
    else
      functions.push_back(boxes.size());
    open.push_back(boxes.size());
    boxes.push_back({label});
  }
  void closeBox(unsigned) override {
    arrange(boxes[open.back()]);
    open.pop_back();
  }
  void node(const DrawnNode &node, unsigned) override {
    Item item;
    item.node = node;
    boxes[open.back()].items.push_back(std::move(item));
  }
  void edge(const std::string &from, const std::string &to, DrawnEdge kind, bool critical,
            unsigned) override {
    boxes[open.back()].edges.push_back({from, to, kind, critical});
  }

private:
  struct Placed {
    size_t box;
    double x, y;
  };
  void measure(Item &item);
  void arrange(Box &box);
  void paint(const Placed &placed, std::vector<Placed> &pending);
  void paintItem(const Item &item, double x, double y);
  void paintText(std::string_view text, double x, double y);
  void paintLegend(double y);

  llvm::raw_ostream &out;
  std::vector<Box> boxes;
  std::vector<size_t> open, functions;
};

} // namespace

static double columnsOf(llvm::StringRef text) {
  const int columns = llvm::sys::unicode::columnWidthUTF8(text);
  return columns < 0 ? static_cast<double>(text.size()) : columns;
}

void SvgDrawing::measure(Item &item) {
  llvm::SmallVector<llvm::StringRef, 4> lines;
  llvm::StringRef(item.node.label).split(lines, '\n');
  for (llvm::StringRef line : lines)
    item.width = std::max(item.width, columnsOf(line) * characterWidth);
  item.width += 2 * padding + (item.node.look == Look::Compute ? 0 : padding);
  item.height = static_cast<double>(lines.size()) * lineHeight + padding;
  double inside = 0, deepest = 0;
  for (size_t index : item.boxes) {
    Box &body = boxes[index];
    body.x = inside;
    inside += body.width + gap / 2;
    deepest = std::max(deepest, body.height);
  }
  item.blockWidth = std::max(item.width, inside - (item.boxes.empty() ? 0 : gap / 2));
  item.blockHeight = item.height + (item.boxes.empty() ? 0 : deepest + gap / 2);
}

/// Gives everything in a box its place; the boxes in it have their sizes.
void SvgDrawing::arrange(Box &box) {
  std::vector<std::vector<Item *>> layers;
  for (Item &item : box.items) {
    measure(item);
    layers.resize(std::max<size_t>(layers.size(), item.node.level + 1));
    layers[item.node.level].push_back(&item);
  }
  double y = lineHeight + 2 * padding, widest = columnsOf(box.label) * characterWidth;
  for (const std::vector<Item *> &layer : layers) {
    double x = padding, tallest = 0;
    for (Item *item : layer) {
      item->x = x + (item->blockWidth - item->width) / 2;
      item->y = y;
      for (size_t index : item->boxes) {
        boxes[index].x += x;
        boxes[index].y = y + item->height + gap / 2;
      }
      x += item->blockWidth + gap;
      tallest = std::max(tallest, item->blockHeight);
    }
    widest = std::max(widest, x - gap - padding);
    y += layer.empty() ? 0 : tallest + layerGap; // a layer of constants alone is empty
  }
  box.width = widest + 2 * padding;
  box.height = y - (box.items.empty() ? 0 : layerGap) + padding;
}

void SvgDrawing::paintText(std::string_view text, double x, double y) {
  out << llvm::format("<text x=\"%.1f\" y=\"%.1f\">", x, y);
  llvm::printHTMLEscaped(llvm::StringRef(text.data(), text.size()), out);
  out << "</text>\n";
}

/// The shape says what it is, like the colour: a rectangle computes, rounder ones do something outside.
void SvgDrawing::paintItem(const Item &item, double x, double y) {
  static constexpr double radius[] = {0, 4, 16, 8, 0, 12};
  out << llvm::format("<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"%.0f\" ", x, y,
                      item.width, item.height, radius[static_cast<size_t>(item.node.look)])
      << "fill=\"" << rowOf(item.node.look).colour << "\" stroke=\"" << (item.node.critical ? "red" : "#444")
      << '"' << (item.node.critical ? " stroke-width=\"2\"" : "")
      << (item.node.look == Look::Write ? " stroke-dasharray=\"6 2\"" : "") << "/>\n";
  llvm::SmallVector<llvm::StringRef, 4> lines;
  llvm::StringRef(item.node.label).split(lines, '\n');
  for (size_t i = 0; i < lines.size(); ++i)
    paintText(lines[i], x + padding, y + lineHeight * static_cast<double>(i + 1));
}

/// A box, what is in it, and its edges; the boxes in it are left to the caller.
void SvgDrawing::paint(const Placed &placed, std::vector<Placed> &pending) {
  const Box &box = boxes[placed.box];
  out << llvm::format(
      "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"none\" stroke=\"#999\"/>\n",
      placed.x, placed.y, box.width, box.height);
  paintText(box.label, placed.x + padding, placed.y + lineHeight);
  std::unordered_map<std::string_view, const Item *> byName;
  for (const Item &item : box.items)
    byName.emplace(item.node.name, &item);
  for (const Edge &edge : box.edges) {
    const Item &from = *byName.at(edge.from), &to = *byName.at(edge.to);
    const double x1 = placed.x + from.x + from.width / 2, y1 = placed.y + from.y + from.height;
    const double x2 = placed.x + to.x + to.width / 2, y2 = placed.y + to.y, bend = (y2 - y1) / 2;
    out << llvm::format("<path d=\"M%.1f %.1f C%.1f %.1f %.1f %.1f ", x1, y1, x1, y1 + bend, x2, y2 - bend)
        << llvm::format("%.1f %.1f\" ", x2, y2) << "fill=\"none\" marker-end=\"url(#arrow)\" stroke=\""
        << (edge.critical ? "red\" stroke-width=\"2\"" : "#444\"")
        << (edge.kind == DrawnEdge::Order ? " stroke-dasharray=\"4 3\"" : "") << "/>\n";
  }
  for (const Item &item : box.items) {
    const double x = placed.x + item.x, y = placed.y + item.y;
    paintItem(item, x, y);
    for (size_t index : item.boxes) {
      const Box &body = boxes[index];
      out << llvm::format("<path d=\"M%.1f %.1f L%.1f %.1f\" ", x + item.width / 2, y + item.height,
                          placed.x + body.x + body.width / 2, placed.y + body.y)
          << "stroke=\"#999\" stroke-dasharray=\"1 3\"/>\n";
      pending.push_back({index, placed.x + body.x, placed.y + body.y});
    }
  }
}

void SvgDrawing::paintLegend(double y) {
  double x = padding;
  for (const LookRow &row : allLooks()) {
    Item item;
    item.node = {"", std::string(row.name), row.look, false, 0};
    measure(item);
    paintItem(item, x, y);
    x += item.width + gap / 2;
  }
  paintText("red: the critical path; dashed lines: only the order; dotted lines: a body", padding,
            y + 3 * lineHeight);
}

void SvgDrawing::end() {
  static constexpr double legendWidth = 800, legendHeight = 60;
  double width = legendWidth, height = padding;
  std::vector<Placed> pending;
  for (size_t index : functions) {
    pending.push_back({index, padding, height});
    height += boxes[index].height + gap;
    width = std::max(width, boxes[index].width + 2 * padding);
  }
  out << llvm::format("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" ", width,
                      height + legendHeight)
      << "font-family=\"monospace\" font-size=\"12\">\n<defs><marker id=\"arrow\" viewBox=\"0 0 8 8\" "
         "refX=\"8\" "
         "refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0 L8 4 L0 8 z\" "
         "fill=\"#444\"/></marker></defs>\n"
         "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n";
  while (!pending.empty()) {
    const Placed placed = pending.back();
    pending.pop_back();
    paint(placed, pending);
  }
  paintLegend(height);
  out << "</svg>\n";
}

std::unique_ptr<Drawing> compiler::svgDrawing(llvm::raw_ostream &out) {
  return std::make_unique<SvgDrawing>(out);
}
