"""Prints a function that calls another from within DEPTH regions, which nests as deep itself: nested-calls.py DEPTH"""
import sys

depth = int(sys.argv[1])


def nest(inner):
    for _ in range(depth):
        inner = f"%r = if(%c) : i64 {{\n{inner}\nyield(%r)\n}} {{\nyield(%x)\n}}"
    return inner


print(f"func private @f1(%c: bool, %x: i64) -> i64 {{\n{nest('%r = i64.neg(%x) : i64')}\nreturn(%r)\n}}")
print(f"func @main(%c: bool, %x: i64) -> i64 {{\n{nest('%r = call @f1(%c, %x) : i64')}\n%n = i64.neg(%r) : i64\nreturn(%n)\n}}")
