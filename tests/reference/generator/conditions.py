"""Condition blocks that hold for a context, or nearly hold."""

import re

from generator import keys
from generator.patterns import almost, escaped, glob_of, other_case, with_variable

NUMERIC = ["NumericEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan",
           "NumericGreaterThanEquals", "NumericNotEquals"]
DATE = ["DateEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals", "DateNotEquals"]
OPERATORS = {
    "string": ["StringEquals", "StringEquals", "StringLike", "StringLike", "StringEqualsIgnoreCase", "StringNotEquals",
               "StringNotLike", "StringNotEqualsIgnoreCase"],
    "arn": ["ArnLike", "ArnEquals", "ArnNotLike", "ArnNotEquals", "StringLike", "StringEquals"],
    "number": NUMERIC, "date": DATE, "bool": ["Bool"], "address": ["IpAddress", "NotIpAddress"],
    "binary": ["BinaryEquals"],
}
TYPES = list(OPERATORS)
HOW_MANY_OTHERS = [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 20]


def condition(dice, context, variables, fits):
    """One to three keys under one to three operators; `fits`: meant to be true for the context."""
    block = {}
    for _ in range(dice.pick([1, 1, 1, 2, 2, 3])):
        operator, key, values = entry(dice, context, variables, fits or dice.chance(0.4))
        if dice.chance(0.1):
            key = other_case(dice, key)
        under = block.setdefault(operator, {})
        if not any(key.lower() == other.lower() for other in under):  # [L-10]
            under[key] = values
    if dice.chance(0.02):
        block["StringEquals" if "StringEquals" not in block else "Bool"] = {}  # [C-25]
    return block


def entry(dice, context, variables, fits):
    key = pick_key(dice, context)
    given = context.get(key) or []
    if dice.chance(0.07):
        return "Null", key, null_values(dice, not given if fits else dice.chance(0.5))
    kind = keys.type_of(key) if dice.chance(0.94) else dice.pick(TYPES)
    operator = dice.pick(OPERATORS[kind])
    negated = "Not" in operator
    prefix = set_prefix(dice, key, given)
    if_exists = "IfExists" if dice.chance(0.5 if not given and fits and not negated else 0.12) else ""
    if not given and fits and not negated and not if_exists and prefix != "ForAllValues:":
        # A positive operator needs the key: take one that is there, or say that the key may be missing.
        if_exists = "IfExists"
    wanted = given if prefix == "ForAllValues:" else [dice.pick(given)] if given else []
    values = []
    if fits != negated:
        values = [like(dice, operator, one, context, variables) for one in wanted]
    values += [other(dice, operator, kind, given, context, variables) for _ in range(dice.pick(HOW_MANY_OTHERS))]
    if not values and not dice.chance(0.03):
        values = [other(dice, operator, kind, given, context, variables)]
    if variables:
        values = [value for value in values if well_formed(value)] or ["x"]
    if operator in DATE:
        values = [value for value in values if readable_date(value)] or ["2026-01-31T10:00:00Z"]
    return prefix + operator + if_exists, key, written(dice, values)


def pick_key(dice, context):
    if context and dice.chance(0.8):
        typed = [key for key in context if keys.type_of(key) != "string"] if dice.chance(0.4) else None
        return dice.pick(typed or list(context))
    return keys.any_key(dice)


def set_prefix(dice, key, given):
    if key in keys.MULTIVALUED or key.endswith(":amr") or len(given) > 1:
        return dice.weighted([(4, "ForAnyValue:"), (4, "ForAllValues:"), (2, "")])
    return dice.weighted([(1, "ForAnyValue:"), (1, "ForAllValues:"), (14, "")])


def null_values(dice, absent):
    return dice.weighted([(8, "true" if absent else "false"), (2, absent), (1, ["true", "false"]),
                          (0.3, "${aws:username}"), (0.2, [])])


def readable_date(value):
    """An unreadable date is refused on write. [W-4]"""
    return value in keys.DATES or value.isdigit()


def written(dice, values):
    """Values as JSON may spell them. [L-11]"""
    spelled = []
    for value in values:
        if dice.chance(0.3) and isinstance(value, str):
            if value in ("true", "false"):
                value = value == "true"
            elif value.isdigit() and (value == "0" or value[0] != "0"):
                value = int(value)
            elif value in ("10.5", "0.1", "0.3", "10.0"):
                value = float(value)
        spelled.append(value)
    if dice.chance(0.05):
        return dice.shuffled(spelled + [None])
    return dice.one_or_list(dice.shuffled(spelled))


def like(dice, operator, value, context, variables):
    """A policy value that matches the request's value under the operator (for the orders: that makes it true)."""
    name = operator.replace("Not", "")
    if name in ("StringEquals", "StringEqualsIgnoreCase"):
        if variables and dice.chance(0.35):
            return with_variable(dice, value, context)
        if variables and ("${" in value or dice.chance(0.3)):
            return escaped(dice, value)
        return other_case(dice, value) if name == "StringEqualsIgnoreCase" else value
    if name == "StringLike":
        if variables and ("${" in value or dice.chance(0.35)):
            return with_variable(dice, value, context)
        return glob_of(dice, value)
    if name in ("ArnLike", "ArnEquals"):
        return arn_glob(dice, value, context, variables)
    if name == "IpAddress":
        return ip_range(dice, value)
    if name.startswith("Numeric"):
        return number_near(dice, name, value)
    if name.startswith("Date"):
        return date_near(dice, name, value)
    if name == "Bool":
        same = [key for key, values in context.items() if values and values[0] == value]
        return f"${{{dice.pick(same)}}}" if variables and same and dice.chance(0.2) else other_case(dice, value)
    return value


