"""Prints a program of ten thousand additions whose results are called %v_1, %v_1_1, ... in one pattern: each adds one to
the value before it, and some of them are its results."""

COUNT = 10000


def name(i):
    return "%v_" + "_".join(str(i))


print("func @main(%x: i64) -> i64, i64, i64, i64 {\n  %one = const {value = 1} : i64")
before = "%x"
for i in range(1, COUNT + 1):
    print(f"  {name(i)} = i64.add({before}, %one) : i64")
    before = name(i)
print(f"  return({name(COUNT)}, {name(10)}, {name(110)}, {name(1110)})\n}}")
