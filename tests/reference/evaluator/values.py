"""Reading the texts of condition values as numbers, dates, addresses and bytes: C-9 to C-14, C-23.

Each reader gives None for a text that is certainly not of its type, and raises Doubt for one that somebody's parser
would take although the page does not list the form.
"""

import base64
import binascii
import ipaddress
import re
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache

from evaluator.doubt import Doubt

CACHED = 100_000

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
ARGUABLE_NUMBER = re.compile(
    r"\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?\s*|[+-]?(inf|infinity|nan)", re.IGNORECASE)

EPOCH = re.compile(r"[0-9]+")
DATE = re.compile(
    r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?)?)?)?")
# A letter that is no T, Z or W, or no digit at all: nobody reads that as a date.
CERTAINLY_NO_DATE = re.compile(r"[^0-9]*|.*[^-+0-9TtZzWw:.,\s].*", re.DOTALL)
GREATEST_EPOCH = 9223372036854775807  # [W-4]


@lru_cache(maxsize=CACHED)
def number(text):
    if NUMBER.fullmatch(text):
        return Fraction(text)
    if ARGUABLE_NUMBER.fullmatch(text):
        raise Doubt("C-9: a number that is neither an integer nor a plain decimal")
    return None


@lru_cache(maxsize=CACHED)
def instant(text):
    """[C-11] seconds since 1970, exact."""
    if EPOCH.fullmatch(text) and len(text) != 4:
        return Fraction(text) if int(text) <= GREATEST_EPOCH else None
    match = DATE.fullmatch(text)
    if not match:
        if CERTAINLY_NO_DATE.fullmatch(text):
            return None
        raise Doubt("C-11: a date in a form that the page does not list")
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    try:
        days = (date(int(year), int(month or 1), int(day or 1)) - date(1970, 1, 1)) // timedelta(days=1)
    except ValueError:
        if year == "0000":
            raise Doubt("C-11: the year 0") from None
        return None  # there is no such day
    hour, minute, second = int(hour or 0), int(minute or 0), int(second or 0)
    if hour > 23 or minute > 59 or second > 59:
        raise Doubt("C-11: hour 24 or a leap second")
    seconds = Fraction(days * 86400 + hour * 3600 + minute * 60 + second)
    if fraction:
        seconds += Fraction(int(fraction), 10 ** len(fraction))
    if zone and zone != "Z":
        offset = int(zone[1:3]) * 60 + int(zone[4:6])
        if offset > 14 * 60 or int(zone[4:6]) > 59:
            raise Doubt("C-11: an offset that no place on earth has")
        seconds -= (offset if zone[0] == "+" else -offset) * 60
    return seconds


def boolean(text):
    """[C-12]"""
    text = text.lower()
    return text if text in ("true", "false") else None


@lru_cache(maxsize=CACHED)
def octets(text):
    """[C-13]"""
    try:
        decoded = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        if re.fullmatch(r"[A-Za-z0-9+/_\-=\s]*", text):
            raise Doubt("C-13: base64 without padding, with other letters or with spaces") from None
        return None
    if base64.b64encode(decoded).decode() != text:
        raise Doubt("C-13: base64 that is not canonical")
    return decoded


@lru_cache(maxsize=CACHED)
def address(text):
    """[C-14]"""
    reject_odd_addresses(text)
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        if "/" in text:
            raise Doubt("C-14: a range as request value") from None
        return None


@lru_cache(maxsize=CACHED)
def network(text):
    """[C-14] host bits do not count; without a length it is one address."""
    reject_odd_addresses(text)
    plain, slash, length = text.partition("/")
    if slash and not re.fullmatch(r"0|[1-9][0-9]{0,2}", length):
        if re.fullmatch(r"[0-9.:a-fA-F/]*", length):
            raise Doubt("C-14: a prefix length with leading zeros, or a mask")
        return None
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def reject_odd_addresses(text):
    if "%" in text or text != text.strip():
        raise Doubt("C-14: an address with a zone, or with spaces")
    if re.fullmatch(r"[0-9a-fA-Fx.]*(/.*)?", text) and "." in text:
        if re.search(r"(^|\.)0[0-9x]", text) or len(text.split("/")[0].split(".")) != 4:
            raise Doubt("C-14: octal, hexadecimal or shortened IPv4")
    elif "." in text and ":" in text and re.search(r"[:.]0[0-9]+(\.|$|/)", text):
        raise Doubt("C-14: leading zeros in an IPv4 tail")
