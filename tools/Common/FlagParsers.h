#pragma once
#include "xcs/Support/Diagnostics.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/raw_ostream.h"
#include <string>

namespace xcs::tools {

// Readers of the values of flags. They report a wrong value as every other message is reported; those of LLVM
// have words and a form of their own.

/// Reports that `value` is wrong for a flag; returns true, which tells LLVM that reading failed.
bool badFlagValue(const llvm::cl::Option &flag, llvm::StringRef value, const std::string &form);

/// One of a few words, as `cl::values` lists them.
template <class T> class WordParser : public llvm::cl::parser<T> {
public:
  using llvm::cl::parser<T>::parser;
  bool parse(llvm::cl::Option &flag, llvm::StringRef, llvm::StringRef value, T &out) {
    std::string words;
    for (const auto &word : this->Values) {
      if (word.Name == value) {
        out = word.V.getValue();
        return false;
      }
      if (!word.Name.empty())
        words += (words.empty() ? "`" : ", `") + word.Name.str() + "`";
    }
    return badFlagValue(flag, value, "one of " + words);
  }
};

/// A value that one of the parsers below has read: LLVM prints the defaults of its own parsers only.
template <class T> struct Parsed {
  T value{};
  operator T() const { return value; }
};

template <class T> class NumberParser : public llvm::cl::basic_parser<Parsed<T>> {
public:
  using llvm::cl::basic_parser<Parsed<T>>::basic_parser;
  llvm::StringRef getValueName() const override { return "number"; }
  bool parse(llvm::cl::Option &flag, llvm::StringRef, llvm::StringRef value, Parsed<T> &out) {
    if (!value.getAsInteger(10, out.value))
      return false;
    return badFlagValue(flag, value, "a whole number");
  }
};

class SwitchParser : public llvm::cl::basic_parser<Parsed<bool>> {
public:
  using llvm::cl::basic_parser<Parsed<bool>>::basic_parser;
  llvm::cl::ValueExpected getValueExpectedFlagDefault() const { return llvm::cl::ValueOptional; }
  llvm::StringRef getValueName() const override { return {}; }
  bool parse(llvm::cl::Option &flag, llvm::StringRef, llvm::StringRef value, Parsed<bool> &out) {
    out.value = value.empty() || value == "true" || value == "1";
    if (!out && value != "false" && value != "0")
      return badFlagValue(flag, value, "`true` or `false`");
    return false;
  }
};

template <class T> using WordFlag = llvm::cl::opt<T, false, WordParser<T>>;
template <class T> using NumberFlag = llvm::cl::opt<T, false, NumberParser<T>>;
using Switch = llvm::cl::opt<bool, false, SwitchParser>;

} // namespace xcs::tools

/// Prints nothing of the defaults of these flags, as of those with other parsers of ours.
template <class T> struct llvm::cl::OptionDiffPrinter<xcs::tools::Parsed<T>, T> {
  template <class Parser>
  void print(const Option &, const Parser &, const T &, const OptionValue<T> &, size_t) {}
};
