"""The connect pages of the consoles."""

import pytest
from pages import check_page


@pytest.mark.parametrize("page", ["pgcli.md", "harlequin.md"])
def test_page(server, page):
    check_page(page, server)
