"""Completions for bash, zsh and fish."""
import shlex

FILES = {"FILE", "PATH", "OUT", "OUT.json", "F.json", "PROG"}


def function_name(name):
    """Differs for `xcs run` and `xcs-run`."""
    return "_" + name.replace("-", "_").replace(" ", "__")


def words_of(flag):
    return [word for word, _ in flag.words if word] + flag.names


def suffixes(operands):
    """Of the files that an operand may be: `PROGRAM.xir|PLAN.xplan`."""
    return [suffix for suffix in ("xir", "xplan") if f".{suffix}" in operands] or (["xir", "xplan"] if "FILE" in operands else [])


# bash. `=` is a word of its own there, unless COMP_WORDBREAKS lacks it.


def bash_offer(command):
    """What a command prints is offered, line by line: names of files may have spaces."""
    return f"mapfile -t COMPREPLY < <({command})"


def bash_values(flag):
    if words_of(flag):
        offer = bash_offer(f'compgen -W {shlex.quote(" ".join(words_of(flag)))} -- "$value"')
        return "compopt -o nospace; " + offer if flag.names and flag.names[-1].endswith("=") else offer
    if flag.value == "DIR":
        return "compopt -o filenames; " + bash_offer('compgen -d -- "$value"')
    if flag.value in FILES:
        return "compopt -o filenames; " + bash_offer('compgen -f -- "$value"')
    return "COMPREPLY=()"


def bash_forms(flag):
    """What may be completed to: `--emit=` asks for a value, and `--explain` may be left without."""
    if flag.value is None or not flag.name.startswith("--"):
        return [flag.name]
    return [flag.name, flag.name + "="] if flag.is_optional else [flag.name + "="]


def bash_operands(operands):
    found = suffixes(operands)
    if not found:
        return "COMPREPLY=()"
    offers = [f"compgen -f -X '!*.{suffix}' -- \"$cur\"" for suffix in found] + ['compgen -d -- "$cur"']
    return "compopt -o filenames; " + bash_offer("; ".join(offers))


def bash_line(name, line):
    takers = [flag for flag in line.flags() if flag.value is not None]
    separate = " | ".join(flag.name for flag in takers if not flag.is_optional)
    rows = [f"{function_name(name)}() {{", '  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} flag= value=']
    rows += [
        '  if [[ $cur == --*=* ]]; then flag=${cur%%=*} value=${cur#*=}',
        '  elif [[ $cur == = ]]; then flag=$prev',
        '  elif [[ $prev == = ]]; then flag=${COMP_WORDS[COMP_CWORD-2]} value=$cur',
        f'  else case $prev in {separate}) flag=$prev value=$cur ;; esac',
        "  fi",
        "  case $flag in",
    ]
    for flag in takers:
        rows.append(f"  {flag.name}) {bash_values(flag)} ;;")
    forms = [form for flag in line.flags() for form in bash_forms(flag)]
    rows += [
        "  *)",
        "    if [[ $cur == -* ]]; then",
        "      " + bash_offer(f'compgen -W {shlex.quote(" ".join(forms))} -- "$cur"'),
        "      [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace",
        f"    else {bash_operands(line.operands)}",
        "    fi",
        "    ;;",
        "  esac",
        '  [[ $cur == --*=* ]] && COMPREPLY=("${COMPREPLY[@]/#/$flag=}")',
        "}",
    ]
    return rows


def bash(tool):
    rows = [f"# Completion of {tool.name} for bash, made from its --help."]
    if tool.line:
        rows += bash_line(tool.name, tool.line)
    else:
        names = " ".join(command for command, *_ in tool.commands)
        for command, _, _, line in tool.commands:
            rows += bash_line(f"{tool.name} {command}", line) if line else []
        rows += [f"{function_name(tool.name)}() {{", "  local cur=${COMP_WORDS[COMP_CWORD]}", "  case $COMP_CWORD:${COMP_WORDS[1]} in"]
        offer = bash_offer(f'compgen -W "{names}" -- "$cur"')
        rows += [f"  1:* | 2:help) {offer} ;;"]
        rows += [f"  *:{command}) {function_name(line.name)} ;;" for command, _, _, line in tool.commands if line]
        rows += ["  esac", "}"]
    return "\n".join(rows + [f"complete -F {function_name(tool.name)} {tool.name}"]) + "\n"


