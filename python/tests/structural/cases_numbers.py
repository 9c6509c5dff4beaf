"""Numbers: every function with every combination of the values of its parameters' types."""

import math

INTS = [0, 1, -1, 2, -2, 3, -3, 7, -7, 10, 255, -256, 2**31, 2**53, 2**53 + 1, -(2**53) - 1, 2**62, 2**63 - 1, -(2**63)]
FLOATS = [0.0, -0.0, 1.0, -1.5, 0.1, 2.5, 3.5, -2.5, 1e-5, 1e-4, 123456.0, 100000.0, 1e15, 1e16, 123456789012345680.0, 1e22, 1e100, 5e-324, 1.7976931348623157e308,
          float("inf"), float("-inf"), float("nan"), 9007199254740993.0, 0.30000000000000004, 1e21, 12345678901234567.0, 2.0**63]  # fmt: skip


def add(a: int, b: int):
    return a + b


def sub(a: int, b: int):
    return a - b


def mul(a: int, b: int):
    return a * b


def floor_div(a: int, b: int):
    return a // b


def modulo(a: int, b: int):
    return a % b


def true_div(a: int, b: int):
    return a / b


def negate(a: int):
    return -a


def absolute(a: int):
    return abs(a), +a


def power(a: int):
    return a**2, a**3


def compared(a: int, b: int):
    return a == b, a != b, a < b, a <= b, a > b, a >= b


def chained(a: int, b: int):
    return -5 < a <= b < 100, a < b > 3


def with_float(a: int, x: float):
    return a + x, a - x, a * x, x + a


def compared_with_float(a: int, x: float):
    return a == x, a < x, x <= a


def float_ops(x: float, y: float):
    return x + y, x - y, x * y, -x, abs(x)


def float_div(x: float, y: float):
    return x / y


def float_compared(x: float, y: float):
    return x == y, x != y, x < y, x <= y, x > y, x >= y


def float_text(x: float):
    return f"{x}", str(x)


def float_formats(x: float):
    return f"{x:.2f}", f"{x:.0f}", f"{x:.10f}", f"{x:8.3f}|", f"{x:<10.1f}|"


def float_rounded(x: float):
    return round(x, 2), round(x, 1), round(x, 0)


def float_rounded_whole(x: float):
    return round(x)


def float_floor(x: float):
    return math.floor(x), math.ceil(x)


def float_int(x: float):
    return int(x)


def float_truth(x: float):
    return bool(x), not x, "yes" if x else "no"


def extremes(x: float, y: float):
    return min(x, y), max(x, y)


def int_extremes(a: int, b: int):
    return min(a, b), max(a, b, 3), min(a, b, -2)


def root(x: float):
    return math.sqrt(x)


def int_text(a: int):
    return f"{a}|{a:d}|{a:5}|{a:<6d}|{a:^7}|" + str(a) + "%d and %s" % (a, a)


def int_float(a: int):
    return float(a)


def as_bools(a: int, b: int):
    return a and b, a or b, not a, bool(a) and bool(b), (a > 0) + (b > 0)


def choice(a: int, b: int):
    return "less" if a < b else "equal" if a == b else "more"


def clamp(a: int, b: int):
    result = a
    if result < b:
        result = b
    elif result > 100:
        result = 100
    return result


def early(a: int, b: int):
    if a < 0:
        return "negative"
    if b == 0:
        return "zero"
    q = a // b
    if q > 10:
        return f"large {q}"
    return f"small {q}"


def counted(a: int):
    n, steps = abs(a) % 1000, 0
    while n > 1:
        if n % 2:
            n = 3 * n + 1
        else:
            n //= 2
        steps += 1
        if steps > 60:
            break
    else:
        steps = -steps
    return n, steps


def sums(a: int):
    total = 0
    for i in range(a % 7):
        total += i * i
    for i in range(a % 5, -3, -2):
        total = total * 2 + i
    return total


def bools(p: bool, q: bool):
    return p and q, p or q, not p, p == q, p != q, p + q, f"{p} {q}", int(p), p is True, p < q if p else q
