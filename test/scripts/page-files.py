"""page-files.py PAGE FOLDER: writes the files that a page of documentation shows (a block behind "`NAME`:") into a folder."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools" / "dev"))

from transcripts import FILE  # noqa: E402

page, folder = map(pathlib.Path, sys.argv[1:])
for name, content in FILE.findall(page.read_text(encoding="utf-8")):
    (folder / name).write_text(content, encoding="utf-8")
