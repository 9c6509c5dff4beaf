"""`python -m xcs [--trace out.json] script.py args..`: the script, unchanged, with its calls deferred."""

import sys

USAGE = "usage: python -m xcs [--trace out.json] script.py [args..]"


def main():
    args, options = sys.argv[1:], {}
    while args and args[0].startswith("--"):
        option = args.pop(0)
        name, _, value = option.partition("=")
        if name == "--help":
            print(USAGE)
            return 0
        if name != "--trace":
            print(f"xcs: unknown option `{option}`\n{USAGE}", file=sys.stderr)
            return 2
        if not value and not args:
            print(f"xcs: `--trace` needs the name of a file\n{USAGE}", file=sys.stderr)
            return 2
        options["trace"] = value or args.pop(0)
        options["record"] = True
    if not args:
        print(USAGE, file=sys.stderr)
        return 2
    from . import _run

    return _run.script(args[0], args[1:], options)


if __name__ == "__main__":
    sys.exit(main())