# zsh


def zsh_text(text):
    for character in "\\[]:":
        text = text.replace(character, "\\" + character)
    return text


def zsh_action(flag):
    if flag.names:
        suffix = "-S '' " if flag.names[-1].endswith("=") else ""
        return "{compadd " + suffix + "-- " + " ".join(words_of(flag)) + "}"
    if words_of(flag):
        meanings = [f"{word}\\:{shlex.quote(zsh_text(meaning)).replace('$', '')}" for word, meaning in flag.words if word]
        return f"(({' '.join(meanings)}))"
    return "_files -/" if flag.value == "DIR" else "_files" if flag.value in FILES else ""


def zsh_flag(flag):
    spec = f"*{flag.name}"
    if flag.value is not None:
        spec += ("=-" if flag.is_optional else "=") if flag.name.startswith("--") else "+"
    spec += f"[{zsh_text(flag.text)}]"
    if flag.value is not None:
        spec += f"{'::' if flag.is_optional else ':'}{zsh_text(flag.value)}:{zsh_action(flag)}"
    return shlex.quote(spec)


def zsh_line(line):
    specs = [zsh_flag(flag) for flag in line.flags()]
    # A pattern that ends in one word in parentheses would be qualifiers to zsh.
    found = suffixes(line.operands)
    pattern = f"*.({'|'.join(found)})" if len(found) > 1 else "*." + "".join(found)
    specs.append(shlex.quote(f"*:{zsh_text(line.operands)}:" + (f'_files -g "{pattern}"' if found else "")))
    return "_arguments -s " + " \\\n    ".join(specs)


def zsh(tool):
    rows = [f"#compdef {tool.name}", f"# Completion of {tool.name} for zsh, made from its --help."]
    if tool.line:
        return "\n".join(rows + [zsh_line(tool.line)]) + "\n"
    rows.append("local -a commands=(")
    rows += ["  " + shlex.quote(f"{command}:{zsh_text(summary)}") for command, _, summary, _ in tool.commands]
    rows += [")", "if (( CURRENT == 2 )) || [[ $words[2] == help ]]; then", "  _describe command commands", "  return", "fi"]
    rows += ["shift words", "(( CURRENT-- ))", "case $words[1] in"]
    for command, _, _, line in tool.commands:
        rows += [f"{command})", "  " + zsh_line(line), "  ;;"] if line else []
    return "\n".join(rows + ["esac"]) + "\n"


# fish


def fish_text(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def fish_flag(tool, flag, condition):
    row = f"complete -c {tool}{condition} " + (f"-l {flag.name[2:]}" if flag.name.startswith("--") else f"-s {flag.name[1:]}")
    row += f" -d {fish_text(flag.text)}"
    if flag.value is None or flag.is_optional and not words_of(flag):
        return row
    if words_of(flag):
        return row + f" {'-f' if flag.is_optional else '-x'} -a {fish_text(' '.join(words_of(flag)))}"
    if flag.value == "DIR":
        return row + " -x -a '(__fish_complete_directories)'"
    return row + (" -r -F" if flag.value in FILES else " -x")


def fish_line(tool, line, condition):
    rows = [fish_flag(tool, flag, condition) for flag in line.flags()]
    rows += [f"complete -c {tool}{condition} -k -a '(__fish_complete_suffix .{suffix})'" for suffix in suffixes(line.operands)]
    return rows


def fish(tool):
    rows = [f"# Completion of {tool.name} for fish, made from its --help.", f"complete -c {tool.name} -f"]
    if tool.line:
        return "\n".join(rows + fish_line(tool.name, tool.line, "")) + "\n"
    for command, _, summary, line in tool.commands:
        rows.append(f"complete -c {tool.name} -n __fish_use_subcommand -a {command} -d {fish_text(summary)}")
        rows += fish_line(tool.name, line, f" -n '__fish_seen_subcommand_from {command}'") if line else []
    names = " ".join(command for command, *_ in tool.commands)
    return "\n".join(rows + [f"complete -c {tool.name} -n '__fish_seen_subcommand_from help' -a {fish_text(names)}"]) + "\n"
