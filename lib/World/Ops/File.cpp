#include "World/EventLoop.h"
#include "World/Files.h"
#include "World/Secrets.h"
#include "xcs/Io/BlockingPool.h"
#include "xcs/Support/ShellWord.h"

using namespace xcs;

namespace {

/// An operation on one file. Blocking work runs on a thread of the blocking pool with a separate job, which
/// continues without the operation if that is cancelled.
class FileOp final : public WorldOp {
public:
  using Work = void (*)(FileJob &);
  FileOp(Site site, PathGrants::Access access, Work work)
      : WorldOp(std::move(site)), access(access), work(work) {}

  void start() override {
    job = std::make_shared<FileJob>();
    job->path = std::string(site.operands[0].text());
    job->limits = site.context.options.limits;
    const ConstantView &constants = site.context.plan.constants;
    const TypeId type = site.slots()[planOp().resultSlot].type;
    job->wantsBytes =
        constants.kind(type) == TypeKind::List && constants.kind(constants.element(type)) == TypeKind::Bytes;
    if (site.operands.size() > 1)
      job->content = site.operands[1];
    if (!open())
      return;
    auto mine = job;
    auto done = [this, mine] {
      if (!mine->isUnwanted)
        ended();
    };
    ticket = site.context.loop->blockingPool().submit([mine, work = work] { work(*mine); }, done);
    if (!ticket)
      fail(access == PathGrants::Access::Read ? Diag::CannotRead : Diag::CannotWrite,
           {job->path, "the system gives this process no thread"});
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
    return "`" + std::string(rowOf(planOp().code).name) + "` to `" + job->path + "`";
  }
  /// Asks the grants; false when that has failed the operation.
  bool open();
  void ended();

  PathGrants::Access access;
  Work work;
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

bool FileOp::open() {
  const bool reads = access == PathGrants::Access::Read;
  if (job->path.empty() || job->path.find('\0') != job->path.npos) {
    fail(Diag::BadArgument,
         {"the path", rowOf(planOp().code).name, "name a file", "the empty string or one with NUL"});
    return false;
  }
  const OpCode code = planOp().code;
  const std::string_view end = directoryEnd(job->path);
  if (!end.empty() && code != OpCode::file_list && code != OpCode::file_exists) {
    fail(reads ? Diag::CannotRead : Diag::CannotWrite,
         {job->path, "it ends in `" + std::string(end) + "`, so it names a directory and no file"});
    return false;
  }
  std::optional<PathGrants::Place> place = site.context.options.grants.paths().placeOf(access, job->path);
  if (!place && site.context.options.grants.paths().isDenied(access, job->path)) {
    failWith(denied((reads ? "read `" : "write `") + job->path + "`", reads ? "read" : "write"));
    return false;
  }
  if (!place) {
    fail(reads ? Diag::ReadNotGranted : Diag::WriteNotGranted, {job->path, shellWord(job->path)});
    return false;
  }
  job->place = std::move(*place);
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
    return fail(Diag::SecretEchoed, {job->path});
  succeed(std::move(job->result));
}

#define XCS_FILE_OP(id, access, work)                                                                        \
  std::unique_ptr<WorldOp> worldops::id(WorldOp::Site site, ImmediateResult &) {                             \
    return std::make_unique<FileOp>(std::move(site), PathGrants::Access::access, work);                      \
  }
XCS_FILE_OP(file_read, Read, readBytes)
XCS_FILE_OP(file_read_text, Read, readText)
XCS_FILE_OP(file_exists, Read, lookUp)
XCS_FILE_OP(file_list, Read, listNames)
XCS_FILE_OP(file_write, Write, writeContent)
XCS_FILE_OP(file_append, Write, appendContent)
XCS_FILE_OP(file_remove, Write, removeFile)
#undef XCS_FILE_OP
