"""The pages of docs/guides, typed along from their first to their last line (story.py), with each AWS CLI (clis.py).

Not here: what takes a terminal (test_mfa.py).
"""
import pytest

import clis
from story import Reader

# How many blocks at least are commands, and what version of the AWS CLI knows them all.
PAGES = {
    "cross-account-role.md": (11, (2, 0)),
    "condition-keys.md": (70, (2, 0)),
    "mfa.md": (12, (2, 0)),
    "services.md": (14, (2, 0)),
    "workloads.md": (18, (2, 13)),  # before, an address of the metadata had to end with a slash
    "outbound-federation.md": (5, (2, 32)),
    "organizations.md": (20, (2, 22)),
    "guardrails.md": (31, (2, 0)),
    "bucket-across-accounts.md": (19, (2, 0)),
    "confused-deputy.md": (18, (2, 0)),
    "seeds.md": (14, (2, 0)),
    "coming-from.md": (9, (2, 0)),
    "oidc.md": (13, (2, 0)),
    "saml.md": (10, (2, 0)),
}
OF_ONE = {(2, 32): (1, 44), (2, 22): (1, 36), (2, 13): (1, 29), (2, 0): (1, 0)}  # the versions 1 of those days


@pytest.mark.parametrize("cli", clis.ALL)
@pytest.mark.parametrize("page", PAGES)
def test_the_page_runs_as_printed(tmp_path, page, cli):
    least, needed = PAGES[page]
    cli = clis.find(cli)
    if cli.version[:2] < (needed if cli.version[0] == 2 else OF_ONE[needed]):
        pytest.skip(f"{page} takes operations that AWS CLI {'.'.join(map(str, cli.version))} does not know")
    reader = Reader(tmp_path, cli)
    try:
        assert reader.read(f"docs/guides/{page}") >= least
    finally:
        reader.close()
