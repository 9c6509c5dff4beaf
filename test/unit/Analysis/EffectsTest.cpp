#include "Analysis/AnalysisTest.h"

using namespace xcs;

namespace {

struct EffectsTest : AnalysisTest {
  /// `sample model gpt; guard` of an operation.
  std::string show(std::span<const EffectOn> effects) const {
    constexpr const char *names[] = {"pure",        "read",        "sample", "write-idempotent",
                                     "write-keyed", "write-never", "guard",  "bodies",
                                     "http",        "exec",        "log",    "wait"};
    constexpr const char *kinds[] = {" model ", " http ", "", "", "", " file ", " process", " env ", ""};
    std::string text;
    for (const EffectOn &on : effects) {
      text += text.empty() ? "" : "; ";
      text += names[static_cast<size_t>(on.effect)];
      std::string_view kind = kinds[static_cast<size_t>(on.target.kind)];
      text += kind;
      if (!kind.empty())
        text += on.target.identity ? module->pool.text(on.target.identity) : "?";
    }
    return text;
  }
  std::string ofOp(std::string_view name) { return show(EffectAnalysis(*module).effects(0, op(name))); }
  std::string ofNode(size_t node) { return show(EffectAnalysis(*module).effects(0, opAt(node))); }
  std::string ofFunction(size_t f) { return show(EffectAnalysis(*module).effects(f)); }
};

constexpr std::string_view response =
    "record<status: i64, headers: list<record<name: str, value: str>>, body: str>";

std::string request(std::string_view call) {
  return "func @main(%url: str, %x: str) {\n  %r = http.request" + std::string(call) + " : " +
         std::string(response) + "\n  return()\n}\n";
}

} // namespace

TEST_F(EffectsTest, PureOperationsHaveNone) {
  parse("func @main(%x: i64) -> i64 {\n  %y = i64.add(%x, %x) : i64\n  return(%y)\n}\n");
  EXPECT_EQ(ofOp("y"), "");
  EXPECT_EQ(ofFunction(0), "");
  EXPECT_TRUE(EffectAnalysis(*module).isPure(0, op("y")));
}

TEST_F(EffectsTest, AModelCallDrawsFromItsResource) {
  parse("func @main(%x: str) -> str {\n  %y = model.chat @gpt(%x) : str\n  return(%y)\n}\n");
  EXPECT_EQ(ofOp("y"), "sample model gpt");
}

TEST_F(EffectsTest, DeterministicMakesADrawARead) {
  parse("func @main(%x: str) -> str {\n  %y = model.chat @gpt(%x) {deterministic} : str\n"
        "  %z = model.chat @gpt(%x) {deterministic = false} : str\n  return(%y)\n}\n");
  EXPECT_EQ(ofOp("y"), "read model gpt");
  EXPECT_EQ(ofOp("z"), "sample model gpt");
}

TEST_F(EffectsTest, TheMethodSaysWhatARequestDoes) {
  const std::pair<const char *, const char *> methods[] = {
      {"", "sample"},
      {"{method = \"GET\"}", "sample"},
      {"{method = \"HEAD\"}", "sample"},
      {"{method = \"GET\", stable}", "read"},
      {"{method = \"PUT\"}", "write-idempotent"},
      {"{method = \"DELETE\"}", "write-idempotent"},
      {"{method = \"POST\"}", "write-never"},
      {"{method = \"PATCH\"}", "write-never"},
      {"{method = \"POST\", idempotency_key = \"k\"}", "write-keyed"},
  };
  for (const auto &[attributes, effect] : methods) {
    parse(request(std::string("(%url) ") + attributes));
    EXPECT_EQ(ofOp("r"), std::string(effect) + " http ?") << attributes;
  }
}

TEST_F(EffectsTest, AConstantUrlNamesTheOrigin) {
  parse("func @main() {\n  %u = const {value = \"HTTP://Host.test/a/b?c\"} : str\n  %r = "
        "http.request(%u) : " +
        std::string(response) + "\n  return()\n}\n");
  EXPECT_EQ(ofOp("r"), "sample http http://host.test:80");
}

TEST_F(EffectsTest, AResourceNamesTheOriginUnlessItsUrlIsKnownLater) {
  parse(request(" @site(%url)"));
  EXPECT_EQ(ofOp("r"), "sample http http://site.test:80");
  parse(request(" @hidden(%url)"));
  EXPECT_EQ(ofOp("r"), "sample http ?");
}

TEST_F(EffectsTest, RegionsAndCallsHaveThoseOfTheirBodies) {
  parse(R"(func @main(%c: bool, %x: str, %xs: list<str>) {
  %a = if(%c) : str {
    %p = model.chat @gpt(%x) : str
    yield(%p)
  } {
    %p = model.chat @other(%x) : str
    %q = model.chat @other(%x) : str
    yield(%p)
  }
  %b = map(%xs) : list<str> {
  ^(%e: str)
    assert(%c)
    %p = call @helper(%e) : str
    yield(%p)
  }
  return()
}
func @helper(%x: str) -> str {
  log.print(%x) : none
  %p = model.chat @gpt(%x) : str
  return(%p)
}
)");
  EXPECT_EQ(ofOp("a"), "sample model gpt; sample model other");
  EXPECT_EQ(ofOp("b"), "guard; log; sample model gpt");
  EXPECT_EQ(ofFunction(0), "sample model gpt; sample model other; guard; log");
  EXPECT_EQ(ofFunction(1), "log; sample model gpt");
}

TEST_F(EffectsTest, SleepWaits) {
  parse("func @main(%d: duration) {\n  %n = time.sleep(%d) : none\n  return()\n}\n");
  EXPECT_EQ(ofOp("n"), "wait");
}

