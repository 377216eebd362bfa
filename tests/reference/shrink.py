"""Makes a failing case small: takes away whatever can go while the failure stays.

Each round tries every single step and keeps the first that still fails; the steps go from large to small. What the
evaluator doubts or the engine refuses is not the same failure, so that shrinking never leaves the specified ground.
"""

import copy
import json
import re

MOST_ROUNDS = 400
EMPTY = {"identity": [], "boundary": None, "session": [], "resource": None, "scp": [], "rcp": [], "vpc_endpoint": None}
LISTS = ("Action", "NotAction", "Resource", "NotResource")


def shrink(case, first_failing):
    """`first_failing` takes a list of cases and gives the first that fails as the whole did, or None."""
    for _ in range(MOST_ROUNDS):
        better = first_failing(list(smaller(case)))
        if better is None:
            return case
        case = better
    return case


def smaller(case):
    """Every case that is one step smaller."""
    seen = {json.dumps(case, sort_keys=True)}
    for edit in edits(case):
        step = copy.deepcopy(case)
        edit(step)
        text = json.dumps(step, sort_keys=True)
        if text not in seen:
            seen.add(text)
            yield step


def edits(case):
    """Functions that change a copy of the case in place."""
    policies = case["policies"]
    for layer, value in policies.items():
        if value != EMPTY[layer]:
            yield setter(("policies", layer), EMPTY[layer])
        if isinstance(value, list):
            yield from removals(("policies", layer), value, keep=0)
            for number, level in enumerate(value):
                if isinstance(level, list):
                    yield from removals(("policies", layer, number), level, keep=1)
    for path in documents(policies):
        yield from document_edits(path, at(case, path))
    for key, values in case["request"]["context"].items():
        path = ("request", "context", key)
        yield remover(path)
        yield from removals(path, values, keep=1)
    yield from text_edits(case)


def documents(policies):
    for layer in ("boundary", "vpc_endpoint"):
        if policies[layer]:
            yield "policies", layer
    if policies["resource"]:
        yield "policies", "resource", "document"
    for number in range(len(policies["identity"])):
        yield "policies", "identity", number, "document"
    for number in range(len(policies["session"])):
        yield "policies", "session", number
    for layer in ("scp", "rcp"):
        for level, members in enumerate(policies[layer]):
            for number in range(len(members)):
                yield "policies", layer, level, number


def document_edits(path, document):
    if "Id" in document:
        yield remover(path + ("Id",))
    statements = document["Statement"]
    if isinstance(statements, dict):
        yield from statement_edits(path + ("Statement",), statements)
        return
    yield from removals(path + ("Statement",), statements, keep=1)
    for number, members in enumerate(statements):
        yield from statement_edits(path + ("Statement", number), members)


def statement_edits(path, members):
    for name in LISTS:
        if isinstance(members.get(name), list):
            yield from removals(path + (name,), members[name], keep=1)
            if len(members[name]) == 1:
                yield setter(path + (name,), members[name][0])
        if name in members and members[name] != "*":
            yield renamer(path, name, name.replace("Not", ""), "*")
    for name in ("Principal", "NotPrincipal"):
        groups = members.get(name)
        if not isinstance(groups, dict):
            continue
        if len(groups) > 1:
            for group in groups:
                yield remover(path + (name, group))
        for group, names in groups.items():
            if isinstance(names, list):
                yield from removals(path + (name, group), names, keep=1)
                if len(names) == 1:
                    yield setter(path + (name, group), names[0])
    for operator, keys in members.get("Condition", {}).items():
        yield remover(path + ("Condition", operator))
        for key, values in keys.items():
            inner = path + ("Condition", operator, key)
            if len(keys) > 1:
                yield remover(inner)
            if isinstance(values, list):
                yield from removals(inner, values, keep=1)
                if len(values) == 1:
                    yield setter(inner, values[0])
    if "Condition" in members:
        yield remover(path + ("Condition",))


def text_edits(case):
    """A word replaced by its first letter wherever it stands, so that what belongs together stays together; then
    single characters out of single values."""
    words = set()
    for _, text in texts(case):
        words.update(re.findall(r"[a-z0-9\u00c0-\u00ff-]{3,}", text, re.IGNORECASE))
    for word in sorted(words - {"arn", "aws"}, key=lambda word: (-len(word), word)):
        if not re.fullmatch("[0-9]{12}", word):
            yield word_replacer(word)
    for path, text in texts(case):
        for place in range(len(text) if path != ("request", "resource") else 0):
            yield setter(path, text[:place] + text[place + 1:])


def texts(case):
    """(path, text) of what may be shortened: patterns, condition values, context values and the resource."""
    yield ("request", "resource"), case["request"]["resource"]
    for key, values in case["request"]["context"].items():
        for number, value in enumerate(values):
            yield ("request", "context", key, number), value
    for path in documents(case["policies"]):
        statements = at(case, path)["Statement"]
        if isinstance(statements, dict):
            yield from leaves(path + ("Statement",), statements)
        else:
            for number, members in enumerate(statements):
                yield from leaves(path + ("Statement", number), members)


def leaves(path, members):
    for name in LISTS[2:] + ("Condition",):
        yield from strings(path + (name,), members.get(name))


def strings(path, value):
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, (dict, list)):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from strings(path + (key,), inner)


# --- the edits themselves ---------------------------------------------------------------------------------------------


def at(value, path):
    for step in path:
        value = value[step]
    return value


def setter(path, value):
    def edit(case):
        at(case, path[:-1])[path[-1]] = copy.deepcopy(value)

    return edit


def renamer(path, name, other_name, value):
    def edit(case):
        members = at(case, path)
        del members[name]
        members[other_name] = value

    return edit


def remover(path):
    def edit(case):
        del at(case, path[:-1])[path[-1]]

    return edit


def removals(path, values, keep):
    """First halves, then single members."""
    if len(values) > 3 and keep <= len(values) // 2:
        half = len(values) // 2
        yield setter(path, values[:half])
        yield setter(path, values[half:])
    if len(values) > keep:
        for number in range(len(values)):
            yield remover(path + (number,))


def word_replacer(word):
    def edit(case):
        for path, text in list(texts(case)):
            setter(path, text.replace(word, word[0]))(case)

    return edit
