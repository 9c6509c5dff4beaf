"""Exceptions with the names of others."""


class TimeoutError(Exception):
    pass


class ConnectionError(OSError):
    pass


class Err(Exception):
    pass


class IndexError(Exception):
    pass
