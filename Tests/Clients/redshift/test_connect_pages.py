"""The connect pages of Redshift's own driver, and of what stands on it."""

import pytest
from pages import PAGES, check_page


@pytest.mark.parametrize("page", ["redshift_connector.md", "sqlalchemy.md", "pandas.md"])
def test_page(server, page):
    check_page(page, server)


def test_dbt_page_has_the_profile_that_the_dbt_tests_use():
    text = (PAGES / "dbt.md").read_text()
    profile = (PAGES.parents[1] / "Tests/Clients/redshift/dbt_project/profiles.yml").read_text()
    for line in profile.splitlines():
        if "env_var" not in line:
            assert line in text, line
