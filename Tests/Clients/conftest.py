"""One server for all tests of a run; each test that needs a server of its own starts it itself (`Server`)."""

import itertools
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from server import Server  # noqa: E402


@pytest.fixture(scope="session")
def server():
    started = Server().start()
    yield started
    assert started.alive, "the server went down during the tests"
    assert started.stop() == 0, "SIGTERM must end the server with status 0"


numbers = itertools.count(1)


@pytest.fixture
def schema(server):
    """A name that no other test uses; the test makes the schema itself, by its own client."""
    return f"t{next(numbers)}"
