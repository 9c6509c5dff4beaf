// Runs that keep going (RunOptions::keepGoing): after failures, what does not depend on them is done, and
// nothing else.
#include "Runtime/Stage.h"
#include "xcs/Ops/ConstantPool.h"
#include <map>
#include <random>
#include <set>

using namespace xcs;

namespace {

/// One line of a random program, with what a reference needs to know of it.
struct Line {
  enum class Kind : uint8_t { Chat, Read, Write, Concat, Guard, Map, Try } kind;
  unsigned number = 0;              // of the line; names its result, `%v7`
  std::vector<unsigned> uses;       // lines whose values it takes, also within its regions
  std::vector<unsigned> after;      // lines that it comes after
  std::set<unsigned> reads, writes; // files
  bool isGuard = false;             // or has one within it
  bool holds = true;                // a guard
  std::vector<Line> body;           // of Map, Try
};

/// Writes random programs, and knows what of them happens if some lines fail.
class RandomProgram {
public:
  explicit RandomProgram(unsigned seed) : random(seed) {
    text = "model @gpt {url = \"http://h/v1\", model = \"m\"}\n"
           "func @main(%yes: bool, %no: bool, %abc: list<str>) -> str {\n";
    next = 3;
    const unsigned count = 4 + below(12);
    lines = write(count, 0, {}, "  ");
    const unsigned result = valueOf(lines, {});
    resultLine = result;
    text += result ? "  return(%v" + std::to_string(result) + ")\n}\n" : "  return(\"none\")\n}\n";
  }

  std::string text;
  std::vector<Line> lines;
  unsigned resultLine;
  std::set<unsigned> failing,
      failingFiles; // lines that fail when they are carried out; files that no one can read

  /// What has happened, by line and iteration: `7`, `9#2`.
  struct Outcome {
    std::set<std::string> asked, written, failed;
    std::set<unsigned> lost; // lines without a value
  };
  Outcome expected() const {
    Outcome out;
    carryOut(lines, "", out);
    return out;
  }

private:
  std::mt19937 random;
  unsigned next;
  unsigned below(unsigned bound) { return random() % bound; }

  static bool hasValue(const Line &line) {
    return line.kind == Line::Kind::Chat || line.kind == Line::Kind::Read || line.kind == Line::Kind::Concat;
  }
  /// A line with a text, of these or of those around them; 0: there is none.
  unsigned valueOf(const std::vector<Line> &here, const std::vector<unsigned> &outside) {
    std::vector<unsigned> all = outside;
    for (const Line &line : here)
      if (hasValue(line))
        all.push_back(line.number);
    return all.empty() ? 0 : all[below(static_cast<unsigned>(all.size()))];
  }

  std::vector<Line> write(unsigned count, unsigned depth, const std::vector<unsigned> &outside,
                          const std::string &indent);
  Line writeOne(const std::vector<Line> &here, unsigned depth, const std::vector<unsigned> &outside,
                const std::string &indent);
  void writeBody(Line &line, unsigned count, unsigned depth, std::vector<unsigned> outside,
                 const std::vector<Line> &here, const std::string &indent);
  bool carryOut(const std::vector<Line> &block, const std::string &iteration, Outcome &out) const;
  bool carryOutOne(const Line &line, const std::string &iteration, Outcome &out) const;
  static bool dependsOn(const Line &later, const Line &earlier);
};

} // namespace

std::vector<Line> RandomProgram::write(unsigned count, unsigned depth, const std::vector<unsigned> &outside,
                                       const std::string &indent) {
  std::vector<Line> out;
  for (unsigned i = 0; i < count; ++i)
    out.push_back(writeOne(out, depth, outside, indent));
  return out;
}

/// The operand that tells in which iteration an operation is.
static std::string markOf(unsigned depth) { return depth ? "%x" : "\"\""; }

