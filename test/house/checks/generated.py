"""Each page of docs/generated/, the grammar for editors and the dictionary of the fuzzers is what `xcsc --print-op-docs=<page>` prints today; none is missing."""
import subprocess

FOLDER = "docs/generated"
PAGES = {page: f"{FOLDER}/{page}.md" for page in ("ops", "resources", "limits", "diagnostics", "passes", "patterns")}
PAGES["grammar"] = "docs/editors/xir.tmLanguage.json"
PAGES["dictionary"] = "test/fuzz/xir.dict"


def _printed(tree, page):
    """(what xcsc prints for a page, None), or (None, why it cannot be told)."""
    program = tree.build / "bin" / "xcsc"
    if not program.exists():
        return None, "xcsc is not built"
    result = subprocess.run([program, f"--print-op-docs={page}"], capture_output=True, text=True, timeout=60)
    if result.returncode != 0 or not result.stdout:
        return None, f"xcsc --print-op-docs={page} failed: {result.stderr.strip()}"
    return result.stdout, None


def check(tree):
    problems = []
    for page, name in PAGES.items():
        printed, problem = _printed(tree, page)
        if problem:
            problems.append(problem)
        elif name not in tree.files:
            problems.append(f"{name}: missing; run ./dev docs")
        elif printed != tree.text(name):
            problems.append(f"{name}: stale; run ./dev docs")
    known = PAGES.values()
    problems += [f"{name}: no page that is generated" for name in tree.under(FOLDER) if name not in known]
    return problems


def write(tree):
    """Prints every page anew."""
    for page, name in PAGES.items():
        printed, problem = _printed(tree, page)
        if problem:
            raise SystemExit(problem)
        (tree.root / name).parent.mkdir(parents=True, exist_ok=True)
        (tree.root / name).write_text(printed)
        print(f"{name}: written")