TEST_F(EffectsTest, TooManyTargetsBecomeAnUnknownOne) {
  std::string text = "func @main(%c: bool) {\n  if(%c) : () {\n";
  for (size_t i = 0; i != EffectAnalysis::maxTargets + 1; ++i) {
    std::string n = std::to_string(i);
    text += "    %u" + n + " = const {value = \"http://h" + n + ".test\"} : str\n    %r" + n +
            " = http.request(%u" + n + ") {method = \"PUT\"} : " + std::string(response) + "\n";
  }
  parse(text + "    yield()\n  }\n  return()\n}\n");
  EXPECT_EQ(ofNode(0), "write-idempotent http ?");
}

/// By what it says, exactly, however much that is; who calls it is bounded. Looking each path up among all
/// before would take minutes.
TEST_F(EffectsTest, AProgramOfManyFilesTouchesEachOfThem) {
  constexpr size_t count = 200'000;
  std::string paths;
  for (size_t i = 0; i != count; ++i)
    paths += "\"p" + std::to_string(i) + "\", ";
  parse("func @main(%c: list<str>) {\n  %r = exec.run(%c) {reads = [], writes = [" + paths +
        "\"./p0\"]} : record<exit: i64, stdout: str, stderr: str>\n  return()\n}\n");
  EffectAnalysis effects(*module);
  EXPECT_EQ(effects.effects(0, op("r")).size(), count);
  EXPECT_EQ(ofFunction(0), "write-never file ?");
}

TEST_F(EffectsTest, LongAndDeepPathsAreUnknown) {
  auto effectOfPath = [&](const std::string &path) {
    parse("func @main() {\n  %p = const {value = \"" + path +
          "\"} : str\n  %r = file.read(%p) : bytes\n  return()\n}\n");
    return ofOp("r");
  };
  std::string deep = "a";
  for (size_t part = 1; part != EffectTarget::maxPathParts; ++part)
    deep += "/a";
  EXPECT_EQ(effectOfPath(deep), "read file " + deep);
  EXPECT_EQ(effectOfPath(deep + "/a"), "read file ?");
  EXPECT_EQ(effectOfPath(deep + "/.."), "read file " + deep.substr(2));
  std::string longest(EffectTarget::maxPathBytes, 'a');
  EXPECT_EQ(effectOfPath(longest), "read file " + longest);
  EXPECT_EQ(effectOfPath(longest + "a"), "read file ?");
  std::string up;
  for (size_t step = 0; step != EffectTarget::maxStepsUp; ++step)
    up += "../";
  EXPECT_EQ(effectOfPath(up + "a"), "read file " + up + "a");
  EXPECT_EQ(effectOfPath(up + "../a"), "read file ?");
}

TEST(OriginTest, OfAbsoluteUrls) {
  EXPECT_EQ(originOf("http://a.test"), "http://a.test:80");
  EXPECT_EQ(originOf("https://a.test/x"), "https://a.test:443");
  EXPECT_EQ(originOf("https://a.test:08443?x"), "https://a.test:8443");
  EXPECT_EQ(originOf("http://[::1]:80/x"), "http://[::1]:80");
  EXPECT_EQ(originOf("http://[::1]"), "http://[::1]:80");
  EXPECT_EQ(originOf("http://c.test#f"), "http://c.test:80");
}

/// Two writes to one server keep their order however its address is written.
TEST(OriginTest, AnAddressHasOneSpelling) {
  for (std::string_view host : {"127.0.0.1", "127.1", "0x7f.0.0.1", "0x7F000001", "2130706433", "0177.0.0.01",
                                "127.0.0.1.", "0.0.0.0", "0", "[::ffff:127.0.0.1]", "[::FFFF:7f00:1]"})
    EXPECT_EQ(originOf("http://" + std::string(host) + "/a"), "http://127.0.0.1:80") << host;
  for (std::string_view host : {"[::1]", "[0:0:0:0:0:0:0:1]", "[0000::0001]", "[::]"})
    EXPECT_EQ(originOf("http://" + std::string(host)), "http://[::1]:80") << host;
  EXPECT_EQ(originOf("http://[FE80::0:A]"), "http://[fe80::a]:80");
  for (std::string_view name : {"127.0.0.1.test", "1.2.3.4.5", "0x7g", "256.0.0.1", "localhost"})
    EXPECT_EQ(originOf("http://" + std::string(name)), "http://" + std::string(name) + ":80");
}

TEST(OriginTest, OtherTextsHaveNone) {
  for (std::string_view text :
       {"", "/path", "ftp://a.test", "http://", "http://:80", "http://a.test:x", "a.test"})
    EXPECT_EQ(originOf(text), "") << text;
}

/// Where two readers might see two hosts, the target counts as unknown.
TEST(OriginTest, OddAuthoritiesHaveNone) {
  for (std::string_view text : {"http://a.test\\@b.test/", "http://a@b.test", "http://a@b@c.test",
                                "http://a.test:0", "http://a.test%2fb", "http://a b.test", "http://[::1",
                                "http://a.test:123456789", "http://\xc3\xa4.test"})
    EXPECT_EQ(originOf(text), "") << text;
  EXPECT_EQ(originOf("http://a.test./x"), "http://a.test:80");
}

/// Two requests to one server are ordered however the program writes its address.
TEST(OriginTest, AnAddressHasOneOrigin) {
  for (std::string_view text : {"http://127.0.0.1", "http://127.1/x", "http://0x7f.1:80", "http://2130706433",
                                "http://0.0.0.0", "http://[::ffff:127.0.0.1]", "http://%31%32%37.0.0.1"})
    EXPECT_EQ(originOf(text), "http://127.0.0.1:80") << text;
  EXPECT_EQ(originOf("http://[0:0::1]:8080"), "http://[::1]:8080");
}
