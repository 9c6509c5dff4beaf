"""The preferred model, another one if it fails, and a fixed text if that fails too; see ../fallback.xir."""

import xcs

preferred = xcs.model("large", url="http://127.0.0.1:8080/v1", max_in_flight=16)
other = xcs.model("small", url="http://127.0.0.1:8080/v1", max_in_flight=16)


@xcs.program(strategy="structural")
def main(question: str) -> str:
    try:
        return preferred(question)
    except Exception:
        pass
    try:
        return other(question)
    except Exception:
        return "No model answered. Please ask again later."
