"""What the listener does with well-formed and with hostile HTTP/1.1, byte by byte.

`served`: a complete answer that is no complaint about the framing (an unsigned request is refused, but by a later room).
`refused`: an answer that says what is wrong with the framing, or a closed connection; never a 200, never silence.
"""
import re
import socket
import time

import pytest

COMPLAINTS = {400, 408, 411, 413, 414, 417, 431, 501, 505}
HOST = b"Host: deputy.test\r\n"
CHUNKS = b"3\r\nabc\r\n0\r\n\r\n"


def post(headers, body=b"abc"):
    return b"POST / HTTP/1.1\r\n" + HOST + headers + b"\r\n" + body


def get(headers=HOST, target=b"/", version=b"HTTP/1.1"):
    return b"GET " + target + b" " + version + b"\r\n" + headers + b"\r\n"


def chunked(body):
    return post(b"Transfer-Encoding: chunked\r\n", body)


LENGTH = b"Content-Length: 3\r\n"

SERVED = {
    "a body with a length": post(LENGTH),
    "a chunked body": chunked(CHUNKS),
    "a chunked body, coding in capitals": post(b"Transfer-Encoding: Chunked\r\n", CHUNKS),
    "a chunk extension and a trailer": chunked(b"3;a=b\r\nabc\r\n0\r\nX-Trailer: y\r\n\r\n"),
    "chunk sizes in either case": chunked(b"A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n"),
    "an empty body": post(b"Content-Length: 0\r\n", b""),
    "no spaces around a value": post(b"X-A:b\r\nContent-Length:3\r\n"),
    "an absolute target": get(target=b"http://deputy.test/"),
    "HTTP/1.0 with a host": get(version=b"HTTP/1.0"),
}

REFUSED = {
    "a length and a chunked coding": post(LENGTH + b"Transfer-Encoding: chunked\r\n", CHUNKS),
    "a chunked coding and a length": post(b"Transfer-Encoding: chunked\r\n" + LENGTH, CHUNKS),
    "two different lengths": post(b"Content-Length: 3\r\nContent-Length: 5\r\n"),
    "two lengths in one header": post(b"Content-Length: 3, 5\r\n"),
    "a length with a plus": post(b"Content-Length: +3\r\n"),
    "a length with junk behind it": post(b"Content-Length: 3 x\r\n"),
    "a length in hexadecimal": post(b"Content-Length: 0x3\r\n"),
    "an empty length": post(b"Content-Length:\r\n", b""),
    "a negative length": post(b"Content-Length: -1\r\n", b""),
    "a length beyond 64 bits": post(b"Content-Length: 99999999999999999999999\r\n", b""),
    "an unknown transfer coding": post(b"Transfer-Encoding: xchunked\r\n", CHUNKS),
    "gzip, then chunked": post(b"Transfer-Encoding: gzip, chunked\r\n", CHUNKS),
    "chunked, then identity": post(b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", CHUNKS),
    "a space before the colon": post(b"Content-Length : 3\r\n"),
    "a folded header line": post(b"X-A: b\r\n c\r\n" + LENGTH),
    "a header line without a colon": post(b"X-A\r\n" + LENGTH),
    "a header without a name": post(b": b\r\n" + LENGTH),
    "a NUL in a value": post(b"X-A: a\0b\r\n" + LENGTH),
    "a NUL in a name": post(b"X\0A: ab\r\n" + LENGTH),
    "a lone CR in a value": post(b"X-A: a\rTransfer-Encoding: chunked\r\n" + LENGTH),
    "no host": get(headers=b""),
    "two hosts": get(headers=HOST + b"Host: other\r\n"),
    "a chunk size beyond 64 bits": chunked(b"10000000000000003\r\nabc\r\n0\r\n\r\n"),
    "a chunk size of 0x3": chunked(b"0x3\r\nabc\r\n0\r\n\r\n"),
    "a negative chunk size": chunked(b"-3\r\nabc\r\n0\r\n\r\n"),
    "an empty chunk size": chunked(b"\r\nabc\r\n0\r\n\r\n"),
    "a chunk longer than it says": chunked(b"3\r\nabcd\r\n0\r\n\r\n"),
    "a header of 64 KiB": get(headers=HOST + b"X-A: " + b"a" * 65536 + b"\r\n"),
    "5000 headers": get(headers=HOST + b"a: b\r\n" * 5000),
    "a target of 64 KiB": get(target=b"/" + b"a" * 65536),
    "HTTP/3.7": get(version=b"HTTP/3.7"),
    "no version": b"GET /\r\n\r\n",
    "a space in the target": b"GET /a b HTTP/1.1\r\n" + HOST + b"\r\n",
    "an unfinished TLS greeting": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 64,
}


def ask(server, data, byte_by_byte=False, quiet=0.7):
    """(final statuses, interim statuses, closed) of whatever comes back until the line falls silent."""
    out, closed = b"", False
    with socket.create_connection(("127.0.0.1", server.port), 3) as line:
        line.settimeout(quiet)
        try:
            if byte_by_byte:
                line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for byte in data:
                    line.sendall(bytes([byte]))
            else:
                line.sendall(data)
            while piece := line.recv(65536):
                out += piece
            closed = True
        except TimeoutError:
            pass
        except OSError:
            closed = True
    statuses = [int(s) for s in re.findall(rb"HTTP/1\.[01] (\d\d\d) ", out)]
    return [s for s in statuses if s >= 200], [s for s in statuses if s < 200], closed


@pytest.mark.parametrize("name", SERVED)
def test_served(shared_server, name):
    final, _, _ = ask(shared_server, SERVED[name])
    assert len(final) == 1 and final[0] not in COMPLAINTS, f"{name}: {final}"


@pytest.mark.parametrize("name", REFUSED)
def test_refused(shared_server, name):
    final, _, closed = ask(shared_server, REFUSED[name])
    assert final[0] in COMPLAINTS if final else closed, f"{name}: {final or 'silence'}"
    assert len(final) <= 1, f"{name}: the connection went on out of step: {final}"


def test_a_hundred_continues_before_the_body(shared_server):
    final, interim, _ = ask(shared_server, post(b"Expect: 100-continue\r\n" + LENGTH, b""))
    assert interim == [100] and final == []


def test_pipelined_requests_are_all_answered(shared_server):
    final, _, _ = ask(shared_server, post(LENGTH) * 3)
    assert len(final) == 3 and not COMPLAINTS & set(final)


def test_a_request_may_come_a_byte_at_a_time(shared_server):
    final, _, _ = ask(shared_server, post(LENGTH), byte_by_byte=True)
    assert len(final) == 1 and final[0] not in COMPLAINTS


def test_nothing_after_a_refused_request_is_read(shared_server):
    smuggled = post(b"Content-Length: 3\r\nContent-Length: 5\r\n") + get(target=b"/smuggled")
    final, _, closed = ask(shared_server, smuggled)
    assert len(final) <= 1 and closed


def test_many_silent_connections_do_not_keep_others_out(shared_server):
    silent = [socket.create_connection(("127.0.0.1", shared_server.port), 3) for _ in range(200)]
    try:
        for line in silent[:100]:
            line.sendall(b"POST / HTTP/1.1\r\nHost: x\r\n")
        began = time.monotonic()
        final, _, _ = ask(shared_server, post(LENGTH))
        assert len(final) == 1
        assert time.monotonic() - began < 5
    finally:
        for line in silent:
            line.close()
