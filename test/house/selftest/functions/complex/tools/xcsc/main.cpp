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
int h(int a, int b) {
  if (a == 0 && b)
    return 0;
  if (a == 1 && b)
    return 1;
  if (a == 2 && b)
    return 2;
  if (a == 3 && b)
    return 3;
  if (a == 4 && b)
    return 4;
  if (a == 5 && b)
    return 5;
  if (a == 6 && b)
    return 6;
  if (a == 7 && b)
    return 7;
  auto pick = [&](int c) { return c ? a : b; };
  for (auto &&x : list)
    while (pick(x) || a)
      --a;
  switch (a) {
  case 0:
    return 0;
  case 1:
    return 1;
  case 2:
    return 2;
  case 3:
    return 3;
  case 4:
    return 4;
  case 5:
    return 5;
  case 6:
    return 6;
  case 7:
    return 7;
  case 8:
    return 8;
  case 9:
    return 9;
  case 10:
    return 10;
  case 11:
    return 11;
  case 12:
    return 12;
  case 13:
    return 13;
  case 14:
    return 14;
  case 15:
    return 15;
  case 16:
    return 16;
  case 17:
    return 17;
  case 18:
    return 18;
  case 19:
    return 19;
  case 20:
    return 20;
  case 21:
    return 21;
  case 22:
    return 22;
  case 23:
    return 23;
  case 24:
    return 24;
  }
  const char *s = "? && if"; // if && ? :
  return a;
}
