"""Patterns made from the texts that they should match, and then perhaps spoilt."""


def glob_of(dice, text):
    """A pattern with `*` and `?` that matches the text."""
    start = int(dice.random() * (len(text) + 1))
    end = start + int(dice.random() * (len(text) + 1 - start))
    form = int(dice.random() * 8)
    if form == 0:
        return text[:start] + "*"
    if form == 1:
        return "*" + text[start:]
    if form == 2:
        return text[:start] + "*" + text[end:]
    if form == 3 and start < len(text):
        return text[:start] + "?" + text[start + 1:]
    if form == 4 and start < len(text):
        return text[:start] + "*?" + text[max(end, start + 1):]
    if form == 5 and text:
        return "*" + "*".join(text[start:end]) + "*"
    if form == 6:
        return text[:start] + "**" + text[start:]
    if form == 7 and start < end:
        return text[:start] + "?" * (end - start) + text[end:]
    return text


def almost(dice, text):
    """The text with one small thing wrong (or, rarely, right after all)."""
    if not text:
        return "x"
    place = int(dice.random() * len(text))
    form = int(dice.random() * 7)
    if form == 0:
        return text[:place] + text[place + 1:]
    if form == 1:
        return text + dice.pick(["x", "?", "/", "*", " "])
    if form == 2:
        return text[:place] + text[place].swapcase() + text[place + 1:]
    if form == 3:
        return text[:place] + "x" + text[place + 1:]
    if form == 4:
        return "x" + text
    if form == 5:
        return text.upper() if text.isascii() else text + "x"
    return text[:-1] + "?" + "?"


def other_case(dice, text):
    return "".join(c.swapcase() if c.isascii() and dice.chance(0.3) else c for c in text)


def action_pattern(dice, action):
    service, name = action.split(":")
    return dice.weighted([
        (6, action), (3, f"{service}:*"), (2, "*"), (1, "*:*"), (4, f"{service}:{glob_of(dice, name) or '*'}"),
        (2, other_case(dice, action)), (1, f"{service.upper()}:{other_case(dice, glob_of(dice, name)) or '*'}")])


def wrong_action(dice, action):
    service, name = action.split(":")
    return dice.pick([f"{service}:{almost(dice, name)}", f"{service}-x:{name}", f"s3-object-lambda:{name}",
                      f"{service[:-1]}:{name}", f"{service}x:*", f"{service}:{name}?", f"{service}:{name[1:]}",
                      "s3:GetObject", "iam:*Role*", "kms:*", "sts:*", "sqs:*"])


def arn_pattern(dice, arn, context, variables):
    """A pattern for a Resource element that matches the ARN. [M-5 to M-9, V-1]"""
    if arn == "*" or dice.chance(0.12):
        return "*"
    fields = arn.split(":", 5)
    form = int(dice.random() * 12)
    tail = fields[5]
    if form <= 1:
        pass
    elif form <= 5:
        tail = guarded(fields, glob_of(dice, tail))
    elif form <= 8 and variables:
        tail = with_variable(dice, tail, context)
    elif form == 9 and fields[2] != "s3":
        return run_over(dice, fields)
    elif form == 10:
        tail = escaped(dice, tail) if variables else tail
    else:
        tail = guarded(fields, glob_of(dice, tail))
    # Wildcards in front of the resource; S3 ARNs have none of these fields, IAM ARNs no region.
    if fields[3] and dice.chance(0.25):
        fields[3] = dice.pick(["*", "us-*", "us-?ast-1", "*-1", "?*"])
    if fields[4] and dice.chance(0.25):
        fields[4] = dice.pick(["*", fields[4][:5] + "*", "*" + fields[4][5:], fields[4][:-1] + "?", ""])
    if not fields[3] and fields[2] == "s3" and dice.chance(0.04):
        fields[4] = "*"
    if dice.chance(0.03):
        fields[1] = "*"
    return ":".join(fields[:5] + [tail])


IAM_TYPES = ("user/", "role/", "group/", "policy/")


def guarded(fields, tail):
    """IAM ARNs must name their type, or be `*`. [W-3]"""
    if fields[2] != "iam" or tail == "*" or tail.startswith(IAM_TYPES):
        return tail or "*"
    kind = fields[5].split("/")[0] + "/"
    return kind + "*"


