"""What the tests of hostile callers share: signed bytes, many of them at once, a server of one's own."""
import socket
import threading

from conftest import Cloud
from deputy import Server
from sigv4 import Request, Scope, form, sign


def signed_call(server, keys, service, version, **parameters):
    """The bytes of one signed call in the query dialect."""
    request = Request("POST", headers=[("Host", f"127.0.0.1:{server.port}"),
                                       ("Content-Type", "application/x-www-form-urlencoded")],
                      body=form({"Version": version, **parameters}).encode())
    sign(request, keys, Scope(service))
    return request.bytes()


def pipelined(port, calls):
    """Sends all at once, on one connection; the statuses of the answers in their order."""
    with socket.create_connection(("127.0.0.1", port), 60) as line:
        threading.Thread(target=line.sendall, args=(b"".join(calls),), daemon=True).start()
        reader, statuses = line.makefile("rb"), []
        for _ in calls:
            statuses.append(int(reader.readline().split()[1]))
            length = 0
            while (head := reader.readline().strip()):
                if head.lower().startswith(b"content-length:"):
                    length = int(head.split(b":")[1])
            reader.read(length)
    return statuses


class ServerOfAccounts(Cloud):
    """A cloud on a server of its own, which goes when it is closed."""

    def __init__(self, folder, *arguments):
        super().__init__(Server(folder).start(*arguments))

    def close(self):
        if self.server.process is not None:
            self.server.stop()
