"""Waits for what a session defers."""


def value_of(session, deferred):
    while not deferred.done:
        session.wait([deferred])
    return deferred.value()
