class A {
  int unused = 0;
};
A a;
