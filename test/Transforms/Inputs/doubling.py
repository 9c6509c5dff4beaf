"""Prints functions f0, f1, ... of which each calls the one before it twice: doubling.py COUNT"""
import sys

print("func @f0(%x: i64) -> i64 {\n  return(%x)\n}")
for i in range(1, int(sys.argv[1])):
    print(f"""func @f{i}(%x: i64) -> i64 {{
  %a = call @f{i - 1}(%x) : i64
  %b = call @f{i - 1}(%x) : i64
  %y = i64.add(%a, %b) : i64
  return(%y)
}}""")
