"""Converted code that is kept on disk: it is taken when nothing has changed that it was made from, and only from a folder of the user's own."""

import os
import subprocess
import sys

import pytest
from both import engine_path

from xcs import _cache

SCRIPT = """
import helper
import sys
def double(x):
    return helper.twice(x)
print([double(x) for x in [1, 2]], 'xcs._convert' in sys.modules, helper.called)
"""
HELPER = """
called = []
def twice(x):
    return 2 * x
"""
OTHER = HELPER.replace("return 2 * x", "called.append(x)\n    return 3 * x")


class Place:
    def __init__(self, folder):
        self.folder, self.home = folder / "scripts", folder / "home"
        self.folder.mkdir()
        self.home.mkdir()
        self.entries = self.home / "xcs" / "python"
        self.put("script.py", SCRIPT), self.put("helper.py", HELPER)

    def put(self, name, text):
        (self.folder / name).write_text(text)

    def run(self, *options, **environment):
        env = {k: v for k, v in os.environ.items() if not k.startswith(("XCS_", "PYTHON"))}
        env.update(PYTHONPATH=engine_path(), XDG_CACHE_HOME=str(self.home), **environment)
        command = [sys.executable, *options, "-m", "xcs", "script.py"]
        done = subprocess.run(command, cwd=self.folder, env=env, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        assert sorted(os.listdir(self.folder)) == ["helper.py", "script.py"], "nothing is written beside the script"
        self.err = done.stderr
        return done.stdout.strip()


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


def test_a_script_that_has_not_changed_is_not_converted_again(place):
    assert place.run() == "[2, 4] True []"
    assert len(list(place.entries.iterdir())) == 2
    assert place.entries.stat().st_mode & 0o777 == 0o700
    assert {f.stat().st_mode & 0o777 for f in place.entries.iterdir()} == {0o600}
    assert place.run() == "[2, 4] False []"


def test_a_changed_text_is_converted(place):
    place.run()
    place.put("script.py", SCRIPT.replace("[1, 2]", "[1, 5]"))
    assert place.run() == "[2, 10] True []"
    assert len(list(place.entries.iterdir())) == 2, "an entry takes the place of that of the older text"


def test_a_changed_text_of_an_imported_module_converts_those_that_import_it(place):
    place.run()
    before = {f: f.stat().st_ino for f in place.entries.iterdir()}
    place.put("helper.py", OTHER)
    assert place.run() == "[3, 6] True [1, 2]"
    after = {f: f.stat().st_ino for f in place.entries.iterdir()}
    assert before.keys() == after.keys() and all(before[f] != after[f] for f in before), "the script was analysed with the module's old text"
    assert place.run() == "[3, 6] False [1, 2]"


def test_options_that_change_code_have_entries_of_their_own(place):
    place.put("script.py", SCRIPT + "print(__debug__)\n")
    assert place.run().endswith("True")
    assert place.run("-O").endswith("False")
    assert place.run().endswith("True")


def test_warnings_of_the_compiler_are_shown_each_time(place):
    place.put("script.py", "print(1 is 1)\n")
    for _ in range(2):
        assert place.run() == "True"
        assert place.err.count("SyntaxWarning") == 1, place.err


@pytest.mark.parametrize("how", ["environment", "option"])
def test_nothing_is_written_where_no_bytecode_may_be(place, how):
    for _ in range(2):
        out = place.run("-B") if how == "option" else place.run(PYTHONDONTWRITEBYTECODE="1")
        assert out == "[2, 4] True []"
    assert not place.entries.exists()


@pytest.mark.parametrize("how", ["open to others", "a link", "a file"])
def test_a_folder_that_is_not_the_users_alone_is_not_used(place, how):
    place.run()
    if how == "open to others":
        place.entries.chmod(0o750)
    elif how == "a link":
        place.entries.rename(place.home / "elsewhere")
        place.entries.symlink_to(place.home / "elsewhere")
    else:
        place.entries.rename(place.home / "elsewhere")
        place.entries.write_text("")
    for _ in range(2):
        assert place.run() == "[2, 4] True []"
        assert place.err == ""


@pytest.fixture
def entry(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    _cache.write("/a/script.py", "__main__", (b"key", [], 7))
    (file,) = (tmp_path / "xcs" / "python").iterdir()
    assert _cache.read("/a/script.py", "__main__") == (b"key", [], 7)
    assert _cache.read("/a/script.py", "script") is None and _cache.read("/b/script.py", "__main__") is None
    return file


def test_an_entry_that_is_damaged_or_cut_off_is_not_read(entry):
    whole = entry.read_bytes()
    for at in range(len(whole)):
        entry.write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
        assert _cache.read("/a/script.py", "__main__") is None, at
        entry.write_bytes(whole[:at])
        assert _cache.read("/a/script.py", "__main__") is None, at
    entry.write_bytes(whole)
    assert _cache.read("/a/script.py", "__main__") == (b"key", [], 7)


def test_an_entry_that_others_may_write_is_not_read(entry):
    entry.chmod(0o660)
    assert _cache.read("/a/script.py", "__main__") is None


def test_an_entry_that_is_a_link_or_a_pipe_is_not_read(entry):
    entry.rename(entry.parent / "other")
    entry.symlink_to("other")
    assert _cache.read("/a/script.py", "__main__") is None
    entry.unlink()
    os.mkfifo(entry, 0o600)
    assert _cache.read("/a/script.py", "__main__") is None


def test_the_oldest_entries_go_when_there_are_too_many(entry, monkeypatch):
    monkeypatch.setattr(_cache, "MOST_ENTRIES", 20)
    os.utime(entry, (1, 1))
    for i in range(20):
        _cache.write(f"/{i}", "__main__", (i,))
    left = os.listdir(entry.parent)
    assert len(left) == 18 and entry.name not in left
    assert _cache.read("/19", "__main__") == (19,)


def test_without_a_folder_for_caches_nothing_is_kept(monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", "not/absolute")
    monkeypatch.setenv("HOME", "neither")
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    assert _cache.folder() is None
    _cache.write("/a/script.py", "__main__", (1,))
    assert _cache.read("/a/script.py", "__main__") is None


def test_a_change_of_any_part_of_the_package_is_another_key(tmp_path, monkeypatch):
    for name in os.listdir(_cache._HERE):
        if name.endswith(".py"):
            with open(os.path.join(_cache._HERE, name), "rb") as f:
                (tmp_path / name).write_bytes(f.read())
    monkeypatch.setattr(_cache, "_HERE", str(tmp_path))

    def key():
        monkeypatch.setattr(_cache, "_stamp", None)
        return _cache.key(b"x = 1", "script.py", "__main__", ())

    seen = {key()}
    for name in ("_convert.py", "_reads.py", "_harmless.py", "_waiting.py", "_names.py"):
        with open(tmp_path / name, "a") as f:
            f.write("#\n")
        assert key() not in seen, name
        seen.add(key())
