"""Calls that the client itself sends side by side never fail for a rate limit that one call at a time would not have met.

A call that is refused with 429 while others were in flight waits, as long as the endpoint asks or ever longer, and is sent again with fewer in
flight: additive increase, multiplicative decrease (Chiu and Jain 1989). One that is refused alone, again and again, fails as in plain Python.
"""

from __future__ import annotations

import threading
import time

from ._state import state

FIRST_WAIT, LONGEST_WAIT = 0.5, 8.0
MOST_IN_VAIN = 3
_gates = {}
_lock = threading.Lock()


class Gate:
    """Of one endpoint."""

    def __init__(self):
        self.changed = threading.Condition()
        self.most = float("inf")  # calls in flight at once
        self.flying = 0
        self.until = 0.0  # nothing starts before
        self.cut_at = float("-inf")
        self.vain = 0  # cuts since a call was answered

    def enter(self, session):
        with self.changed:
            while self.flying and self.flying >= self.most or time.monotonic() < self.until:
                if state.session is not session:
                    raise RuntimeError("the session has ended")
                self.changed.wait(max(0.001, min(0.1, self.until - time.monotonic())) if self.flying < self.most else 0.1)
            self.flying += 1
            return time.monotonic(), self.flying > 1

    def leave(self):
        with self.changed:
            self.flying -= 1
            self.changed.notify_all()

    def accepted(self):
        with self.changed:
            self.vain = 0
            if self.most != float("inf"):
                self.most += 1 / self.most
                self.changed.notify_all()

    def refused(self, error, began, had_company):
        """Whether it is to be sent again; then the wait is set."""
        with self.changed:
            if not had_company and self.flying == 1 and self.most == float("inf") or self.vain >= MOST_IN_VAIN:
                return False
            now = time.monotonic()
            if began > self.cut_at:
                self.cut_at = now
                self.vain += 1
                self.most = max(1.0, min(self.most, self.flying) / 2)
            asked = _asked(error)
            wait = asked if asked else min(LONGEST_WAIT, FIRST_WAIT * 2 ** (self.vain - 1))
            self.until = max(self.until, now + wait)
            return True


def _asked(error):
    """The seconds that the endpoint asks to wait; None where it does not say, or what the client would not heed."""
    headers = getattr(getattr(error, "response", None), "headers", {})
    try:
        seconds = float(headers["retry-after-ms"]) / 1000 if "retry-after-ms" in headers else float(headers["retry-after"])
    except KeyError:
        return None
    except ValueError:
        import email.utils

        when = email.utils.parsedate_tz(headers["retry-after"])
        seconds = email.utils.mktime_tz(when) - time.time() if when else 0
    return seconds if 0 < seconds <= 60 else None


def gate_of(client):
    url = getattr(client, "_base_url", None) or ""
    key = str(getattr(url, "scheme", "")), str(getattr(url, "netloc", url))
    with _lock:
        if key not in _gates:
            _gates[key] = Gate()
        return _gates[key]


def sender(send):
    """`send`, for calls that run beside others."""

    def beside(completions, *args, **kwargs):
        gate, session = gate_of(completions._client), state.session
        had_company = False
        while True:
            began, company = gate.enter(session)
            had_company = had_company or company
            again = False
            try:
                answer = send(completions, *args, **kwargs)
            except Exception as e:
                if getattr(e, "status_code", None) != 429 or "insufficient_quota" in str(e) or not gate.refused(e, began, had_company):
                    raise
                again = True
            finally:
                gate.leave()
            if not again:
                gate.accepted()
                return answer

    return beside
