"""Policy variables and the wildcards around them: section V.

`expand` turns a policy text into the parts that matching.matches takes. The value of a variable becomes text, so that
a star in it is a star and nothing else. [V-2]
"""

import re
from functools import lru_cache

from evaluator.doubt import Doubt

ANY = object()
ONE = object()

VARIABLE = re.compile(r"\$\{([^}]*)\}")
WITH_DEFAULT = re.compile(r"(.*?), '([^']*)'", re.DOTALL)
ESCAPES = ("*", "?", "$")  # [V-3]

# [V-7] the keys that section K calls multi or multivalued.
MULTIVALUED = {
    "aws:principalorgpaths", "aws:principalservicenameslist", "aws:calledvia", "aws:sourceorgpaths",
    "aws:resourceorgpaths", "aws:vpceorgpaths", "aws:tagkeys", "sts:transitivetagkeys", "sts:identitytokenaudience",
    "saml:edupersonaffiliation", "saml:cn", "saml:mail",
}


def expand(text, context):
    """The parts of a text of a 2012-10-17 document; None if a variable has no value. [V-5, V-6]"""
    parts = []
    for kind, content in pieces(text):
        if kind == "text":
            parts += wildcards(content)
        elif kind == "escape":
            parts.append(content)
        else:
            value = value_of(content, context)
            if value is None:
                return None
            parts.append(value)
    return parts


def substitute(text, context):
    """The same where no wildcards count: the text with its variables replaced, or None."""
    written = []
    for kind, content in pieces(text):
        value = value_of(content, context) if kind == "variable" else content
        if value is None:
            return None
        written.append(value)
    return "".join(written)


def value_of(variable, context):
    key, default = variable
    key = key.lower()  # [V-8]
    values = context.get(key)
    if values and len(values) == 1 and not is_multivalued(key):
        return values[0]
    return default  # [V-4, V-7]


def is_multivalued(key):
    if key.startswith("saml:") and key not in MULTIVALUED and key not in (
            "saml:aud", "saml:iss", "saml:sub", "saml:sub_type", "saml:namequalifier", "saml:doc"):
        raise Doubt("K-13: is this SAML key multivalued?")
    return key in MULTIVALUED or key.endswith(":amr")  # [K-12]


@lru_cache(maxsize=100_000)
def pieces(text):
    """[("text", t) | ("escape", character) | ("variable", (key, default or None)), …]"""
    found, end = [], 0
    for match in VARIABLE.finditer(text):
        if match.start() > end:
            found.append(("text", text[end:match.start()]))
        found.append(piece(match.group(1)))
        end = match.end()
    if end < len(text):
        found.append(("text", text[end:]))
    if any(kind == "text" and "${" in content for kind, content in found):
        raise Doubt("V-1: a variable without an end")
    return found


def piece(inside):
    if inside in ESCAPES:
        return "escape", inside
    if "$" in inside or "{" in inside:
        raise Doubt("V-1: a variable inside a variable")
    default = WITH_DEFAULT.fullmatch(inside)
    if default:
        return "variable", default.groups()
    if not inside or "'" in inside or "," in inside or "*" in inside or "?" in inside:
        raise Doubt("V-4: a variable that is not spelled as the page says")
    return "variable", (inside, None)


@lru_cache(maxsize=100_000)
def wildcards(text):
    """The parts of a text without variables. [M-1]"""
    parts, start = [], 0
    for position, character in enumerate(text):
        if character in "*?":
            if position > start:
                parts.append(text[start:position])
            parts.append(ANY if character == "*" else ONE)
            start = position + 1
    if start < len(text):
        parts.append(text[start:])
    return parts
