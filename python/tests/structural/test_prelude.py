"""Operations of Python that are functions of the plan: what the cases do not reach."""

import random
import struct

from xcs._structural import prelude

import xcs


def test_no_character_has_another_case_beyond_the_table():
    for c in range(prelude.CASED_END, 0x110000):
        assert chr(c).lower() == chr(c) == chr(c).upper()


def lowered(texts: list[str]) -> list[str]:
    return [t.lower() for t in texts]


def uppered(texts: list[str]) -> list[str]:
    return [t.upper() for t in texts]


def test_every_character_in_both_cases():
    characters = [chr(c) for c in range(1, prelude.CASED_END) if not 0xD800 <= c < 0xE000 and c != 0x3A3]
    texts = ["x".join(characters[i : i + 500]) for i in range(0, len(characters), 500)]
    for function in (lowered, uppered):
        assert xcs.program(function, strategy="structural")(texts) == function(texts)


def shown(xs: list[float]) -> list[str]:
    return [str(x) for x in xs]


def floats(count):
    r = random.Random(7)
    for _ in range(count):
        yield struct.unpack("d", struct.pack("Q", r.getrandbits(64)))[0]
        yield r.uniform(1e15, 9e18) * r.choice([1, -1])
        yield float(r.randint(0, 10 ** r.randint(1, 18)))
        yield round(r.uniform(-1e3, 1e3), r.randint(0, 8)) * 10 ** r.randint(-8, 8)


def test_texts_of_floats():
    program = xcs.program(shown, strategy="structural")
    refused = 0
    for x in floats(500):
        try:
            assert program([x]) == shown([x])
        except xcs.Error as e:
            assert "xcs: the text of this float" in str(e)
            refused += 1
    assert refused < 20
