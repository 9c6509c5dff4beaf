#pragma once
#include "xcs/IR/Module.h"
#include <vector>

namespace xcs {

/// Turns the dictionaries of operations into what a plan keeps of them: the dictionary without facts, which
/// only the compiler reads, and its values in the order of the operation's attribute rows, so that a kernel
/// finds each by index. Equal dictionaries on equal operations share their rows.
class AttributeRows {
public:
  /// Rows are appended to `rows`; the pool grows if entries are omitted.
  AttributeRows(ConstantPool &pool, std::vector<AttrId> &rows)
      : pool(pool), rows(rows), perCode(opCodeCount) {}

  struct Entry {
    DictId dict;
    uint32_t firstRow; // 0 if the operation has no rows
  };
  Entry lower(OpCode code, DictId attributes);

private:
  struct Cached {
    bool known = false;
    OpCode code{};
    Entry entry{};
  };
  Entry make(OpCode code, DictId attributes);
  DictId withoutFacts(OpCode code, DictId attributes);
  const std::vector<StringId> &rowNames(OpCode code);

  ConstantPool &pool;
  std::vector<AttrId> &rows;
  std::vector<StringId> facts; // keys to omit from the current dictionary
  std::vector<Cached> perDict; // of the last operation with that dictionary
  struct PerCode {
    bool known = false;
    std::vector<StringId> names; // of its rows
    Cached empty;                // for operations without attributes
  };
  std::vector<PerCode> perCode;
};

} // namespace xcs
