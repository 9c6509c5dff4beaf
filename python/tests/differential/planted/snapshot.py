"""Arguments are no snapshots: a list of messages that changes after the call changes the request."""
import contextlib
import threading

from differential import planted


def late(real):
    def create(self, **named):
        if named.get("stream"):
            return real(self, **named)
        result, failure = [], []

        def attempt():
            # The call is carried out a moment later, as one that waits for its turn is.
            with contextlib.suppress(Exception):
                gone.wait(0.0005)
            try:
                result.append(real(self, **named))
            except Exception as error:
                failure.append(error)

        def waited():
            worker.join()
            if failure:
                raise failure[0]
            return result[0]

        gone = threading.Event()
        worker = threading.Thread(target=attempt)
        worker.start()
        if any("content" in message and message["content"] for message in named["messages"][1:]):
            waited()  # a conversation is waited for, so that nothing but the snapshot is missing
        return planted.later(waited)

    return create


if __name__ == "__main__":
    planted.patch(late)
    planted.run()