Line RandomProgram::writeOne(const std::vector<Line> &here, unsigned depth,
                             const std::vector<unsigned> &outside, const std::string &indent) {
  using Kind = Line::Kind;
  static constexpr Kind kinds[] = {Kind::Chat,   Kind::Chat,  Kind::Read,  Kind::Write, Kind::Write,
                                   Kind::Concat, Kind::Guard, Kind::Guard, Kind::Map,   Kind::Try};
  Line line;
  // In regions there are no writes: iterations would have to write to different files.
  do
    line.kind = kinds[below(std::size(kinds))];
  while (depth && (line.kind == Kind::Write || line.kind == Kind::Map || line.kind == Kind::Try));
  line.number = next++;
  const std::string name = "%v" + std::to_string(line.number);
  const unsigned from = valueOf(here, outside);
  const std::string value = from ? "%v" + std::to_string(from) : "\"start\"";
  const std::string file = std::to_string(below(3));
  std::string after;
  if (!here.empty() && !below(4)) {
    const Line &other = here[below(static_cast<unsigned>(here.size()))];
    if (hasValue(other) || other.kind == Kind::Write) {
      line.after.push_back(other.number);
      after = " after(%v" + std::to_string(other.number) + ")";
    }
  }
  text += indent;
  if (from && (line.kind == Kind::Chat || line.kind == Kind::Write || line.kind == Kind::Concat))
    line.uses.push_back(from);
  switch (line.kind) {
  case Kind::Chat:
    text += name + " = model.chat @gpt(" + value + ", " + markOf(depth) + ")" + after + " {keep} : str\n";
    break;
  case Kind::Read:
    text += name + " = file.read_text(\"f" + file + "\")" + after + " {keep} : str\n";
    line.reads.insert(static_cast<unsigned>(std::stoul(file)));
    break;
  case Kind::Write:
    text += name + " = file.write(\"f" + file + "\", " + value + ")" + after + " : none\n";
    line.writes.insert(static_cast<unsigned>(std::stoul(file)));
    break;
  case Kind::Concat:
    text += name + " = str.concat(" + value + ", \"" + std::to_string(line.number) + "\")" + after +
            " {keep} : str\n";
    break;
  case Kind::Guard:
    line.isGuard = true;
    line.holds = below(3);
    line.after.clear();
    text += std::string("assert(") + (line.holds ? "%yes" : "%no") + ")\n";
    break;
  case Kind::Map:
    line.after.clear();
    text += name + " = map(%abc) : list<str> {\n" + indent + "^(%x: str)\n";
    next += 1;
    writeBody(line, 1 + below(4), depth, outside, here, indent);
    break;
  case Kind::Try:
    line.after.clear();
    text += name + " = try : result<str> {\n";
    writeBody(line, 1, depth, outside, here, indent);
    break;
  }
  return line;
}

/// The body of a `map` or a `try`, which yields a text.
void RandomProgram::writeBody(Line &line, unsigned count, unsigned depth, std::vector<unsigned> outside,
                              const std::vector<Line> &here, const std::string &indent) {
  for (const Line &one : here)
    if (hasValue(one))
      outside.push_back(one.number);
  if (line.kind == Line::Kind::Map) {
    line.body = write(count, depth + 1, outside, indent + "  ");
  } else {
    Line one;
    one.kind = Line::Kind::Chat;
    one.number = next++;
    text += indent + "  %v" + std::to_string(one.number) + " = model.chat @gpt(\"tried\") {keep} : str\n";
    line.body.push_back(one);
  }
  for (const Line &one : line.body) {
    line.isGuard |= one.isGuard;
    line.reads.insert(one.reads.begin(), one.reads.end());
    for (unsigned use : one.uses)
      if (std::find(outside.begin(), outside.end(), use) != outside.end())
        line.uses.push_back(use);
  }
  const unsigned yielded = valueOf(line.body, {});
  text += indent + "  yield(" + (yielded ? "%v" + std::to_string(yielded) : "\"y\"") + ")\n" + indent + "}\n";
  next += 2;
}

static bool areCommon(const std::set<unsigned> &a, const std::set<unsigned> &b) {
  return std::any_of(a.begin(), a.end(), [&](unsigned one) { return b.contains(one); });
}
static bool holds(const std::vector<unsigned> &list, unsigned number) {
  return std::find(list.begin(), list.end(), number) != list.end();
}

bool RandomProgram::dependsOn(const Line &later, const Line &earlier) {
  return holds(later.uses, earlier.number) || holds(later.after, earlier.number) ||
         areCommon(later.writes, earlier.writes) || areCommon(later.writes, earlier.reads) ||
         areCommon(later.reads, earlier.writes) || (earlier.isGuard && !later.writes.empty());
}

/// Whether all of it went well.
bool RandomProgram::carryOut(const std::vector<Line> &block, const std::string &iteration,
                             Outcome &out) const {
  std::vector<const Line *> lost;
  for (const Line &line : block) {
    const bool depends =
        std::any_of(lost.begin(), lost.end(), [&](const Line *one) { return dependsOn(line, *one); });
    if (depends || !carryOutOne(line, iteration, out)) {
      lost.push_back(&line);
      if (iteration.empty())
        out.lost.insert(line.number);
    }
  }
  return lost.empty();
}

bool RandomProgram::carryOutOne(const Line &line, const std::string &iteration, Outcome &out) const {
  using Kind = Line::Kind;
  const std::string at = std::to_string(line.number) + iteration;
  bool ok = true;
  switch (line.kind) {
  case Kind::Chat:
  case Kind::Read:
  case Kind::Write:
    out.asked.insert(at);
    ok = line.kind == Kind::Read ? !failingFiles.contains(*line.reads.begin())
                                 : !failing.contains(line.number);
    if (line.kind == Kind::Write)
      out.written.insert(at);
    break;
  case Kind::Concat:
    break;
  case Kind::Guard:
    ok = line.holds;
    break;
  case Kind::Map:
    for (const char *each : {"#0", "#1", "#2"})
      ok &= carryOut(line.body, each, out);
    return ok;
  case Kind::Try: {
    Outcome within;
    carryOut(line.body, "#try", within);
    for (std::string one : within.asked)
      out.asked.insert(one.substr(0, one.find('#')));
    return true;
  }
  }
  if (!ok)
    out.failed.insert(at);
  return ok;
}

