"""Reads what the programs print for `--help`: the table that manual pages and completions are made from."""
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

TOOLS = ("xcs", "xcsc", "xcs-run")


@dataclass
class Flag:
    """A flag of one command line. `value` is its form (`FILE`); None: it takes none. `words` are the values it may have, with what they
    mean; that of "" is what the flag means without a value. `names` are further ones, which a page of their own lists."""

    name: str
    text: str
    value: str | None = None
    words: list[tuple[str, str]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    @property
    def is_optional(self):
        return any(word == "" for word, _ in self.words)


@dataclass
class CommandLine:
    """One command line: `xcsc`, or `xcs run`."""

    name: str
    overview: str
    operands: str
    groups: list[tuple[str, list[Flag]]]
    examples: list[str]

    def flags(self):
        return [flag for _, flags in self.groups for flag in flags]


@dataclass
class Tool:
    """A program. `commands` are those of a driver: name, operands, summary and, where it has flags, its command line."""

    name: str
    line: CommandLine | None
    commands: list[tuple[str, str, str, CommandLine | None]]
    notes: list[str]
    version: str


class UnknownHelp(Exception):
    """`--help` has a line that this reader does not know, so that pages would lack it."""


FLAG = re.compile(r"^  (--?[A-Za-z][\w-]*)(?:[= ]<(.*?)>)? +- (.*)$")
WORD = re.compile(r"^    =(\S+) +-   (.*)$")
COMMAND = re.compile(r"^  xcs (\S+) (.*?)  +(\S.*)$")


def read_flag(found, flags):
    name, value, text = found.groups()
    if flags and flags[-1].name == name:  # the second line of a flag whose value may be left out
        flags[-1].value = value
    else:
        flags.append(Flag(name, text, value))


def read_command_line(name, text):
    line = CommandLine(name, "", "", [], [])
    in_examples = False
    for row in text.splitlines():
        flag, word = FLAG.match(row), WORD.match(row)
        if row.startswith("OVERVIEW: "):
            line.overview = row.removeprefix("OVERVIEW: ")
        elif row.startswith(f"USAGE: {name} [options]"):
            line.operands = row.removeprefix(f"USAGE: {name} [options]").strip()
        elif row == "EXAMPLES:":
            in_examples = True
        elif in_examples:
            line.examples.append(row.strip())
        elif flag and line.groups:
            read_flag(flag, line.groups[-1][1])
        elif word and line.groups and line.groups[-1][1]:
            line.groups[-1][1][-1].words.append((word[1].replace("<empty>", ""), word[2]))
        elif row.endswith(":") and not row.startswith(" "):
            if row != "OPTIONS:":
                line.groups.append((row[:-1].replace("Generic Options", "Help"), []))
        elif row:
            raise UnknownHelp(f"{name} --help: {row}")
    if not line.flags() or not line.overview:
        raise UnknownHelp(f"{name} --help names no flags")
    return line


def read_driver(name, text, help_of):
    commands, notes = [], []
    for row in text.splitlines():
        command = COMMAND.match(row)
        if command:
            has_flags = command[1] != "help"
            line = read_command_line(f"{name} {command[1]}", help_of(name, command[1])) if has_flags else None
            commands.append((command[1], command[2].strip(), command[3], line))
        elif row and not row.startswith("usage: "):
            notes.append(row)
    if not commands:
        raise UnknownHelp(f"{name} --help names no commands")
    return commands, notes


def output_of(folder, program, *arguments):
    return subprocess.run([Path(folder) / program, *arguments], capture_output=True, text=True, check=True).stdout


def names_in(folder, page, rest):
    """The names of the rows of a page of `xcsc` that go on like that."""
    found = re.findall(rf"^\| `([\w-]+)` \|{rest}", output_of(folder, "xcsc", f"--print-op-docs={page}"), re.MULTILINE)
    if not found:
        raise UnknownHelp(f"xcsc --print-op-docs={page} has no names")
    return found


def add_names(folder, tool):
    """The names of limits and of warnings, where a flag takes one."""
    lines = [tool.line] if tool.line else [line for *_, line in tool.commands if line]
    for flag in (flag for line in lines for flag in line.flags()):
        if flag.name == "--limit":
            flag.names = [name + "=" for name in names_in(folder, "limits", " [0-9]")]
        elif flag.name == "-W":
            kinds = names_in(folder, "diagnostics", " warning ")
            flag.names = ["error", *(no + name for name in ("all", "unused", *kinds) for no in ("", "no-"))]


def read_tool(folder, name):
    def output(program, *arguments):
        return output_of(folder, program, *arguments)

    text = output(name, "--help")
    version = output(name, "--version").split()[1]
    if text.startswith("usage: "):
        commands, notes = read_driver(name, text, lambda program, command: output(program, command, "--help"))
        return Tool(name, None, commands, notes, version)
    return Tool(name, read_command_line(name, text), [], [], version)
