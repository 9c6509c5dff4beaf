"""Operations of Python that are no single operation of XIR: private functions, written in XIR, of which a plan gets those that it uses.

Where the answer of Python cannot be had, they fail with a text that begins with `xcs: `: never another answer.
"""

from __future__ import annotations

import functools

PLACE = "<python>"
CASED_END = 0x20000  # no character from here on has another case
_FUNCTIONS = {
    "floor_div": """(%a: i64, %b: i64) -> i64 {
  %q = i64.div(%a, %b) : i64
  %r = i64.rem(%a, %b) : i64
  %uneven = i64.ne(%r, 0) : bool
  %a_negative = i64.lt(%a, 0) : bool
  %b_negative = i64.lt(%b, 0) : bool
  %below = bool.xor(%a_negative, %b_negative) : bool
  %down = bool.and(%uneven, %below) : bool
  %one = select(%down, 1, 0) : i64
  %result = i64.sub(%q, %one) : i64
  return(%result)
}""",
    "modulo": """(%a: i64, %b: i64) -> i64 {
  %minus_one = i64.eq(%b, -1) : bool
  %safe = select(%minus_one, 1, %b) : i64
  %r = i64.rem(%a, %safe) : i64
  %uneven = i64.ne(%r, 0) : bool
  %r_negative = i64.lt(%r, 0) : bool
  %b_negative = i64.lt(%safe, 0) : bool
  %differ = bool.xor(%r_negative, %b_negative) : bool
  %wrong = bool.and(%uneven, %differ) : bool
  %more = select(%wrong, %safe, 0) : i64
  %result = i64.add(%r, %more) : i64
  return(%result)
}""",
    "exact": """(%a: i64) -> f64 {
  %low = i64.lt(%a, -9007199254740992) : bool
  %high = i64.gt(%a, 9007199254740992) : bool
  %large = bool.or(%low, %high) : bool
  if(%large) : () {
    fail("xcs: a whole number beyond 2**53 with a float")
  }
  %f = i64.to_f64(%a) : f64
  return(%f)
}""",
    "true_div": """(%a: i64, %b: i64) -> f64 {
  %x = call @python.exact(%a) : f64
  %y = call @python.exact(%b) : f64
  %q = f64.div(%x, %y) : f64
  return(%q)
}""",
    "whole": """(%x: f64) -> i64 {
  %odd = f64.is_nan(%x) : bool
  if(%odd) : () {
    fail("ValueError: cannot convert float NaN to integer")
  }
  %finite = f64.is_finite(%x) : bool
  %infinite = bool.not(%finite) : bool
  if(%infinite) : () {
    fail("OverflowError: cannot convert float infinity to integer")
  }
  %size = f64.abs(%x) : f64
  %large = f64.ge(%size, 9.2e18) : bool
  if(%large) : () {
    fail("xcs: a whole number beyond 64 bits")
  }
  %safe = select(%large, 0.0, %x) : f64
  %n = f64.to_i64(%safe) : i64
  return(%n)
}""",
    "index": """(%i: i64, %n: i64) -> i64 {
  %negative = i64.lt(%i, 0) : bool
  %below = i64.min(%i, 0) : i64
  %from_end = i64.add(%below, %n) : i64
  %at = select(%negative, %from_end, %i) : i64
  return(%at)
}""",
    "bound": """(%i: i64, %n: i64) -> i64 {
  %at = call @python.index(%i, %n) : i64
  %above = i64.max(%at, 0) : i64
  %result = i64.min(%above, %n) : i64
  return(%result)
}""",
    "character": """(%text: str, %i: i64) -> str {
  %n = str.length(%text) : i64
  %low = i64.ge(%i, 0) : bool
  %high = i64.lt(%i, %n) : bool
  %fits = bool.and(%low, %high) : bool
  %bad = bool.not(%fits) : bool
  if(%bad) : () {
    fail("IndexError: string index out of range")
  }
  %at = select(%fits, %i, 0) : i64
  %end = i64.min(%at, 9223372036854775806) : i64
  %next = i64.add(%end, 1) : i64
  %c = str.slice(%text, %at, %next) : str
  return(%c)
}""",
    "has_float": """(%xs: list<f64>, %x: f64) -> bool {
  %odd = f64.is_nan(%x) : bool
  if(%odd) : () {
    fail("xcs: whether a list has a nan depends on the object")
  }
  %found = map(%xs) : list<bool> {
  ^(%y: f64)
    %same = f64.eq(%x, %y) : bool
    yield(%same)
  }
  %any = bool.any_of(%found) : bool
  return(%any)
}""",
    "float_text": r"""(%x: f64) -> str {
  %short = f64.to_str(%x) : str
  %plain = str.regex_match(%short) {pattern = "^(?:-?(?:0\\.0*|[1-9][0-9]{0,14}\\.[0-9]+|0\\.0{0,3}[1-9][0-9]*)|nan|-?inf)$"} : bool
  %text = if(%plain) : str {
    yield(%short)
  } {
    %groups = str.regex_groups(%short) {pattern = "^(-?)([0-9]+)(?:\\.([0-9]+))?(?:e([+-])([0-9]+))?$"} : option<list<str>>
    %parts = option.value(%groups) : list<str>
    %sign = list.get(%parts, 0) : str
    %whole_exact = list.get(%parts, 1) : str
    %fraction = list.get(%parts, 2) : str
    %exponent_sign = list.get(%parts, 3) : str
    %exponent_text = list.get(%parts, 4) : str
    %exact_size = str.length(%whole_exact) : i64
    %not_short = i64.gt(%exact_size, 16) : bool
    %no_exponent = str.eq(%exponent_text, "") : bool
    %exact = bool.and(%not_short, %no_exponent) : bool
    %whole = if(%exact) : str {
      %size = f64.abs(%x) : f64
      %shortest = call @python.shortest(%whole_exact, %size) : str
      yield(%shortest)
    } {
      yield(%whole_exact)
    }
    %exponent_padded = str.concat("0", %exponent_text) : str
    %exponent_size = str.to_i64(%exponent_padded) : i64
    %exponent_minus = i64.neg(%exponent_size) : i64
    %exponent_down = str.eq(%exponent_sign, "-") : bool
    %exponent = select(%exponent_down, %exponent_minus, %exponent_size) : i64
    %all = str.concat(%whole, %fraction) : str
    %whole_size = str.length(%whole) : i64
    %all_size = str.length(%all) : i64
    %no_zeros = str.regex_replace(%all, "") {pattern = "^0+"} : str
    %cut_size = str.length(%no_zeros) : i64
    %zeros = i64.sub(%all_size, %cut_size) : i64
    %point_raw = i64.add(%whole_size, %exponent) : i64
    %point = i64.sub(%point_raw, %zeros) : i64
    %digits = str.regex_replace(%no_zeros, "") {pattern = "0+$"} : str
    %size = str.length(%digits) : i64
    %many = i64.gt(%size, 17) : bool
    if(%many) : () {
      fail("xcs: the text of this float is not known to a plan")
    }
    %high = i64.gt(%point, 16) : bool
    %low = i64.lt(%point, -3) : bool
    %far = bool.or(%high, %low) : bool
    %shown = if(%far) : str {
      %first = str.slice(%digits, 0, 1) : str
      %others = str.slice(%digits, 1) : str
      %has_others = str.ne(%others, "") : bool
      %dotted = str.concat(".", %others) : str
      %tail = select(%has_others, %dotted, "") : str
      %e = i64.sub(%point, 1) : i64
      %e_negative = i64.lt(%e, 0) : bool
      %e_size = i64.abs(%e) : i64
      %e_text = i64.to_str(%e_size) : str
      %e_short = i64.lt(%e_size, 10) : bool
      %e_zero = select(%e_short, "0", "") : str
      %e_sign = select(%e_negative, "-", "+") : str
      %out = str.concat(%first, %tail, "e", %e_sign, %e_zero, %e_text) : str
      yield(%out)
    } {
      %inside = i64.gt(%point, 0) : bool
      %out = if(%inside) : str {
        %missing_raw = i64.sub(%point, %size) : i64
        %missing = i64.max(%missing_raw, 0) : i64
        %more = str.repeat("0", %missing) : str
        %long = str.concat(%digits, %more) : str
        %before = str.slice(%long, 0, %point) : str
        %after = str.slice(%long, %point) : str
        %whole_number = str.eq(%after, "") : bool
        %decimals = select(%whole_number, "0", %after) : str
        %joined = str.concat(%before, ".", %decimals) : str
        yield(%joined)
      } {
        %lead = i64.neg(%point) : i64
        %more = str.repeat("0", %lead) : str
        %joined = str.concat("0.", %more, %digits) : str
        yield(%joined)
      }
      yield(%out)
    }
    %signed = str.concat(%sign, %shown) : str
    yield(%signed)
  }
  return(%text)
}""",
    "shortest": r"""(%digits: str, %x: f64) -> str {
  %long = f64.ge(%x, 9e18) : bool
  if(%long) : () {
    fail("xcs: the text of this float is not known to a plan")
  }
  %safe = select(%long, "0", %digits) : str
  %exact = str.to_i64(%safe) : i64
  %unit, %best, %tie = while(1000000000000000000, 0, false) {max_trips = 20, at_bound = "yield"} : i64, i64, bool {
  ^(%unit: i64, %before: i64, %tied: bool)
    %q = i64.div(%exact, %unit) : i64
    %r = i64.rem(%exact, %unit) : i64
    %twice = i64.mul(%r, 2) : i64
    %up = i64.gt(%twice, %unit) : bool
    %half = i64.eq(%twice, %unit) : bool
    %one = select(%up, 1, 0) : i64
    %rounded = i64.add(%q, %one) : i64
    %candidate = i64.mul(%rounded, %unit) : i64
    %y = i64.to_f64(%candidate) : f64
    %differs = f64.ne(%y, %x) : bool
    %smaller = i64.div(%unit, 10) : i64
    %next = i64.max(%smaller, 1) : i64
    continue(%differs, %next, %candidate, %half)
  }
  if(%tie) : () {
    fail("xcs: the text of this float is not known to a plan")
  }
  %text = i64.to_str(%best) : str
  return(%text)
}""",
    "lower": r"""(%text: str) -> str {
  %plain = str.regex_match(%text) {pattern = "^[\\x00-\\x7f]*\\z"} : bool
  %small = str.lower(%text) : str
  %result = if(%plain) : str {
    yield(%small)
  } {
    %sigma = str.contains(%text, "Σ") : bool
    if(%sigma) : () {
      fail("xcs: lower() of a text with a capital sigma")
    }
    %pieces = str.regex_extract_all(%small) {pattern = "(?s)[^\\x00-\\x7f]|[\\x00-\\x7f]+"} : list<str>
    %table = call @python.lower_table : dict<str, str>
    %mapped = map(%pieces) : list<str> {
    ^(%piece: str)
      %other = dict.get(%table, %piece) : option<str>
      %now = option.or(%other, %piece) : str
      yield(%now)
    }
    %joined = str.join(%mapped) {separator = ""} : str
    yield(%joined)
  }
  return(%result)
}""",
    "upper": r"""(%text: str) -> str {
  %plain = str.regex_match(%text) {pattern = "^[\\x00-\\x7f]*\\z"} : bool
  %big = str.upper(%text) : str
  %result = if(%plain) : str {
    yield(%big)
  } {
    %pieces = str.regex_extract_all(%big) {pattern = "(?s)[^\\x00-\\x7f]|[\\x00-\\x7f]+"} : list<str>
    %table = call @python.upper_table : dict<str, str>
    %mapped = map(%pieces) : list<str> {
    ^(%piece: str)
      %other = dict.get(%table, %piece) : option<str>
      %now = option.or(%other, %piece) : str
      yield(%now)
    }
    %joined = str.join(%mapped) {separator = ""} : str
    yield(%joined)
  }
  return(%result)
}""",
    "strip": r"""(%text: str) -> str {
  %found = str.regex_extract(%text) {pattern = "(?s)\\A[\\s\\v\\x1c-\\x1f\\x{85}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}]*(.*?)[\\s\\v\\x1c-\\x1f\\x{85}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}]*\\z"} : option<str>
  %stripped = option.or(%found, "") : str
  return(%stripped)
}""",
    "replace": r"""(%text: str, %old: str, %new: str) -> str {
  %nothing = str.eq(%old, "") : bool
  %result = if(%nothing) : str {
    %characters = str.regex_extract_all(%text) {pattern = "(?s)."} : list<str>
    %inner = str.join(%characters, %new) : str
    %none = str.eq(%text, "") : bool
    %around = str.concat(%new, %inner, %new) : str
    %out = select(%none, %new, %around) : str
    yield(%out)
  } {
    %out = str.replace(%text, %old, %new) : str
    yield(%out)
  }
  return(%result)
}""",
    "count": r"""(%text: str, %part: str) -> i64 {
  %nothing = str.eq(%part, "") : bool
  %result = if(%nothing) : i64 {
    %n = str.length(%text) : i64
    %more = i64.add(%n, 1) : i64
    yield(%more)
  } {
    %n = str.count(%text, %part) : i64
    yield(%n)
  }
  return(%result)
}""",
    "splitlines": r"""(%text: str) -> list<str> {
  %matches = str.regex_extract_all(%text) {pattern = "[^\\n\\r\\v\\f\\x1c-\\x1e\\x{85}\\x{2028}\\x{2029}]*(?:\\r\\n|[\\n\\r\\v\\f\\x1c-\\x1e\\x{85}\\x{2028}\\x{2029}])|[^\\n\\r\\v\\f\\x1c-\\x1e\\x{85}\\x{2028}\\x{2029}]+\\z"} : list<str>
  %lines = map(%matches) : list<str> {
  ^(%match: str)
    %line = str.regex_replace(%match, "") {pattern = "(?:\\r\\n|[\\n\\r\\v\\f\\x1c-\\x1e\\x{85}\\x{2028}\\x{2029}])\\z"} : str
    yield(%line)
  }
  return(%lines)
}""",
    "removeprefix": r"""(%text: str, %part: str) -> str {
  %has = str.starts_with(%text, %part) : bool
  %n = str.length(%part) : i64
  %from = select(%has, %n, 0) : i64
  %result = str.slice(%text, %from) : str
  return(%result)
}""",
    "removesuffix": r"""(%text: str, %part: str) -> str {
  %has = str.ends_with(%text, %part) : bool
  %n = str.length(%part) : i64
  %all = str.length(%text) : i64
  %cut = select(%has, %n, 0) : i64
  %to = i64.sub(%all, %cut) : i64
  %result = str.slice(%text, 0, %to) : str
  return(%result)
}""",
    "pad_right": r"""(%text: str, %width: i64, %fill: str) -> str {
  %n = str.length(%text) : i64
  %wide = i64.max(%width, %n) : i64
  %missing = i64.sub(%wide, %n) : i64
  %space = str.repeat(%fill, %missing) : str
  %result = str.concat(%text, %space) : str
  return(%result)
}""",
    "pad_left": r"""(%text: str, %width: i64, %fill: str) -> str {
  %n = str.length(%text) : i64
  %wide = i64.max(%width, %n) : i64
  %missing = i64.sub(%wide, %n) : i64
  %space = str.repeat(%fill, %missing) : str
  %result = str.concat(%space, %text) : str
  return(%result)
}""",
    "pad_both": r"""(%text: str, %width: i64, %fill: str) -> str {
  %n = str.length(%text) : i64
  %wide = i64.max(%width, %n) : i64
  %missing = i64.sub(%wide, %n) : i64
  %left = i64.div(%missing, 2) : i64
  %right = i64.sub(%missing, %left) : i64
  %before = str.repeat(%fill, %left) : str
  %after = str.repeat(%fill, %right) : str
  %result = str.concat(%before, %text, %after) : str
  return(%result)
}""",
    "isdigit": r"""(%text: str) -> bool {
  %plain = str.regex_match(%text) {pattern = "^[\\x00-\\x7f]*\\z"} : bool
  %other = bool.not(%plain) : bool
  if(%other) : () {
    fail("xcs: isdigit() of a text beyond ASCII")
  }
  %digits = str.regex_match(%text) {pattern = "^[0-9]+\\z"} : bool
  return(%digits)
}""",
    "partition": r"""(%text: str, %part: str) -> record<_0: str, _1: str, _2: str> {
  %at = str.find(%text, %part) : option<i64>
  %found = option.is_some(%at) : bool
  %result = if(%found) : record<_0: str, _1: str, _2: str> {
    %i = option.value(%at) : i64
    %n = str.length(%part) : i64
    %j = i64.add(%i, %n) : i64
    %before = str.slice(%text, 0, %i) : str
    %after = str.slice(%text, %j) : str
    %parts = record.make(%before, %part, %after) : record<_0: str, _1: str, _2: str>
    yield(%parts)
  } {
    %parts = record.make(%text, "", "") : record<_0: str, _1: str, _2: str>
    yield(%parts)
  }
  return(%result)
}""",
    "int": r"""(%text: str) -> i64 {
  %simple = str.regex_match(%text) {pattern = "^[ \\t\\n\\r\\f\\v]*[+-]?[0-9]{1,18}[ \\t\\n\\r\\f\\v]*\\z"} : bool
  %odd = str.regex_match(%text) {pattern = "[^\\x00-\\x7f]|[\\x1c-\\x1f]|[0-9]_[0-9]|[0-9]{19}"} : bool
  %not_odd = bool.not(%odd) : bool
  %not_simple = bool.not(%simple) : bool
  %wrong = bool.and(%not_simple, %not_odd) : bool
  if(%wrong) : () {
    fail("ValueError: invalid literal for int() with base 10")
  }
  if(%not_simple) : () {
    fail("xcs: int() of a text with other digits than 0 to 9, or with more than 18 of them")
  }
  %digits = str.regex_replace(%text, "") {pattern = "[ \\t\\n\\r\\f\\v+]"} : str
  %safe = select(%simple, %digits, "0") : str
  %n = str.to_i64(%safe) : i64
  return(%n)
}""",
    "float": r"""(%text: str) -> f64 {
  %simple = str.regex_match(%text) {pattern = "^[ \\t\\n\\r\\f\\v]*[+-]?(?:(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?|(?i:nan|inf|infinity))[ \\t\\n\\r\\f\\v]*\\z"} : bool
  %odd = str.regex_match(%text) {pattern = "[^\\x00-\\x7f]|[\\x1c-\\x1f]|[0-9]_[0-9]"} : bool
  %not_odd = bool.not(%odd) : bool
  %not_simple = bool.not(%simple) : bool
  %wrong = bool.and(%not_simple, %not_odd) : bool
  if(%wrong) : () {
    fail("ValueError: could not convert string to float")
  }
  if(%not_simple) : () {
    fail("xcs: float() of a text with other characters than those of ASCII")
  }
  %bare = str.regex_replace(%text, "") {pattern = "[ \\t\\n\\r\\f\\v+]"} : str
  %small = str.lower(%text) : str
  %word = str.regex_extract(%small) {pattern = "-?(?:nan|inf)"} : option<str>
  %is_word = option.is_some(%word) : bool
  %word_text = option.or(%word, "") : str
  %minus_nan = str.eq(%word_text, "-nan") : bool
  %plain_word = select(%minus_nan, "nan", %word_text) : str
  %groups = str.regex_groups(%text) {pattern = "([+-]?)([0-9]*)\\.?([0-9]*)(?:[eE]([+-]?[0-9]+))?"} : option<list<str>>
  %exponent_found = str.regex_extract(%text) {pattern = "[eE]([+-]?[0-9]+)"} : option<str>
  %exponent = option.or(%exponent_found, "0") : str
  %exponent_bare = str.replace(%exponent, "+", "") : str
  %mantissa = str.regex_replace(%bare, "") {pattern = "[eE].*"} : str
  %mantissa_first = str.regex_rewrite(%mantissa) {pattern = "^(-?)\\.", template = "{1}0."} : str
  %mantissa_full = str.regex_rewrite(%mantissa_first) {pattern = "\\.$", template = ".0"} : str
  %number = str.concat(%mantissa_full, "e", %exponent_bare) : str
  %chosen = select(%is_word, %plain_word, %number) : str
  %safe = select(%simple, %chosen, "0.0") : str
  %x = try : result<f64> {
    %read = str.to_f64(%safe) : f64
    yield(%read)
  }
  %good = result.is_ok(%x) : bool
  %bad = bool.not(%good) : bool
  if(%bad) : () {
    fail("xcs: float() of a number beyond the range of a float")
  }
  %value = result.or(%x, 0.0) : f64
  return(%value)
}""",
    "json_parse": r"""(%text: str) -> json {
  %marked = str.starts_with(%text, "\uFEFF") : bool
  if(%marked) : () {
    fail("JSONDecodeError: Unexpected UTF-8 BOM (decode using utf-8-sig)")
  }
  %read = try : result<json> {
    %value = json.parse(%text) : json
    yield(%value)
  }
  %good = result.is_ok(%read) : bool
  %value = if(%good) : json {
    %found = result.value(%read) : json
    yield(%found)
  } {
    %more = str.regex_match(%text) {pattern = "NaN|Infinity|\\\\u[dD][89a-fA-F]|[eE]\\+?[0-9]{3}|[0-9]{300}"} : bool
    %error = result.error(%read) : record<kind: str, message: str, op: str, attempt: i64>
    %message = record.get(%error) {field = "message"} : str
    %twice = str.contains(%message, "occurs twice in one object") : bool
    %other = bool.or(%more, %twice) : bool
    if(%other) : () {
      fail("xcs: json.loads() of what Python reads and JSON does not have")
    }
    fail("JSONDecodeError: this is not JSON")
    %nothing = const {value = 0} : json
    yield(%nothing)
  }
  return(%value)
}""",
    "json_ascii": r"""(%text: str) -> str {
  %plain = str.regex_match(%text) {pattern = "^[\\x00-\\x7e]*\\z"} : bool
  %other = bool.not(%plain) : bool
  if(%other) : () {
    fail("xcs: json.dumps() that escapes what is not ASCII: write ensure_ascii=False")
  }
  return(%text)
}""",
    "json_spaced": r"""(%text: str) -> str {
  %pieces = str.regex_extract_all(%text) {pattern = "(?s)\"(?:[^\"\\\\]|\\\\.)*\"|[,:]|[^\",:]+"} : list<str>
  %spaced = map(%pieces) : list<str> {
  ^(%piece: str)
    %comma = str.eq(%piece, ",") : bool
    %colon = str.eq(%piece, ":") : bool
    %ends = bool.or(%comma, %colon) : bool
    %space = select(%ends, " ", "") : str
    %wide = str.concat(%piece, %space) : str
    yield(%wide)
  }
  %result = str.join(%spaced) {separator = ""} : str
  return(%result)
}""",
    "sum": r"""(%xs: list<f64>) -> f64 {
  %high, %low = for(%xs, 0.0, 0.0) : f64, f64 {
  ^(%x: f64, %high: f64, %low: f64)
    %total = f64.add(%high, %x) : f64
    %high_size = f64.abs(%high) : f64
    %x_size = f64.abs(%x) : f64
    %first = f64.ge(%high_size, %x_size) : bool
    %large = select(%first, %high, %x) : f64
    %small = select(%first, %x, %high) : f64
    %lost = f64.sub(%large, %total) : f64
    %part = f64.add(%lost, %small) : f64
    %more = f64.add(%low, %part) : f64
    yield(%total, %more)
  }
  %some = f64.ne(%low, 0.0) : bool
  %finite = f64.is_finite(%low) : bool
  %counts = bool.and(%some, %finite) : bool
  %both = f64.add(%high, %low) : f64
  %result = select(%counts, %both, %high) : f64
  return(%result)
}""",
    "no_nan": r"""(%xs: list<f64>) -> list<f64> {
  %odd = map(%xs) : list<bool> {
  ^(%x: f64)
    %is_nan = f64.is_nan(%x) : bool
    yield(%is_nan)
  }
  %any = bool.any_of(%odd) : bool
  if(%any) : () {
    fail("xcs: the order of a list with a nan")
  }
  return(%xs)
}""",
    "failure": r"""(%e: record<kind: str, message: str, op: str, attempt: i64>) -> str {
  %kind = record.get(%e) {field = "kind"} : str
  %message = record.get(%e) {field = "message"} : str
  %own = str.eq(%kind, "failed") : bool
  %asserted = str.eq(%kind, "assertion-failed") : bool
  %plain = bool.or(%own, %asserted) : bool
  %told = str.format(%kind, %message) {template = "xcs-kind {0}: {1}"} : str
  %text = select(%plain, %message, %told) : str
  return(%text)
}""",
}

