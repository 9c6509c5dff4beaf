#include "xcs-bench/Table.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace xcs::bench;

std::string xcs::bench::fixed(double value, int digits) {
  std::string out;
  llvm::raw_string_ostream stream(out);
  stream << llvm::format("%.*f", digits, value);
  return out;
}

void Table::print() const {
  std::vector<size_t> width;
  for (const auto &row : rows)
    for (size_t c = 0; c < row.size(); ++c) {
      width.resize(std::max(width.size(), c + 1));
      width[c] = std::max(width[c], row[c].size());
    }
  for (size_t r = 0; r < rows.size(); ++r) {
    for (size_t c = 0; c < rows[r].size(); ++c)
      llvm::outs() << "| " << rows[r][c] << std::string(width[c] - rows[r][c].size() + 1, ' ');
    llvm::outs() << "|\n";
    if (r == 0) {
      for (size_t c = 0; c < rows[0].size(); ++c)
        llvm::outs() << "|" << std::string(width[c] + 2, '-');
      llvm::outs() << "|\n";
    }
  }
  llvm::outs().flush();
}
