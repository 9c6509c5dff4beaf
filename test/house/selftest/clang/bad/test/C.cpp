class A {
  int unused = 0;
};
