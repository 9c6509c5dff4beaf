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
void g0(int x) {
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
void g1(int x) {
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
