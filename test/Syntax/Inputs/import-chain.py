"""Writes files 0.xir, 1.xir, ... LAST.xir, each of which imports the next, and detour.xir, which comes near the end of
the chain by a short way before it goes the long one: import-chain.py FOLDER LAST"""
import os
import sys

folder, last = sys.argv[1], int(sys.argv[2])
os.makedirs(folder)


def write(name, *imports):
    lines = [f'import "{path}.xir"' for path in imports] + [f"func @f{name}() {{ return }}"]
    with open(os.path.join(folder, f"{name}.xir"), "w") as file:
        file.write("\n".join(lines) + "\n")


for i in range(last):
    write(i, i + 1)
write(last)
write("detour", last - 1, 1)
