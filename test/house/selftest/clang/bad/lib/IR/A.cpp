class A {
  int unused = 0;
};
A a;
struct __attribute__((capability("mutex"))) Mutex {};
struct Guarded {
  Mutex mutex;
  int value __attribute__((guarded_by(mutex))) = 0;
};
int read(Guarded &guarded) { return guarded.value; }