namespace {

/// What happened in a run.
struct Happened {
  RunReport report;
  std::set<std::string> asked, written, failed;
};

std::string lineOf(const PlanView &plan, uint32_t op) {
  return std::to_string(plan.locations[plan.ops[op].location].line);
}

} // namespace

static Happened happens(const RandomProgram &program, unsigned level, unsigned jobs, Schedule schedule) {
  Happened out;
  Stage stage(program.text, level, jobs);
  EXPECT_TRUE(stage.file) << stage.messages << program.text;
  if (!stage.file)
    return out;
  const PlanView &plan = stage.file->view();
  stage.options.keepGoing = true;
  stage.options.schedule = schedule;
  std::mt19937 random(level * 100 + jobs);
  stage.script = [&](const WorldRequest &request) {
    const PlanOp &op = plan.ops[request.op];
    const unsigned line = static_cast<unsigned>(std::stoul(lineOf(plan, request.op)));
    std::string at = std::to_string(line);
    FakeWorld::Answer answer;
    bool fails = program.failing.contains(line);
    answer.duration = static_cast<int64_t>(random() % 5) * ms;
    if (op.code == OpCode::file_read_text)
      fails = program.failingFiles.contains(static_cast<unsigned>(request.operands[0].text()[1] - '0'));
    if (op.code == OpCode::model_chat && request.operands.size() > 1 && !request.operands[1].text().empty())
      at += "#" + std::to_string(request.operands[1].text()[0] - 'a');
    if (op.code != OpCode::file_read_text)
      out.asked.insert(at);
    if (op.code == OpCode::file_write)
      out.written.insert(at);
    else
      answer.value = Value::str("answer");
    if (fails)
      answer.error = OpError{Diag::CannotRead, "as the script says", 1};
    return answer;
  };
  Value abc[] = {Value::str("a"), Value::str("b"), Value::str("c")};
  out.report = stage.run({Value::boolean(true), Value::boolean(false), Value::list(abc)});
  auto keep = [&](const RunFailure &failure) {
    std::string at = lineOf(plan, failure.op);
    for (uint32_t index : failure.indices)
      at += "#" + std::to_string(index);
    EXPECT_TRUE(out.failed.insert(at).second) << at;
  };
  if (!out.report.ok)
    keep(out.report.failure);
  std::vector<uint32_t> before = out.report.failure.place;
  for (const RunFailure &other : out.report.others) {
    keep(other);
    EXPECT_LT(before, other.place);
    before = other.place;
  }
  EXPECT_EQ(out.report.otherFailures, out.report.others.size());
  return out;
}

static std::set<std::string> withoutReads(const RandomProgram &program, std::set<std::string> asked) {
  auto drop = [&](const std::vector<Line> &lines, auto &self) -> void {
    for (const Line &line : lines) {
      if (line.kind == Line::Kind::Read)
        std::erase_if(asked, [&](const std::string &at) { return std::stoul(at) == line.number; });
      self(line.body, self);
    }
  };
  drop(program.lines, drop);
  return asked;
}

TEST(KeepGoing, WhatHappensIsWhatDependsOnNoFailure) {
  size_t failures = 0, notWritten = 0, withResult = 0;
  for (unsigned seed = 0; seed < 300; ++seed) {
    RandomProgram program(seed);
    std::mt19937 random(seed);
    for (unsigned line = 0; line < 60; ++line)
      if (random() % 5 == 0)
        program.failing.insert(line);
    if (random() % 3 == 0)
      program.failingFiles.insert(random() % 3);
    const RandomProgram::Outcome expected = program.expected();
    for (unsigned level : {0u, 2u})
      for (unsigned jobs : {1u, 3u})
        for (Schedule schedule : {Schedule::Dataflow, Schedule::Levels, Schedule::Serial}) {
          SCOPED_TRACE("seed " + std::to_string(seed) + " -O" + std::to_string(level) + " jobs " +
                       std::to_string(jobs) + " schedule " + std::to_string(static_cast<int>(schedule)) +
                       "\n" + program.text);
          const Happened happened = happens(program, level, jobs, schedule);
          ASSERT_EQ(happened.written, expected.written);
          if (level)
            continue; // equal reads are merged
          ASSERT_EQ(happened.asked, withoutReads(program, expected.asked));
          ASSERT_EQ(happened.failed, expected.failed);
          ASSERT_EQ(happened.report.ok, expected.failed.empty());
          ASSERT_EQ(happened.report.hasResults, !expected.lost.contains(program.resultLine));
        }
    failures += expected.failed.size();
    withResult += !expected.failed.empty() && !expected.lost.contains(program.resultLine);
    std::set<std::string> all;
    for (const Line &line : program.lines)
      if (line.kind == Line::Kind::Write)
        all.insert(std::to_string(line.number));
    notWritten += all.size() - expected.written.size();
  }
  EXPECT_GT(failures, 300u);
  EXPECT_GT(notWritten, 100u);
  EXPECT_GT(withResult, 30u);
}
