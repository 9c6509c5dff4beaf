"""Exceptions with the names of others, and a function that is replaced."""


class TimeoutError(Exception):
    pass


class ConnectionError(OSError):
    pass


class Err(Exception):
    pass


class IndexError(Exception):
    pass


def helper(x: int) -> int:
    return x + 1
