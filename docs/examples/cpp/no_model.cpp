// Two chains of waits, one slow and then fast, the other the reverse: no_model.xir in C++.
#include "example.h"
using namespace xcs;

static None wait(Duration how, std::chrono::milliseconds expected) {
  return time::sleep(how, {.hintLatency = expected});
}

static Str no_model(Str name) {
  using namespace std::chrono_literals;
  Duration slow = place(Duration(200ms)), fast = place(Duration(50ms));

  None left1 = wait(slow, 200ms);
  Str left = after(format("{0} slept long", name), {left1});
  None left2 = after(wait(fast, 50ms), {left});

  None right1 = wait(fast, 50ms);
  Str right = after(format("{0} slept short", name), {right1});
  None right2 = after(wait(slow, 200ms), {right});

  List<Str> both = after(list::pack({left, right}), {left2, right2});
  return str::upper(str::join(both, {.separator = ", then "}));
}

EXAMPLE(no_model, "name")
