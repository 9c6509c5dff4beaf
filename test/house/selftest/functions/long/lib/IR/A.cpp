int f0(int x) { return x; }
int f1(int x) { return x; }
int f2(int x) { return x; }
int f3(int x) { return x; }
int f4(int x) { return x; }
int f5(int x) { return x; }
int f6(int x) { return x; }
int f7(int x) { return x; }
int f8(int x) { return x; }
int f9(int x) { return x; }
int f10(int x) { return x; }
int f11(int x) { return x; }
int f12(int x) { return x; }
int f13(int x) { return x; }
int f14(int x) { return x; }
int f15(int x) { return x; }
int f16(int x) { return x; }
int f17(int x) { return x; }
int f18(int x) { return x; }
int f19(int x) { return x; }
int f20(int x) { return x; }
int f21(int x) { return x; }
int f22(int x) { return x; }
int f23(int x) { return x; }
int f24(int x) { return x; }
int f25(int x) { return x; }
int f26(int x) { return x; }
int f27(int x) { return x; }
int f28(int x) { return x; }
int f29(int x) { return x; }
int f30(int x) { return x; }
int f31(int x) { return x; }
int f32(int x) { return x; }
int f33(int x) { return x; }
int f34(int x) { return x; }
int f35(int x) { return x; }
int f36(int x) { return x; }
int f37(int x) { return x; }
int f38(int x) { return x; }
int f39(int x) { return x; }
int f40(int x) { return x; }
int f41(int x) { return x; }
int f42(int x) { return x; }
int f43(int x) { return x; }
int f44(int x) { return x; }
int f45(int x) { return x; }
int f46(int x) { return x; }
int f47(int x) { return x; }
int f48(int x) { return x; }
int f49(int x) { return x; }
int f50(int x) { return x; }
int f51(int x) { return x; }
int f52(int x) { return x; }
int f53(int x) { return x; }
int f54(int x) { return x; }
int f55(int x) { return x; }
int f56(int x) { return x; }
int f57(int x) { return x; }
int f58(int x) { return x; }
int f59(int x) { return x; }
constexpr auto words = std::to_array<std::string_view>({
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
    "word",
});
namespace xcs {
class Foo : public Bar {
public:
  Foo() : a{1}, b(2) {
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  }
};

// A comment with { a brace
void Foo::bar(int x) const noexcept {
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
}

int64_t baz(int x, std::string_view s = "}{") {
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
  x += 1;
}
} // namespace xcs
