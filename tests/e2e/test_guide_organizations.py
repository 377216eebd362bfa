"""docs/guides/organizations.md, command by command."""
import pytest

from deputy import Server
from story import AWS, Reader


@pytest.mark.skipif(AWS is None, reason="no AWS CLI: run scripts/install-deps demo")
def test_the_page_runs_as_printed(tmp_path):
    server = Server(tmp_path).start()
    try:
        server.create_account("111111111111", "Management", "management")
        server.create_account("222222222222", "Member", "member")
        assert Reader(server).read("organizations.md") >= 17
    finally:
        server.stop()
