"""Nothing that belongs to one machine or one person's set-up is committed: folders of a home or a build farm, fixed names in the
temporary folder (tests use %t and testing::TempDir()), registry hosts. No mark of unfinished work either. Comments of the code avoid
turns that docs/words.md replaces and that are never right in one."""
import re

FOLDERS = re.compile(r"(?<![\w.:/~$}\])-])/(?:home|root|work|workspace|builds|Users|tmp)/[\w.-]+")
HOSTS = re.compile(
    r"\b(?:pypi\.org|files\.pythonhosted\.org|registry\.npmjs\.org|crates\.io|proxy\.golang\.org|deb\.debian\.org|"
    r"repo1?\.maven\.org|repo\.maven\.apache\.org|rubygems\.org|ghcr\.io|docker\.io|quay\.io)\b"
)
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")
COMMENT = re.compile(r"(?:^|\s)//+ (.*)")
CODE = re.compile(r"`[^`]*`")
TURNS = re.compile(r"\b(?:stands|stand(?! for\b)|whoever|nobody|anybody|at hand|under way|behind|(?:is|are|been|was|were) told|go(?:es)? on|went on|(?<![Tt]here )(?:is|are) no (?!longer\b|such\b|more\b)[\w-]+)\b")


def comment_problems(tree):
    for name in tree.cpp("include", "lib", "tools", "python"):
        for number, line in enumerate(tree.text(name).split("\n"), 1):
            comment = COMMENT.search(line)
            turn = TURNS.search(CODE.sub("", comment.group(1))) if comment else None
            if turn:
                yield f"{name}:{number}: `{turn.group()}` has a plainer form (docs/words.md)"


def check(tree):
    problems = list(comment_problems(tree))
    for name in tree.files:
        if name.startswith("test/house/"):
            continue
        for number, line in enumerate(tree.text(name).split("\n"), 1):
            for pattern, what in ((FOLDERS, "a folder of one machine"), (HOSTS, "a registry's host"), (UNFINISHED, "a mark of unfinished work")):
                match = pattern.search(line)
                if match:
                    problems.append(f"{name}:{number}: `{match.group()}` is {what}")
    return problems
