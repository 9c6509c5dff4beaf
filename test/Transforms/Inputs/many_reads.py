"""Prints a program with one constant list of N texts and an operation for each of them."""
import sys

count = int(sys.argv[1])
texts = ", ".join(f'"t{i}"' for i in range(count))
print(f"func @main() -> list<str> {{\n  %xs = const {{value = [{texts}]}} : list<str>")
for i in range(count):
    print(f"  %i{i} = const {{value = {i}}} : i64\n  %t{i} = list.get(%xs, %i{i}) : str")
print("  %all = list.pack(" + ", ".join(f"%t{i}" for i in range(count)) + ") : list<str>\n  return(%all)\n}")
