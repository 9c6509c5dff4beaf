#include "World/EventLoop.h"
#include "World/Files.h"
#include "World/Secrets.h"
#include "xcs/Io/BlockingPool.h"
#include "xcs/Ops/OpEffects.h"
#include "xcs/Support/ShellWord.h"
#include <algorithm>

using namespace xcs;

namespace {

/// An operation on one file. Blocking work runs on a thread of the blocking pool with a separate job, which
/// continues without the operation if that is cancelled.
class FileOp final : public WorldOp {
public:
  FileOp(Site site, FileWork work) : WorldOp(std::move(site)), work(work) {}

  void start() override {
    job = std::make_shared<FileJob>();
    job->grants = site.context.options.grants.paths();
    job->limits = site.context.options.limits;
    const ConstantView &constants = site.context.plan.constants;
    const TypeId type = site.slots()[planOp().resultSlot].type;
    job->wantsBytes =
        constants.kind(type) == TypeKind::List && constants.kind(constants.element(type)) == TypeKind::Bytes;
    if (site.operands.size() > 1)
      job->content = site.operands[1];
    job->makesParents = makesParents();
    job->keepsLink = planOp().code == OpCode::file_remove || planOp().code == OpCode::file_rename;
    if (!open())
      return;
    auto mine = job;
    auto done = [this, mine] {
      if (!mine->isUnwanted)
        ended();
    };
    ticket = site.context.loop->blockingPool().submit([mine, work = work] { workThroughLinks(*mine, work); },
                                                      done);
    if (!ticket)
      fail(job->file.access == PathGrants::Access::Read ? Diag::CannotRead : Diag::CannotWrite,
           {job->file.text, "the system gives this process no thread"});
  }
  void cancel() override {
    if (!job || job->isUnwanted)
      return;
    job->isUnwanted = true;
    if (!job->stop())
      fate.mayHaveHappened(shown());
  }
  bool withdraw() override {
    if (ticket && !site.context.loop->blockingPool().withdraw(ticket))
      return false;
    ticket = 0;
    return true;
  }
  Gate *gate() override { return &site.context.loop->fileGate(); }
  int64_t timeoutNanoseconds() const override { return timeoutOf(site.context, planOp(), 0); }

private:
  /// As messages name what it may have done.
  std::string shown() const {
    return "`" + std::string(rowOf(planOp().code).name) + "` to `" +
           (job->target.text.empty() ? job->file : job->target).text + "`";
  }
  bool makesParents() const;
  /// Asks the grants; false when that has failed the operation.
  bool open();
  bool open(FilePath &at);
  void ended();

  FileWork work;
  std::shared_ptr<FileJob> job;
  uint64_t ticket = 0; // of its work; 0: there is none, it waits for descriptors
};

} // namespace

/// The end of a path by which it names a directory: the system refuses a file there. Empty: it names any.
static std::string_view directoryEnd(std::string_view path) {
  const std::string_view last = path.substr(path.rfind('/') + 1);
  if (last.empty())
    return "/";
  return last == "." || last == ".." ? last : std::string_view();
}

/// Whether what is at the path may be a directory.
static bool takesDirectory(OpCode code) {
  constexpr OpCode codes[] = {OpCode::file_list, OpCode::file_exists,   OpCode::file_stat,
                              OpCode::file_glob, OpCode::file_make_dir, OpCode::file_rename};
  return std::find(std::begin(codes), std::end(codes), code) != std::end(codes);
}

bool FileOp::makesParents() const {
  if (planOp().code != OpCode::file_make_dir)
    return false;
  const AttrId flag = site.context.plan.attrsOf(planOp())[attrRow<OpCode::file_make_dir>("parents")];
  const ConstantView &constants = site.context.plan.constants;
  return flag && (constants.attr(flag).kind == AttrKind::Unit || constants.boolAttr(flag));
}

bool FileOp::open() {
  for (const PathOperand &path : pathOperands(planOp().code)) {
    FilePath &at = path.operand == 0 ? job->file : job->target;
    at.access = path.writes ? PathGrants::Access::Write : PathGrants::Access::Read;
    at.text = std::string(site.operands[path.operand].text());
    if (!open(at))
      return false;
  }
  return true;
}

bool FileOp::open(FilePath &at) {
  const bool reads = at.access == PathGrants::Access::Read;
  if (at.text.empty() || at.text.find('\0') != at.text.npos) {
    fail(Diag::BadArgument,
         {"the path", rowOf(planOp().code).name, "name a file", "the empty string or one with NUL"});
    return false;
  }
  const std::string_view end = directoryEnd(at.text);
  if (!end.empty() && !takesDirectory(planOp().code)) {
    fail(reads ? Diag::CannotRead : Diag::CannotWrite,
         {at.text, "it ends in `" + std::string(end) + "`, so it names a directory and no file"});
    return false;
  }
  const PathGrants &grants = site.context.options.grants.paths();
  std::optional<PathGrants::Place> place = grants.placeOf(at.access, at.text);
  if (!place && grants.isDenied(at.access, at.text)) {
    failWith(denied((reads ? "read `" : "write `") + at.text + "`", reads ? "read" : "write"));
    return false;
  }
  if (!place) {
    fail(reads ? Diag::ReadNotGranted : Diag::WriteNotGranted, {at.text, shellWord(at.text)});
    return false;
  }
  at.place = std::move(*place);
  return true;
}

void FileOp::ended() {
  ticket = 0;
  if (job->lacksDescriptors && site.context.loop->waitForDescriptors(this))
    return;
  if (job->mayHaveHappened)
    fate.mayHaveHappened(shown());
  if (job->error)
    return fail(job->error->id,
                {job->error->first, job->error->second, job->error->third, job->error->fourth},
                job->error->second);
  ValueKind kind = job->result.kind();
  if ((kind == ValueKind::Str || kind == ValueKind::Bytes) &&
      site.context.secrets.echoedIn(job->result.text()))
    return fail(Diag::SecretEchoed, {job->file.text});
  succeed(std::move(job->result));
}

#define XCS_FILE_OP(id, work)                                                                                \
  std::unique_ptr<WorldOp> worldops::id(WorldOp::Site site, ImmediateResult &) {                             \
    return std::make_unique<FileOp>(std::move(site), work);                                                  \
  }
XCS_FILE_OP(file_read, readBytes)
XCS_FILE_OP(file_read_text, readText)
XCS_FILE_OP(file_exists, lookUp)
XCS_FILE_OP(file_stat, statFile)
XCS_FILE_OP(file_list, listNames)
XCS_FILE_OP(file_glob, globPaths)
XCS_FILE_OP(file_write, writeContent)
XCS_FILE_OP(file_append, appendContent)
XCS_FILE_OP(file_remove, removeFile)
XCS_FILE_OP(file_make_dir, makeDirectory)
XCS_FILE_OP(file_rename, renameFile)
XCS_FILE_OP(file_copy, copyFile)
#undef XCS_FILE_OP