def arn_glob(dice, value, context, variables):
    if variables and dice.chance(0.2):
        same = [key for key, values in context.items() if values and values[0] == value]
        if same:
            return f"${{{dice.pick(same)}}}"
    if value.count(":") < 5:
        return dice.pick(["*", value])
    fields = value.split(":")
    if len(fields) > 6 and dice.chance(0.25):
        place = dice.pick([2, 3, 4])
        return ":".join(fields[:place] + ["*"] + fields[place + 2:])  # six fields, but other ones [C-16]
    fields = value.split(":", 5)
    for place in range(1, 6):
        if dice.chance(0.3):
            fields[place] = dice.pick(["*", glob_of(dice, fields[place])])
    if dice.chance(0.1):
        place = dice.pick([2, 3, 4])
        # A star that would have to reach over a colon. [C-16]
        fields[place:place + 2] = [dice.pick(["*", fields[place] + "*", "*" + fields[place + 1]])]
    if variables and dice.chance(0.2):
        fields[-1] = with_variable(dice, fields[-1], context)
    return ":".join(fields)


def ip_range(dice, value):
    if ":" in value:
        return dice.pick([value, value + "/128", value + "/64", value + "/0", "::/0", value.upper(), value + "/127",
                          "::/1"])
    return dice.pick([value, value + "/32", value + "/24", value + "/31", value + "/0", "0.0.0.0/0", "0.0.0.0/1",
                      value + "/8"])


def number_near(dice, name, value):
    """Beside the value itself the neighbours on the side where the comparison holds."""
    if not is_plain_number(value):
        return value
    whole, _, fraction = value.partition(".")
    same = [value, f"{whole}.{fraction}0" if fraction else f"{whole}.0", f"{whole}.{fraction or '0'}00"]
    step = 1 if "LessThan" in name else -1
    beyond = [str(int(whole) + step) if not fraction else str(int(whole) + 2 * step), str(int(whole) + 100 * step)]
    if name == "NumericEquals":
        return dice.pick(same)
    return dice.pick(same + beyond if name.endswith("Equals") else beyond + beyond + same[:1])


def is_plain_number(value):
    sign_free = value[1:] if value.startswith("-") else value
    whole, dot, fraction = sign_free.partition(".")
    return whole.isdigit() and (fraction.isdigit() if dot else True)


SAME_INSTANT = [["2026-01-31", "2026-01-31T00:00:00Z", "1769817600", "2026-01-30T19:00:00-05:00"],
                ["2026-01-31T10:00Z", "2026-01-31T12:00:00+02:00", "2026-01-31T10:00:00Z", "1769853600",
                 "2026-01-31T10:00:00"],
                ["2026-01-31T10:00:01Z", "1769853601"], ["2024-02-29", "1709164800"]]


def date_near(dice, name, value):
    if name == "DateEquals" or name.endswith("Equals") and dice.chance(0.4):
        for group in SAME_INSTANT:
            if value in group:
                return dice.pick(group)
        return value
    later = ["2026-02-01", "2027", "9999-12-31T23:59:59Z", "9223372036854775807", "99999999999", "1769853601"]
    earlier = ["0", "2026", "2025", "2024-02-29", "1969-12-31T23:59:59Z", "0001-01-01", "2026-01-31"]
    return dice.pick(later if "LessThan" in name else earlier)


def other(dice, operator, kind, given, context, variables):
    """Any value of the type, or one that is nearly the given one."""
    if operator in DATE:
        return dice.pick(keys.NEAR_DATES if dice.chance(0.4) else keys.DATES)
    if given and dice.chance(0.4) and kind not in ("number", "address", "binary"):
        value = almost(dice, dice.pick(given))
    elif kind == "address":
        value = dice.pick(keys.ADDRESSES)
        value = ip_range(dice, value) if dice.chance(0.6) else value
        value = value if value.count("/") < 2 and not value.startswith("here/") else "here"
    elif kind == "arn":
        value = dice.pick(keys.ARNS)
        value = arn_glob(dice, value, context, variables) if dice.chance(0.5) else value
    else:
        pool = {"string": keys.STRINGS, "number": keys.NUMBERS, "bool": keys.BOOLEANS, "binary": keys.BINARY}[kind]
        value = dice.pick(pool)
        if kind == "string" and dice.chance(0.1):
            value = dice.pick(["${aws:username}", "${aws:PrincipalTag/none}", "${svc:K, 'red'}", "${svc:Multi, 'a'}",
                               "*${*}", "${aws:PrincipalAccount}", "${aws:TagKeys}", "${AWS:UserName}"])
    return value


def well_formed(value):
    """No variable is cut open, or holds what only looks like one. [V-1, V-4]"""
    rest = VARIABLE.sub("", value)
    return "${" not in rest


VARIABLE = re.compile(r"\$\{(?:[*?$]|[^*?${},']+(?:, '[^'}]*')?)\}")
