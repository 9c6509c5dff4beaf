#pragma once
#include "xcs/Frontend/Containers.h"

// The records that operations give, as structs.

namespace xcs {

namespace list {
template <class T> struct Indexed {
  I64 index;
  T value;
  XCS_RECORD(index, value)
};
template <class T, class U> struct Zipped {
  T first;
  U second;
  XCS_RECORD(first, second)
};
} // namespace list

namespace dict {
template <class K, class V> struct Item {
  K key;
  V value;
  XCS_RECORD(key, value)
};
} // namespace dict

namespace result {
struct Error {
  Str kind, message, op;
  I64 attempt;
  XCS_RECORD(kind, message, op, attempt)
};
} // namespace result

namespace http {
struct Header {
  Str name, value;
  XCS_RECORD(name, value)
};
struct Response {
  I64 status;
  List<Header> headers;
  Str body;
  XCS_RECORD(status, headers, body)
};
} // namespace http

namespace exec {
/// What a program returned. `output` and `errors` are the fields `stdout` and `stderr`, which are macros of
/// C.
struct Finished {
  I64 exit;
  Str output, errors;
  struct XcsRecord {};
  template <class Self, class Visit> static void xcsVisit(Self &self, Visit &&visit) {
    visit("exit", self.exit);
    visit("stdout", self.output);
    visit("stderr", self.errors);
  }
};
} // namespace exec

namespace file {
struct Stat {
  I64 size;
  Duration modified;
  Str kind;
  XCS_RECORD(size, modified, kind)
};
} // namespace file

namespace time {
struct Parts {
  I64 year, month, day, hour, minute, second, ns, weekday;
  XCS_RECORD(year, month, day, hour, minute, second, ns, weekday)
};
} // namespace time

namespace model {
/// The answer of a call with tools.
struct ToolCall {
  Str id, name;
  Json arguments;
  XCS_RECORD(id, name, arguments)
};
struct ToolAnswer {
  Option<Str> content;
  List<ToolCall> tool_calls;
  XCS_RECORD(content, tool_calls)
};
struct Tool {
  Str name, description;
  Json parameters;
  XCS_RECORD(name, description, parameters)
};
struct Message {
  Str role, content;
  XCS_RECORD(role, content)
};
} // namespace model

} // namespace xcs
