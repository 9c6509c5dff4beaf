"""Links between pages lead somewhere: each relative link of a `.md` file names a file or folder of this checkout, each `#anchor` a heading."""
import posixpath
import re

LINK = re.compile(r"\]\((?![a-z]+:)([^)\s]+)\)")


def _without_code(text):
    text = re.sub(r"^( *)```.*?^\1```", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]*`", "", text)


def _anchors(text):
    """As Markdown readers make them of headings: lower case, blanks to `-`, punctuation dropped."""
    found = set()
    for heading in re.findall(r"^#+ (.*)$", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE):
        heading = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        found.add(re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-"))
    return found


def check(tree):
    known = set(tree.files)
    for name in tree.files:
        while name := posixpath.dirname(name):
            known.add(name)
    problems = []
    for page in (name for name in tree.files if name.endswith(".md")):
        for link in LINK.findall(_without_code(tree.text(page))):
            path, _, anchor = link.partition("#")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else page
            if target not in known:
                problems.append(f"{page}: there is no {target}")
            elif anchor and target.endswith(".md") and anchor not in _anchors(tree.text(target)):
                problems.append(f"{page}: {target} has no heading for #{anchor}")
    return problems
