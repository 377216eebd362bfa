"""Time-based one-time passwords (RFC 6238), by other hands than the server's."""
import hashlib
import hmac
import struct


def totp(seed, at):
    """What a phone with this seed (bytes) shows at a time (seconds since 1970)."""
    mac = hmac.new(seed, struct.pack(">Q", int(at) // 30), hashlib.sha1).digest()
    number = struct.unpack(">I", mac[mac[-1] & 15:][:4])[0] & 0x7fffffff
    return f"{number % 1000000:06}"