_CALLS = {"float_text": ["shortest"], "true_div": ["exact"], "bound": ["index"], "lower": ["lower_table"], "upper": ["upper_table"]}

# What a pydantic model reads, and how it fails.
_FUNCTIONS["json_parse_model"] = _FUNCTIONS["json_parse"].replace("JSONDecodeError: ", "ValidationError: ").replace("json.loads()", "model_validate_json()")


@functools.lru_cache(maxsize=None)
def text(name):
    """The function `python.NAME` as XIR."""
    if name in ("lower_table", "upper_table"):
        return _table(name)
    return f"func private @python.{name}{_FUNCTIONS[name]}"


def placed(name):
    """The function with the place `<python>` at its operations: messages then tell of the line that calls it."""
    lines = []
    for line in text(name).split("\n"):
        is_op = line.strip().startswith(("%", "fail", "yield", "return", "continue")) and not line.endswith("{")
        lines.append(f'{line} loc("{PLACE}":1:1)' if is_op else line)
    return "\n".join(lines)


def _table(name):
    """What str.lower or str.upper of this Python makes of each character beyond ASCII that it changes."""
    from .ir import literal

    change = str.lower if name == "lower_table" else str.upper
    pairs = [(chr(c), change(chr(c))) for c in range(0x80, CASED_END) if not 0xD800 <= c < 0xE000 and change(chr(c)) != chr(c)]
    entries = ", ".join(f"{literal(a)} = {literal(b)}" for a, b in pairs)
    return f"func private @python.{name}() -> dict<str, str> {{\n  %table = const {{value = {{{entries}}}}} : dict<str, str>\n  return(%table)\n}}"


def closure(names):
    """The functions that these names need, each once, in order."""
    out = []
    todo = list(names)
    while todo:
        name = todo.pop(0)
        if name not in out:
            out.append(name)
            todo += _CALLS.get(name, [])
    return out
