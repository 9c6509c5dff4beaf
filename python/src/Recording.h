#pragma once
#include "src/Arguments.h"
#include "src/Engine.h"
#include "src/HostJobs.h"
#include "src/Segment.h"
#include "xcs/Compiler/CompileCache.h"
#include "xcs/Frontend/ExecutionTracer.h"
#include "xcs/World/Grants.h"
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace xcs::python {

/// Counts of a session.
struct RecordingStats {
  uint64_t calls = 0, hostCalls = 0, segments = 0, compiled = 0;
};

/// What a program has asked a session to do, cut into segments that run.
///
/// An operation fails alone: only what needs its result fails with it. So a segment is a chain, in which each
/// operation needs the one before it and nothing else that is pending; and it ends with the first operation
/// that touches the world, which then begins at once. Reads and writes of one resource keep the order of the
/// program across segments. Everything is called with the GIL, which keeps all of it in order.
class Recording : public std::enable_shared_from_this<Recording> {
public:
  Recording(std::shared_ptr<Engine> engine, std::shared_ptr<HostJobs> jobs, Grants grants, bool keepsTexts);

  /// Raises xcs.Error for what the verifier rejects.
  /// `result`: the type of the result where the table leaves it open, such as `option<str>`; else empty.
  NodeRef call(std::string_view op, nb::handle operands, nb::handle attributes, std::string_view symbol,
               const Origin &origin, std::string_view result);
  NodeRef host(nb::handle function, nb::handle arguments, nb::handle keywords, std::string_view effect,
               std::string_view repeat, const Origin &origin);
  /// A resource, and what it names is granted: its host, and its key to that host.
  void declare(std::string_view kind, std::string_view symbol, nb::handle attributes);
  /// What the segments that are loaded from now on may touch.
  Grants &granted() {
    programs.clear(); // loaded with the grants before
    return grants;
  }
  /// Sets a variable that segments see as one of the environment, if it is granted to them.
  void setVariable(std::string name, std::string value) {
    engine->host().set(std::move(name), std::move(value));
  }
  /// Raises ValueError for a result of another session. `what` is what messages call it.
  void requireOwn(const NodeRef &node, const char *what) const;
  /// Submits what is recorded.
  void flush();
  /// Drops what was not submitted: it fails as stopped. Cancels what runs.
  void stop();
  void forget(const NodeRef &node);

  const Limits &limits() const { return engine->limits(); }
  const std::shared_ptr<Board> &board() const { return shared; }
  const std::shared_ptr<Engine> &of() const { return engine; }
  RecordingStats stats;
  std::vector<std::string> texts; // of the segments, if they are kept

private:
  struct Effects { // of a resource
    SegmentRef write;
    std::vector<SegmentRef> reads; // since then
  };
  /// One operation that is asked for.
  struct Asked {
    std::string_view op;
    nb::handle operands, attributes; // operands: a tuple
    const Origin &origin;
    std::string_view symbol;
    std::string effect; // `read(R)` or `write(R)`, else empty
    std::shared_ptr<HostJob> job;
    bool isWorld = false;
    std::string_view result = {};
  };

  NodeRef record(const Asked &asked);
  NodeRef doom(NodeRef node, const NodeRef &doomed, const std::vector<NodeRef> &pending);
  void grantDeclared(nb::handle attributes);
  bool continuesOpen(const std::vector<NodeRef> &pending) const;
  SegmentRef submitOpen(std::vector<SegmentRef> before);
  void clearOpen();
  std::shared_ptr<Reason> findProgram(xcs::Session &session, TraceSegment &traced, ProgramRef &out);
  Segment::Input inputOf(TraceSegment::Binding &binding, std::vector<SegmentRef> &before) const;

  // What operations get: Operands.cpp.
  TraceOperand operandOf(nb::handle object, std::string_view op, const std::string &place,
                         const TraceOrigin &origin);
  TraceOperand resultOf(const NodeRef &node, std::string_view op, const TraceOrigin &origin);
  TraceOperand packed(nb::handle items, const std::string &place, const TraceOrigin &origin);
  TraceOperand plain(nb::handle object, const std::string &place);
  Recorded add(const TraceCall &call);
  TypeId typeOfItems(nb::handle items);
  TypeId typeNamed(std::string_view name);
  AttrId scalarAttributeOf(nb::handle object, AttrType type, const std::string &place);
  AttrId attributeOf(nb::handle object, AttrType type, const std::string &place, int depth = 0);
  std::vector<Builder::Attr> attributesOf(nb::handle attributes, std::vector<std::string> &keys);

  std::vector<SegmentRef> segmentsBefore(std::string_view effect) const;
  void noteEffect(std::string_view effect, const SegmentRef &segment);

  std::shared_ptr<Engine> engine;
  std::shared_ptr<HostJobs> jobs;
  std::shared_ptr<Board> shared;
  Grants grants;
  bool keepsTexts;
  ExecutionTracer tracer;
  uint64_t lastNumber = 0;

  // The open segment.
  std::vector<NodeRef> open;   // results of its operations, but for those made for operands
  std::vector<NodeRef> inputs; // of earlier segments
  std::unordered_map<uint64_t, NodeRef> inputById; // by what the tracer calls them
  std::shared_ptr<HostJob> job;
  int64_t jobNumber = 0;

  CompileCache cache;
  struct Loaded {
    CompileCache::Plan plan; // keeps the address
    ProgramRef program;
  };
  std::unordered_map<const std::string *, Loaded> programs;
  std::map<std::string, Effects, std::less<>> effects; // by resource; the empty one is all of them
};

} // namespace xcs::python
