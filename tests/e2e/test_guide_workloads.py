"""The pages about services, workloads and the confused deputy, command by command."""
import pytest

from deputy import Server
from story import AWS, Reader

pytestmark = pytest.mark.skipif(AWS is None, reason="no AWS CLI: run scripts/install-deps demo")

PAGES = [  # the accounts that the page makes, and how many of its blocks at least are commands
    ("services.md", {"account-a": "111111111111"}, 11),
    ("workloads.md", {"account-a": "111111111111", "account-b": "222222222222"}, 10),
    ("confused-deputy.md", {"account-a": "111111111111", "vendor": "333333333333", "mallory": "444444444444"}, 12),
]


@pytest.mark.parametrize("page, accounts, at_least", PAGES, ids=[page for page, _, _ in PAGES])
def test_the_page_runs_as_printed(tmp_path, page, accounts, at_least):
    server = Server(tmp_path).start()
    try:
        for profile, account in accounts.items():
            server.create_account(account, profile, profile)
        assert Reader(server).read(page) >= at_least
    finally:
        server.stop()
