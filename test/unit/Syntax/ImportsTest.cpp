// Programs of several files, read through a fake: what is asked for, and how often.
#include "Syntax/ImportPath.h"
#include "SyntaxTest.h"
#include <map>

using namespace xcs;

namespace {

class FakeFiles : public ImportedFiles {
public:
  Answer read(std::string_view path, uint64_t) override {
    asked.emplace_back(path);
    auto found = texts.find(std::string(path));
    if (found == texts.end())
      return {nullptr, {}, "it is not in the test"};
    auto alias = aliases.find(std::string(path));
    return {std::make_shared<SourceBuffer>(std::string(path), found->second),
            alias == aliases.end() ? std::string(path) : alias->second,
            {}};
  }
  std::string ownIdentity() const override { return "main.xir"; }

  std::map<std::string, std::string> texts, aliases;
  std::vector<std::string> asked;
};

std::string resolved(std::string_view importer, std::string_view path) {
  std::string problem, result = resolveImport(importer, path, problem);
  EXPECT_EQ(result.empty(), !problem.empty());
  return problem.empty() ? result : "refused";
}

TEST(ImportPath, IsRelativeToTheImporterAndStaysInside) {
  EXPECT_EQ(resolved("main.xir", "a.xir"), "a.xir");
  EXPECT_EQ(resolved("sub/main.xir", "a.xir"), "sub/a.xir");
  EXPECT_EQ(resolved("sub/main.xir", "./x//../a.xir"), "sub/a.xir");
  EXPECT_EQ(resolved("sub/main.xir", "../a.xir"), "a.xir");
  EXPECT_EQ(resolved("sub/main.xir", "../../a.xir"), "refused");
  EXPECT_EQ(resolved("main.xir", "x/../../a.xir"), "refused");
  EXPECT_EQ(resolved("main.xir", "/a.xir"), "refused");
  EXPECT_EQ(resolved("main.xir", ""), "refused");
  EXPECT_EQ(resolved("sub/main.xir", ".."), "refused");
  EXPECT_EQ(resolved("main.xir", "sub/"), "refused");
  EXPECT_EQ(resolved("main.xir", std::string_view("a\0.xir", 6)), "refused");
}

struct ReadProgram {
  ReadProgram(FakeFiles &files, std::string text, Limits limits = {})
      : module(parseModule(std::make_shared<SourceBuffer>("main.xir", std::move(text)), engine, limits,
                           &files)) {}
  std::string kinds() const {
    std::string out;
    for (const Diagnostic &d : engine.all())
      out += d.file + ":" + std::to_string(d.line) + " " + std::string(d.kind) + "\n";
    return out;
  }
  DiagnosticEngine engine;
  std::unique_ptr<Module> module;
};

TEST(Imports, EachFileIsReadOnce) {
  FakeFiles files;
  files.texts = {{"a.xir", "import \"c.xir\" func @a() { return }"},
                 {"b.xir", "import \"./c.xir\" func @b() { return }"},
                 {"c.xir", "func @c() { return }"}};
  ReadProgram program(files, "import \"a.xir\" import \"b.xir\" import \"a.xir\" func @main() { return }");
  ASSERT_TRUE(program.module) << program.kinds();
  EXPECT_EQ(files.asked, (std::vector<std::string>{"a.xir", "c.xir", "b.xir"}));
  EXPECT_EQ(program.module->functions.size(), 4u);
}

TEST(Imports, TwoPathsToOneFileAreOneFile) {
  FakeFiles files;
  files.texts = {{"a.xir", "func @a() { return }"}, {"link.xir", "func @a() { return }"}};
  files.aliases = {{"link.xir", "a.xir"}};
  ReadProgram program(files, "import \"a.xir\" import \"link.xir\" func @main() { return }");
  ASSERT_TRUE(program.module) << program.kinds();
  EXPECT_EQ(program.module->functions.size(), 2u);
}

TEST(Imports, WithoutFilesNothingCanBeImported) {
  DiagnosticEngine engine;
  EXPECT_FALSE(parseModule(std::make_shared<SourceBuffer>("t.xir", "import \"a.xir\""), engine));
  ASSERT_EQ(engine.errorCount(), 1u);
  EXPECT_EQ(engine.all()[0].kind, "cannot-import");
}

TEST(Imports, AMistakeInOneFileDoesNotHideThoseOfTheNext) {
  FakeFiles files;
  files.texts = {{"a.xir", "\nfunc @a( { return }"}, {"b.xir", "func @b() { %x = nothing.at.all() : i64 }"}};
  ReadProgram program(files, "import \"a.xir\" import \"gone.xir\" import \"b.xir\" func @main() { return }");
  EXPECT_FALSE(program.module);
  EXPECT_EQ(program.kinds(), "a.xir:2 expected-token\nmain.xir:1 cannot-import\nb.xir:1 unknown-op\n");
}

TEST(Imports, ALimitStopsTheReading) {
  FakeFiles files;
  files.texts = {{"a.xir", "func @a() { return return }"}, {"b.xir", "func @b() { return }"}};
  Limits limits;
  limits.set(Limit::Operations, 2);
  ReadProgram program(files, "import \"a.xir\" import \"b.xir\" func @main() { return }", limits);
  EXPECT_EQ(program.kinds(), "a.xir:1 limit-exceeded\n");
  EXPECT_EQ(files.asked, std::vector<std::string>{"a.xir"});
}

TEST(Imports, RenamedPrivateFunctionsMeetNoNameOfTheProgram) {
  // `@helper.2` is called though it is nowhere: the renamed function must not be what is called.
  FakeFiles files;
  files.texts = {{"a.xir", "func private @helper() { return } func @a() { call @helper() return }"}};
  ReadProgram program(files, "import \"a.xir\" func private @helper() { return }"
                             " func @main() { call @helper.2() call @helper() return }");
  ASSERT_TRUE(program.module) << program.kinds();
  const Module &module = *program.module;
  EXPECT_FALSE(module.lookup(module.pool.lookup("helper.2")));
  EXPECT_TRUE(module.lookup(module.pool.lookup("helper.3")));
}

TEST(Imports, APrivateFunctionGivesWayToWhatOthersSee) {
  FakeFiles files;
  files.texts = {{"a.xir", "func @helper() { return }"}};
  ReadProgram program(
      files, "import \"a.xir\" func private @helper() { return } func @main() { call @helper() return }");
  ASSERT_TRUE(program.module) << program.kinds();
  const Module &module = *program.module;
  EXPECT_EQ(module.pool.text(module.functions[0]->symbol), "helper.2");
  const ComputationGraph &main = module.functions[1]->graph;
  EXPECT_EQ(main.operation(main.region(module.functions[1]->body).body[0]).symbol,
            module.functions[0]->symbol);
}

} // namespace
