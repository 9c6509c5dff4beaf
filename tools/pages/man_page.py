"""Manual pages, in the man macros."""

SUMMARIES = {"xcs": "compile and run programs in XIR", "xcsc": "compile programs in XIR to plans", "xcs-run": "execute a plan made by xcsc"}


def roff(text):
    """A text that troff shows as it is."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("`", "\\(ga").replace("'", "\\(aq").replace("^", "\\(ha").replace("~", "\\(ti")
    return "\\&" + text if text.startswith(".") else text


def bold(text):
    return f"\\fB{roff(text)}\\fR"


def italic(text):
    return f"\\fI{roff(text)}\\fR"


def form(flag):
    """`--emit=value`, `-o OUT`, `--explain[=value]`."""
    if flag.value is None:
        return bold(flag.name)
    between = "=" if flag.name.startswith("--") else " "
    value = roff(between) + italic(flag.value)
    return bold(flag.name) + (f"[{value}]" if flag.is_optional else value)


def flag_rows(flag):
    rows = [".TP", form(flag), roff(flag.text)]
    if flag.words:
        rows.append(".RS")
        for word, meaning in flag.words:
            rows += [".TP", bold(word) if word else "without a value", roff(meaning)]
        rows.append(".RE")
    return rows


def line_rows(line, heading):
    rows = []
    for group, flags in line.groups:
        rows.append(f'{heading} "{roff(group)}"' if heading == ".SS" else f".PP\n{bold(group)}")
        for flag in flags:
            rows += flag_rows(flag)
    return rows


def example_rows(examples):
    rows = [".SH EXAMPLES", ".nf"] if examples else []
    rows += [roff(example) for example in examples if example]
    return rows + ([".fi"] if examples else [])


def synopsis(name, operands, has_flags=True):
    return bold(name) + (" [options] " if has_flags else " ") + italic(operands)


def driver_rows(tool):
    forms = [synopsis(f"{tool.name} {command}", operands, line is not None) for command, operands, _, line in tool.commands]
    rows = [".SH SYNOPSIS", "\n.br\n".join(forms), ".SH DESCRIPTION", "\n.PP\n".join(map(roff, tool.notes))]
    rows.append(".SH COMMANDS")
    examples = []
    for command, operands, summary, line in tool.commands:
        rows += [f'.SS "{roff(f"{tool.name} {command} {operands}")}"', roff(summary)]
        if line:
            rows += line_rows(line, ".PP")
            examples += line.examples
    return rows + example_rows(examples)


def man_page(tool, others):
    rows = [f'.TH {tool.name.upper()} 1 "" "XCS {tool.version}" "XCS"', ".SH NAME", f"{roff(tool.name)} \\- {SUMMARIES[tool.name]}"]
    if tool.line:
        rows += [".SH SYNOPSIS", synopsis(tool.name, tool.line.operands), ".SH DESCRIPTION", roff(tool.line.overview), ".SH OPTIONS"]
        rows += line_rows(tool.line, ".SS") + example_rows(tool.line.examples)
    else:
        rows += driver_rows(tool)
    rows += [".SH SEE ALSO", ", ".join(f"{bold(other)}(1)" for other in others)]
    return "\n".join(rows) + "\n"
