"""How often the generator chooses what: one table per place where it chooses. A weight of 0 switches a construct off.

The names are the last parts of methods: `TEXT["fstring"]` is `Expressions.text_fstring`, `STATEMENT["loop"]` is
`Statements.statement_loop`.
"""

# Statements a program has at its top level: (least, most) and weight.
SIZES = {(3, 6): 35, (6, 12): 45, (12, 22): 20}

# How a program asks its model; each program defines one to three of these (helpers.py).
ASK = {
    "direct": 40, "two_lines": 25, "options": 12, "system": 6, "method": 8, "chat": 7, "retry": 6, "cached": 3, "memo": 4, "logged": 5,
    "stripped": 12, "lambda": 5, "appended": 4, "printed": 4, "timed": 3, "made": 5, "partial": 3, "decorated": 5, "fallback": 4,
    "with_options": 2, "message": 3, "raw": 1, "stream": 1, "counted": 5, "default_list": 3, "positional": 2, "annotated": 3,
    "responses": 8, "response_lines": 3, "response_parts": 3, "claude": 8, "claude_system": 3, "claude_joined": 2, "old": 2, "vector": 2,
}

# How often a program has prompts that are refused, and answers without a text; then how often one of its prompts is such a one.
FAILING_PROGRAM, FAILING_PROMPT = 0.35, 0.2
NULL_PROGRAM, NULL_PROMPT = 0.12, 0.1

# How many classes a program has, each as likely.
CLASSES = (0, 0, 0, 1, 1, 2)

# How often a program's log goes to a file as well.
LOG_FILE = 0.15

# What a prompt asks for (answers.py).
PROMPT = {"plain": 50, "grade": 8, "verdict": 8, "json": 5, "lines": 8, "spaced": 6, "empty": 4, "percent": 4}

# Expressions of type str.
TEXT = {
    "literal": 10, "variable": 40, "call": 34, "fstring": 30, "percent": 9, "format": 9, "join": 10, "plus": 10, "times": 2, "method": 12,
    "slice": 5, "choice": 6, "default": 4, "item": 6, "lookup": 5, "convert": 4, "regular": 3, "template": 2, "json_field": 3, "split": 4,
    "unbound": 3, "walrus": 2, "kit": 5, "attribute": 5, "lambda": 2, "starred": 3, "roundtrip": 3, "bytes": 2, "digest": 1, "field": 4,
    "function": 8, "first": 3, "chosen": 1, "wrapped": 2, "translate": 1, "reduce": 2, "getattr": 2, "recursive": 2,
}
INTEGER = {
    "literal": 12, "variable": 18, "length": 14, "count": 4, "grade": 12, "total": 4, "find": 3, "usage": 3, "arithmetic": 8, "table": 3,
    "random": 1, "ordinal": 2, "minmax": 3, "hash": 1, "attribute": 4,
}
TRUTH = {
    "equal": 8, "contains": 10, "starts": 5, "longer": 8, "verdict": 10, "negated": 5, "both": 7, "either": 5, "instance": 4, "none": 6,
    "kind": 3, "bare": 8, "anyall": 4, "less": 8, "chained": 2, "member": 6, "search": 3, "digits": 3, "identity": 2,
}
TEXTS = {
    "literal": 12, "variable": 30, "comprehension": 20, "mapped": 6, "words": 6, "lines": 5, "sorted": 5, "slice": 4, "plus": 4, "starred": 4,
    "values": 4, "keys": 3, "generated": 5, "found": 2, "filtered": 4, "pool": 1, "zipped": 3, "conditional": 5, "copied": 2, "nested": 2,
}
TABLE = {"literal": 15, "variable": 25, "comprehension": 15, "zipped": 5, "merged": 5, "from_pairs": 3, "counter": 2}

# Statements; `CLEAN` within a loop whose iterations are meant to be independent, `TRAP` shapes that only look so.
STATEMENT = {
    "assign_text": 26, "assign_integer": 8, "assign_texts": 14, "assign_table": 8, "assign_optional": 4, "discard": 5, "augment": 7,
    "print": 18, "log": 4, "loop": 22, "clean_loop": 26, "while": 4, "branch": 12, "guarded": 14, "write": 7, "read": 3, "with": 6,
    "list_change": 8, "table_change": 7, "set_change": 3, "alias": 5, "closure": 5, "raise": 3, "exit": 1, "match": 4, "walrus": 3,
    "random": 2, "clock": 2, "unpack": 4, "delete": 1, "assertion": 2, "object": 6, "trap": 12, "global": 3, "captured_output": 2,
    "finally": 4, "file_kinds": 3, "generator": 4, "messages": 5, "thread": 1, "sleep": 1, "late": 3, "stringio": 1,
}
# Programs of the `flow` profile choose from this table instead: much text that is only passed on, loops that overlap.
PROFILE = {"mixed": 55, "flow": 45}
FLOW = {
    "assign_text": 30, "assign_texts": 20, "clean_loop": 45, "print": 14, "loop": 8, "branch": 6, "late": 8, "assign_table": 6, "guarded": 5,
    "write": 3, "assign_integer": 3, "unpack": 3, "trap": 14, "raise": 2, "exit": 1, "list_change": 4, "alias": 2, "messages": 3, "log": 3,
    "closure": 3, "match": 2,
}
# Text expressions that a clean loop has seldom, since they are not known to be harmless.
UNCLEAN = ("chosen", "kit", "attribute", "field", "template", "roundtrip", "digest", "reduce", "getattr", "function", "recursive", "walrus")
CLEAN = {"assign_text": 30, "append": 40, "branch": 16, "continue": 8, "guarded": 9, "print": 9, "assign_integer": 6, "log": 2, "discard": 3,
         "assign_texts": 4, "clean_loop": 3, "table_store": 4, "augment_own": 3}
PRINT = {"several": 20, "fstring": 15, "plain": 15, "separator": 5, "ended": 4, "error": 6, "flushed": 3, "percent": 4, "written": 4,
         "pretty": 2, "representation": 5, "structure": 8}
TRAP = {
    "carried": 8, "used_after": 8, "loop_variable_after": 5, "alias_in_loop": 6, "method_changes": 8, "default_list": 5, "shared_iterator": 5,
    "global_counter": 6, "closure_counter": 5, "class_attribute": 5, "late_closure": 4, "growing_list": 3, "table_read_back": 6,
    "stop_early": 6, "else_loop": 5, "return_inside": 5, "file_in_loop": 4, "random_in_loop": 3, "chat_in_loop": 5, "row_changes": 5,
    "setattr_in_loop": 3, "property_changes": 4, "operator_changes": 4, "iterated_generator": 4, "failing_loop": 6, "nested_function": 4,
    "subscript_changes": 3, "clock_in_loop": 2, "contains_changes": 3, "loop_over_call": 4, "identity": 2,
}
