"""What the host does does not wait: a call's failure is raised by the next call, or at the end, and what is done before that is done."""
from differential import planted

UNSEEN = []


def raise_unseen():
    if UNSEEN:
        raise UNSEEN.pop()


def late(real):
    def create(self, **named):
        raise_unseen()
        try:
            return real(self, **named)
        except Exception as error:
            UNSEEN.append(error)
            other = [{"role": "user", "content": "something else"}]
            return real(self, **{**named, "messages": other})

    return create


if __name__ == "__main__":
    planted.patch(late)
    planted.run()
    raise_unseen()
