"""Prints a program that writes and reads N files, each beneath 250 directories of its own."""
import sys

count = int(sys.argv[1])
print("func @main(%x: str) -> str {")
for i in range(count):
    path = "/".join(f"d{i}-{j}abcdef" for j in range(250))
    print(f'  %p{i} = const {{value = "{path}"}} : str\n  file.write(%p{i}, %x) : none')
    print(f"  %r{i} = file.read_text(%p{i}) : str")
print("  %all = str.concat(" + ", ".join(f"%r{i}" for i in range(count)) + ") : str\n  return(%all)\n}")
