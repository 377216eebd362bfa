"""Patterns, actions and resources: section M.

A pattern is a list of parts: text that stands for itself, and the four wildcards below. Matching carries along the set
of all places in the text that the parts so far can have reached; nothing is guessed and nothing is tried twice.
"""

from functools import lru_cache

from evaluator import variables
from evaluator.doubt import Doubt

ANY = variables.ANY  # `*`: any run of characters, also none [M-1]
ONE = variables.ONE  # `?`: exactly one character
ANY_IN_FIELD = object()  # the same two where they must not reach over a colon [M-6]
ONE_IN_FIELD = object()


def matches(parts, text):
    reached = {0}
    for part in parts:
        if part is ANY:
            reached = set(range(min(reached), len(text) + 1))
        elif part is ONE:
            reached = {place + 1 for place in reached if place < len(text)}
        elif part is ANY_IN_FIELD:
            reached = {further for place in reached for further in range(place, end_of_field(text, place) + 1)}
        elif part is ONE_IN_FIELD:
            reached = {place + 1 for place in reached if place < end_of_field(text, place)}
        else:
            reached = {place + len(part) for place in reached if text.startswith(part, place)}
        if not reached:
            return False
    return len(text) in reached


def end_of_field(text, place):
    colon = text.find(":", place)
    return len(text) if colon < 0 else colon


@lru_cache(maxsize=100_000)
def action_matches(pattern, action):
    """[M-2, M-3] `*`, or a literal prefix and a name with wildcards, all without regard to case."""
    if pattern in ("*", "*:*"):
        return True
    if pattern.count(":") != 1:
        raise Doubt("M-2: an action without a prefix")
    prefix, name = pattern.lower().split(":")
    if "*" in prefix or "?" in prefix:
        raise Doubt("M-2: a wildcard in the prefix")
    if not prefix or not name:
        raise Doubt("M-2: an action without prefix or name")
    request_prefix, request_name = action.lower().split(":")
    return prefix == request_prefix and matches(variables.wildcards(name), request_name)


def resource_matches(pattern, resource, context, has_variables, completes):
    """[M-5 to M-9, M-12, V-9]. `completes`: short ARNs are filled up, as in identity policies. [M-8]"""
    if pattern == "*":
        return True
    if resource == "*":
        return False
    if ":" not in pattern:
        raise Doubt("W-3: a resource that is neither * nor an ARN")
    if has_variables and "${" in first_five_fields(pattern):
        if "${*}" in pattern or "${?}" in pattern or "${$}" in pattern:
            raise Doubt("V-9: is an escape before the fifth colon a variable?")
        return False
    if arn_pattern_matches(pattern, resource, context, has_variables):
        return True
    missing = 5 - pattern.count(":")
    return completes and missing > 0 and arn_pattern_matches(pattern + ":*" * missing, resource, context, has_variables)


def arn_pattern_matches(pattern, resource, context, has_variables):
    parts = plain_resource_parts(pattern) if not has_variables or "${" not in pattern else None
    if parts is None:
        head = first_five_fields(pattern)
        tail = variables.expand(pattern[len(head):], context)
        if tail is None:
            return False  # [V-6]
        parts = field_parts(head) + tail
    return matches(parts, resource)


@lru_cache(maxsize=100_000)
def plain_resource_parts(pattern):
    head = first_five_fields(pattern)
    return field_parts(head) + variables.wildcards(pattern[len(head):])


@lru_cache(maxsize=100_000)
def first_five_fields(pattern):
    """Up to and without the fifth colon; all of it if there is none."""
    return ":".join(pattern.split(":", 5)[:5])


def field_parts(head):
    """[M-6] only a `*` that ends its field may run on over colons."""
    parts = []
    for field in head.split(":"):
        for position, character in enumerate(field):
            if character == "*":
                parts.append(ANY if position == len(field) - 1 else ANY_IN_FIELD)
            elif character == "?":
                parts.append(ONE_IN_FIELD)
            else:
                parts.append(character)
        parts.append(":")
    return join_texts(parts[:-1])


def join_texts(parts):
    """Neighbouring texts made one, which changes nothing but the time that matching takes."""
    joined = []
    for part in parts:
        if joined and isinstance(part, str) and isinstance(joined[-1], str):
            joined[-1] += part
        else:
            joined.append(part)
    return joined
