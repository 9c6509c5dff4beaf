"""Two equal calls are made one."""
import json

from differential import planted


def once(real):
    answers = {}

    def create(self, **named):
        if named.get("stream") or named.get("extra_headers"):
            return real(self, **named)
        key = json.dumps(named, sort_keys=True, default=str)
        if key not in answers:
            answers[key] = real(self, **named)
        return answers[key]

    return create


if __name__ == "__main__":
    planted.patch(once)
    planted.run()
