"""Writes a program of a thousand files beside main.xir: each is imported by main.xir, half of them by another one too,
and each has a private function of one name: thousand-files.py FOLDER"""
import os
import sys

folder, count = sys.argv[1], 1000
os.makedirs(folder)


def write(name, lines):
    with open(os.path.join(folder, name), "w") as file:
        file.write("\n".join(lines) + "\n")


for i in range(count):
    write(f"f{i}.xir", ([f'import "f{i + count // 2}.xir"'] if i < count // 2 else []) + [
        "func private @helper() -> i64 {", f"  %v = const {{value = {i}}} : i64", "  return(%v)", "}",
        f"func @f{i}() -> i64 {{", "  %v = call @helper() : i64", "  return(%v)", "}"])
write("main.xir", [f'import "f{i}.xir"' for i in range(count)] + ["func @main() -> i64 {"] +
      [f"  %v{i} = call @f{i}() : i64" for i in range(count)] +
      ["  %all = list.pack(" + ", ".join(f"%v{i}" for i in range(count)) + ") : list<i64>",
       "  %sum = i64.sum(%all) : i64", "  return(%sum)", "}"])
