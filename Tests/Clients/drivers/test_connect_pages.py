"""The connect pages of psql and the PostgreSQL drivers."""

import pytest
from pages import check_page


@pytest.mark.parametrize("page", ["psql.md", "psycopg.md", "psycopg2.md", "pg8000.md", "asyncpg.md"])
def test_page(server, page):
    check_page(page, server)
