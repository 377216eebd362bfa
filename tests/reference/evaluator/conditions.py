"""Condition blocks: section C."""

from evaluator import values, variables
from evaluator.doubt import Doubt
from evaluator.matching import join_texts, matches

ANY, ONE = variables.ANY, variables.ONE


def condition_holds(statement, context):
    """[C-1] every operator, and every key under it."""
    return all(
        key_holds(operator, key, policy_values, context, statement.has_variables)
        for operator, key, policy_values in statement.conditions)


def key_holds(operator, key, policy_values, context, has_variables):
    request_values = context.get(key.lower(), [])  # [C-5]; no value is as good as no key
    if operator == "Null":
        return null_holds(policy_values, absent=not request_values)

    set_prefix, name = operator.split(":") if ":" in operator else ("", operator)
    if_exists = name.endswith("IfExists")
    if if_exists:
        name = name[: -len("IfExists")]
    if name == "Null" or name not in COMPARISONS and name not in NEGATED:
        raise Doubt("L-9: no such operator")

    negated = name in NEGATED
    compare = COMPARISONS[NEGATED.get(name, name)]

    def satisfied(request_value):
        """[C-1, C-2, C-21] any listed value matches; negated: none does."""
        return negated != any(compare(value, request_value, context, has_variables) for value in policy_values)

    if not request_values and if_exists:
        return True  # [C-18, C-27]
    if set_prefix == "ForAllValues":
        if request_values.count("") > 1 and len(set(request_values)) == 1:
            raise Doubt("C-20: several empty strings")
        return request_values == [""] or all(satisfied(value) for value in request_values)  # [C-20]
    if set_prefix == "ForAnyValue":
        if request_values == [""]:
            raise Doubt("C-19: is a key that only holds the empty string empty?")
        return any(satisfied(value) for value in request_values)  # [C-19]
    if set_prefix:
        raise Doubt("L-9: no such set operator")
    if not request_values:
        return negated  # [C-3, C-4]
    if negated:
        return all(satisfied(value) for value in request_values)  # [C-22]
    return any(satisfied(value) for value in request_values)


def null_holds(policy_values, absent):
    """[C-17, C-25]"""
    for value in policy_values:
        if value not in ("true", "false"):
            if value.lower() in ("true", "false") or "${" not in value:
                raise Doubt("C-17: Null with another word")
    return ("true" if absent else "false") in policy_values


# --- one policy value against one request value ---------------------------------------------------------------------


def string_equals(policy, request, context, has_variables):
    return replaced(policy, context, has_variables) == request  # [C-6]; None equals nothing [V-5]


def string_equals_ignoring_case(policy, request, context, has_variables):
    policy = replaced(policy, context, has_variables)
    if policy is None:
        return False
    if policy.lower() == request.lower():
        if any(a != b and not (a.isascii() and b.isascii()) for a, b in zip(policy, request)):
            raise Doubt("C-7: case outside of ASCII")
        return True
    if policy.casefold() == request.casefold() or policy.upper() == request.upper():
        raise Doubt("C-7: case outside of ASCII")
    return False


def string_like(policy, request, context, has_variables):
    parts = expanded(policy, context, has_variables)
    return parts is not None and matches(parts, request)  # [C-8]


def arn_like(policy, request, context, has_variables):
    """[C-16] six fields, each by itself; the pattern is split after its variables are replaced."""
    parts = expanded(policy, context, has_variables)
    if parts is None:
        return False
    if parts == [ANY]:
        return True
    if all(part in (ANY, ONE) for part in parts):
        raise Doubt("C-16: a pattern of several wildcards and nothing else")
    pattern_fields, request_fields = split_parts(parts), request.split(":", 5)
    if len(pattern_fields) != 6 or len(request_fields) != 6:
        return False
    if request_fields[0] != "arn":
        return False  # six fields and no ARN [M-6]: an IPv6 address, say
    return all(matches(pattern, field) for pattern, field in zip(pattern_fields, request_fields))


def split_parts(parts):
    """The parts of the up to six fields: split at the first five colons that stand for themselves."""
    fields = [[]]
    for part in parts:
        if isinstance(part, str):
            pieces = part.split(":", 6 - len(fields))
            fields[-1].append(pieces[0])
            fields += [[piece] for piece in pieces[1:]]
        else:
            fields[-1].append(part)
    return fields


def replaced(policy, context, has_variables):
    return variables.substitute(policy, context) if has_variables and "${" in policy else policy


def expanded(policy, context, has_variables):
    if has_variables and "${" in policy:
        parts = variables.expand(policy, context)
        return parts if parts is None else join_texts(parts)
    return variables.wildcards(policy)


def boolean_equals(policy, request, context, has_variables):
    policy = replaced(policy, context, has_variables)  # [V-1], the doubt there
    policy = None if policy is None else values.boolean(policy)
    return policy is not None and policy == values.boolean(request)


def address_in_network(policy, request, _context, _has_variables):
    network, address = values.network(policy), values.address(request)
    if network is None or address is None:
        return False  # [C-23]
    return network.version == address.version and address in network


def octets_equal(policy, request, _context, _has_variables):
    policy, request = values.octets(policy), values.octets(request)
    return policy is not None and policy == request


def ordered(read, holds):
    """A comparison of two texts that `read` understands; request value left, policy value right. [C-9, C-10]"""

    def compare(policy, request, _context, _has_variables):
        right, left = read(policy), read(request)
        return left is not None and right is not None and holds(left, right)

    return compare


def equal(left, right):
    return left == right


def less(left, right):
    return left < right


def less_or_equal(left, right):
    return left <= right


def greater(left, right):
    return left > right


def greater_or_equal(left, right):
    return left >= right


COMPARISONS = {
    "StringEquals": string_equals,
    "StringEqualsIgnoreCase": string_equals_ignoring_case,
    "StringLike": string_like,
    "ArnEquals": arn_like,
    "ArnLike": arn_like,
    "NumericEquals": ordered(values.number, equal),
    "NumericLessThan": ordered(values.number, less),
    "NumericLessThanEquals": ordered(values.number, less_or_equal),
    "NumericGreaterThan": ordered(values.number, greater),
    "NumericGreaterThanEquals": ordered(values.number, greater_or_equal),
    "DateEquals": ordered(values.instant, equal),
    "DateLessThan": ordered(values.instant, less),
    "DateLessThanEquals": ordered(values.instant, less_or_equal),
    "DateGreaterThan": ordered(values.instant, greater),
    "DateGreaterThanEquals": ordered(values.instant, greater_or_equal),
    "Bool": boolean_equals,
    "BinaryEquals": octets_equal,
    "IpAddress": address_in_network,
}

NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
    "NotIpAddress": "IpAddress",
}
