"""Times that nothing can be kept with: a stranger's document, and the operator's movable clock."""
import contextlib
import time

from .figures import attack, holds, shown
from .server import A, B
from .xml import provider_metadata

TIMES = ["1960-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]


def survives(server, keys):
    """Whether it lives, and starts again with what it wrote."""
    time.sleep(0.3)
    yield holds("the server lives", server.alive(), "" if server.alive() else server.last_words())
    with contextlib.suppress(OSError):
        server.stop()
    try:
        server.start()
        works = server.ask(keys, "iam", "ListUsers").status == 200
    except RuntimeError as fault:
        return (yield holds("… starts again", False, str(fault)))
    yield holds("… starts again", works)


def code_of(server, *call, **parameters):
    with contextlib.suppress(OSError, ValueError, IndexError):
        answer = server.ask(*call, timeout=10, **parameters)
        return answer.code
    return "no answer"


@attack("valid-until", "SAML metadata that is valid until 1960", 120)
def valid_until(field):
    with field.server() as server:
        keys = server.account(A)
        for i, until in enumerate(TIMES):
            text = provider_metadata(valid_until=until, inside=f"<!--{'x' * 1000}-->")
            said = code_of(server, keys, "iam", "CreateSAMLProvider", Name=f"idp{i}", SAMLMetadataDocument=text)
            yield shown(f"answer to {until}", said)
            time.sleep(0.3)  # it may be about to end
            if not server.alive():
                break
        yield from survives(server, keys)


def moved(field, year, name):
    with field.server("--movable-clock", name=name) as server:
        keys = server.account(A)
        server.must(keys, "iam", "CreateUser", UserName="before")
        seconds = round((year - time.gmtime().tm_year) * 365.2425 * 86400)
        said = server.operate("MoveClock", Seconds=seconds)
        status = said.split(b" ", 2)[1].decode() if said else "no answer"
        yield shown(f"the clock moved to {year}", status)
        made = server.run("account", "create", B, "--name", "late")  # a signature would be of another time
        yield shown(f"a write in {year}", "done" if made.returncode == 0 else "refused", detail=made.stderr.decode().strip()[:120])
        for figure in survives(server, keys):
            figure.what += f", {year}"
            yield figure


@attack("clock", "the movable clock, then a write", 120)
def clock(field):
    for year in (1960, 1968, 10000):
        yield from moved(field, year, f"in{year}")
