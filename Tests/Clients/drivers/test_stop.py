"""A stop with clients that merely keep their connections open, in the clear and encrypted."""

import time

import psycopg
import pytest
from server import DATABASE, Server


@pytest.mark.parametrize("mode", ["disable", "require"])
def test_idle_connections_do_not_hold_a_stop_up(mode):
    server = Server("--grace", 20).start()
    # They do not read, and so do not answer the server's goodbye.
    idle = [psycopg.connect(**server.parameters(dbname=DATABASE, sslmode=mode)) for _ in range(3)]
    begin = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - begin < 4, "TLS waits five seconds for the other side's goodbye, by itself"
    with pytest.raises(psycopg.OperationalError, match="terminating connection due to administrator command"):
        idle[0].execute("select 1")