def with_variable(dice, text, context):
    """The text with a variable in it, which mostly leaves its meaning as it was. [V-1 to V-8]"""
    if "${" in text:
        same = [key for key, values in context.items() if values and values[0] == text]
        return f"${{{dice.pick(same)}}}" if same and dice.chance(0.5) else escaped(dice, text)
    form = dice.random()
    if form < 0.6:
        standing = [key for key, values in context.items() if values and values[0] and values[0] in text]
        if standing:
            return variable_for_value(dice, text, dice.pick(standing), context)
    start = int(dice.random() * (len(text) + 1))
    if form < 0.8:  # a variable that stands for nothing, or has no value at all
        empty = [f"${{{key}}}" for key, values in context.items() if values == [""]]
        inserted = dice.pick(empty * 3 + [f"${{{dice.pick(UNKNOWN_KEYS)}, ''}}", "${svc:absent}"])
        return text[:start] + inserted + text[start:]
    end = start + int(dice.random() * (len(text) + 1 - start))
    default = text[start:end] if dice.chance(0.8) else "*"
    if "'" in default or "}" in default:
        return text
    inside = f"{dice.pick(UNKNOWN_KEYS)}, '{default}'"
    starry = [key for key, values in context.items() if values and ("*" in values[0] or "?" in values[0])]
    if starry and dice.chance(0.5):
        inside = dice.pick(starry)  # matches only if a star in a value is more than a star [V-2]
    return text[:start] + f"${{{inside}}}" + text[end:]


def variable_for_value(dice, text, key, context):
    value = context[key][0]
    place = text.rfind(value) if dice.chance(0.3) else text.find(value)
    default = ""
    if dice.chance(0.2) and "'" not in value and "}" not in value:
        default = f", '{dice.pick(['', 'x', 'alice', '*', value])}'"
    if dice.chance(0.15):
        key = other_case(dice, key)
    if dice.chance(0.04):
        key = dice.pick([" " + key, key + " "])
    rest = text[place + len(value):]
    return text[:place] + f"${{{key}{default}}}" + (rest if dice.chance(0.7) else glob_of(dice, rest))


UNKNOWN_KEYS = ["aws:PrincipalTag/none", "aws:username", "aws:TagKeys", "svc:absent"]


def escaped(dice, text):
    """Special characters written so that they stand for themselves. [V-3]"""
    text = text.replace("${", "\0{")
    for character in "*?":
        if dice.chance(0.8):
            text = text.replace(character, f"${{{character}}}")
    return text.replace("\0{", "${$}{" if dice.chance(0.7) else "${")


def run_over(dice, fields):
    """A star that ends its field and reaches further than it. [M-6, M-8]"""
    service, region, account, tail = fields[2:]
    return dice.pick([
        f"arn:aws:{service}:*:{tail}" if region and service != "iam" else f"arn:aws:{service}::*",
        f"arn:aws:{service}:*",
        f"arn:aws:{service}",
        f"arn:aws:{service}:{region}",
        f"arn:aws:{service}:{region}:{account}",
        f"arn:aws:{service}:{region}:{account[:6]}*",
        f"arn:aws:{service}:{region}:*",
        f"arn:aws:{service}:{region[:3]}*:{tail}" if service != "iam" else f"arn:aws:{service}::{account}",
        f"arn:aws:{service}:{region}:*:*",
    ])


def wrong_resource(dice, arn):
    if arn == "*":
        return dice.pick(["arn:aws:s3:::*", "arn:aws:s3:::b", "arn:aws:sqs:*:*:*"])
    fields = arn.split(":", 5)
    form = int(dice.random() * 6)
    if fields[3] and dice.chance(0.2):
        return over_a_colon(dice, fields)
    if form == 0 and fields[2] not in ("s3", "iam"):
        fields[3] = dice.pick(["us-west-2", "us-east-1x", "?", "", "US-EAST-1"])
    elif form == 1 and fields[4]:
        fields[4] = dice.pick(["999999999999", fields[4][:-1], "?", "1*2"])
    elif form == 2:
        fields[1] = "aws-cn"
    else:
        fields[5] = guarded(fields, almost(dice, fields[5]))
    return ":".join(fields)


def over_a_colon(dice, fields):
    """Matches only if a wildcard reaches over a colon or a variable stands where neither may. [M-6, V-9]"""
    service, region, account, tail = fields[2:]
    head = f"arn:aws:{service}:"
    return head + dice.pick([
        f"{region[:1]}*{account[-1]}:{tail}", f"{region}?{account}:{tail}", f"*{account[6:]}:{tail}",
        f"{region[:3]}*{tail[-1]}", f"${{aws:RequestedRegion}}:{account}:{tail}",
        f"{region}:${{aws:PrincipalAccount}}:{tail}"])
