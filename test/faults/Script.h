#pragma once
#include "HttpRequest.h"
#include "Text.h"
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace xcs::faults {

/// The value of a header, or of a name in the query, that a rule asks for; no value: it must not be there.
struct FieldTest {
  std::string name;
  std::optional<std::string> value;
};

/// The value (as compact JSON) the request's body must have at a JSON pointer.
struct JsonTest {
  std::string pointer, json;
};

/// When a rule applies: every condition that is given must hold. `path`, and no other text, knows `*`.
struct Match {
  std::optional<std::string> method, path;
  std::vector<std::string> bodyContains, lastContains;
  std::vector<FieldTest> headers, query;
  std::vector<JsonTest> json;
  /// JSON pointers at which the request's body has something, and nothing.
  std::vector<std::string> has, lacks;
  /// Not empty: the body has a member of another name than these.
  std::vector<std::string> beyond;
  /// The connection has carried a request before.
  std::optional<bool> reused;
  /// More than this many requests are in flight, this one counted.
  std::optional<std::size_t> inFlightAbove;
  /// They come faster than so many a second, of which a second's worth may come at once: a token bucket, from
  /// which only those take that stay below the rate. The last of the conditions above to be looked at.
  std::optional<std::size_t> aboveRate;
  /// 1-based bounds, both included, on the count of requests for which all of the above held.
  std::uint64_t from = 1, to = UINT64_MAX;
};

/// What becomes of the connection once the answer's bytes, all or some of them, are out.
enum class Ending { Keep, Close, Reset, Hang };

/// One piece of a server-sent event stream, and the wait before it.
struct StreamPiece {
  std::uint64_t delayNs = 0;
  std::string text;
};

/// How a matched request is answered. Nothing given: as without a script, with the rule's status and latency.
struct Reply {
  enum class Source {
    /// The server's own answer to this method and path.
    Usual,
    /// `text` with its templates filled in.
    Body,
    /// `text` byte for byte: a file's content.
    File,
    /// `text` is JSON: what a template puts in is escaped.
    Json,
    /// A chat completion whose message says `text`.
    Chat,
    /// A chat completion whose message object is `text` (JSON): tool calls, refusals.
    Message,
    /// `text` is the whole answer, status line and headers too; nothing is added.
    Raw,
    /// `pieces`, as text/event-stream.
    Stream,
  };

  Source source = Source::Usual;
  std::string text;
  /// Blanks before a JSON body: some servers keep a connection alive with them.
  std::string before;
  std::vector<StreamPiece> pieces;
  std::optional<std::uint64_t> latencyNs;
  std::optional<int> status;
  std::vector<Header> headers;
  std::string finishReason = "stop";
  /// Compact JSON for `usage`; the empty text leaves the field out.
  std::optional<std::string> usage;
  std::optional<std::string> model;
  /// Between the words of a streamed chat completion.
  std::uint64_t wordDelayNs = 0;
  /// The body this many times over.
  std::size_t repeat = 1;
  bool gzip = false;
  bool chunked = false;
  /// Body bytes per millisecond; 0 sends all at once.
  double drip = 0;
  Ending ending = Ending::Keep;
  /// The ending comes after this many bytes of the body instead of after all of it.
  std::optional<std::size_t> cutAfter;
  /// The ending comes instead of an answer.
  bool silent = false;
  /// Answered only once this many requests have matched the rule: shows overlap without a clock.
  std::uint64_t barrier = 0;
};

struct Rule {
  Match match;
  /// The k-th match takes the k-th reply, later ones the last. Never empty.
  std::vector<Reply> replies;
};

struct Script {
  std::vector<Rule> rules;
};

/// Reads a script (README.md has the format). `folder` is where `body_file` names are looked up. Every
/// unknown key and every value of the wrong type is an error that names its rule.
Result<Script, Error> parseScript(std::string_view json, const std::string &folder);

} // namespace xcs::faults
