"""The structural strategy: the source of a function becomes one program of XIR, with the places of its lines.

`unit` holds a program, `core` and the classes beside it compile one function: `statements`, `branches`, `loops`, `iteration`, `tries`,
`expressions`, `comparisons`, `texts`, `calls`, `builtin_calls`, `models`. `prelude` has operations of Python in XIR, `errors` what has no form.
"""
