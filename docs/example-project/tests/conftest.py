"""A Blueshift server for the tests of a run, on a free port, and a connection for each test."""

import os
import re
import subprocess
from pathlib import Path

import psycopg
import pytest

PROJECT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def blueshift():
    """The server's connection string. s3:// leads to the folder s3 of the project; nothing is kept."""
    program = os.environ.get("BLUESHIFT", "blueshift")
    server = subprocess.Popen(
        [program, "serve", "--port", "0", "--in-memory", "--auth", "trust", "--data-dir", str(PROJECT),
         "--nodes", "2", "--slices", "2"],
        stdout=subprocess.PIPE, text=True)
    try:
        ready = re.match(r"ready port=(\d+)", server.stdout.readline())
        assert ready, "the server did not come up"
        url = f"host=127.0.0.1 port={ready[1]} user=awsuser dbname=dev sslmode=disable"
        with psycopg.connect(url, autocommit=True) as setup:
            for script in ["schema.sql", "statistics.sql"]:
                # One by one: a text of several statements is one transaction, in which nothing can be vacuumed.
                for statement in (PROJECT / script).read_text().split(";\n"):
                    if statement.strip():
                        setup.execute(statement)
        yield url
    finally:
        server.terminate()
        server.wait(30)


@pytest.fixture
def warehouse(blueshift):
    """A connection whose changes are rolled back. A failed ASSERT is psycopg.errors.AssertFailure, with detail and hint."""
    with psycopg.connect(blueshift) as connection:
        yield connection
        connection.rollback()
