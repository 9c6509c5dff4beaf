"""`python -m xcs [--trace out.json] script.py args..`: the program, unchanged, with its calls deferred."""

import sys

USAGE = """usage: python [options of python] -m xcs [--trace out.json] script.py [args..]
in place of script.py also: a folder or an archive with __main__.py, -m module, -c text, - (the standard input)"""
OPTIONS = "bBdEiIOPqRsSuvWxX?"  # of the interpreter, which has read its own before it comes here
WITH_VALUE = "WX"


def main():
    args, options = sys.argv[1:], {}
    while args and args[0].startswith("--"):
        option = args.pop(0)
        name, _, value = option.partition("=")
        if name == "--help":
            print(USAGE)
            return 0
        if name == "--version":
            from . import __version__

            print(f"xcs {__version__} (Python {sys.version.split()[0]})")
            return 0
        if name != "--trace":
            return _wrong(f"unknown option `{option}`")
        if not value and not args:
            return _wrong("`--trace` needs the name of a file")
        options["trace"] = value or args.pop(0)
        options["record"] = True
    if not args:
        print(USAGE, file=sys.stderr)
        return 2
    form, given, rest = "path", args[0], args[1:]
    if given == "-":
        if sys.stdin is not None and sys.stdin.isatty():
            return _wrong("the standard input is a terminal, where each line runs as it comes: write the program into a file")
        form = "input"
    elif given.startswith(("-c", "-m")):
        form = "text" if given[1] == "c" else "module"
        if len(given) > 2:
            given = given[2:]
        elif rest:
            given, rest = rest[0], rest[1:]
        else:
            return _wrong(f"`{given}` needs a {'text' if form == 'text' else 'module'}")
    elif given == "-h":
        print(USAGE)
        return 0
    elif given.startswith("-"):
        return _wrong(_where_it_goes(given, rest))
    from . import _run

    return _run.script(form, given, rest, options)


def _where_it_goes(option, rest):
    if option[1] not in OPTIONS:
        return f"unknown option `{option}`"
    shown = f"{option} {rest[0]}" if option[1] in WITH_VALUE and len(option) == 2 and rest else option
    return f"`{option}` is an option of Python and goes before `-m xcs`: python {shown} -m xcs .."


def _wrong(message):
    print(f"xcs: {message}\n{USAGE}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
