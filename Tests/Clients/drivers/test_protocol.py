"""Bare sockets: what no driver sends. An error or a closed connection, and nobody else is disturbed."""

import os
import random
import socket
import struct
import time

import psycopg
import pytest
from server import DATABASE, USER, Server


def message(kind, body=b""):
    return kind + struct.pack("!i", len(body) + 4) + body


def startup(**parameters):
    body = struct.pack("!i", 196608)
    for name, value in {"user": USER, "database": DATABASE, **parameters}.items():
        body += name.encode() + b"\0" + value.encode() + b"\0"
    body += b"\0"
    return struct.pack("!i", len(body) + 4) + body


def receive(connection, seconds=5):
    """All that comes until the other side closes, or is quiet."""
    connection.settimeout(seconds)
    got = b""
    try:
        while chunk := connection.recv(65536):
            got += chunk
    except (TimeoutError, ConnectionResetError):
        pass
    return got


def read_messages(connection, until):
    connection.settimeout(20)
    buffer, found = b"", []
    while True:
        while len(buffer) >= 5 and len(buffer) >= 1 + (size := struct.unpack("!i", buffer[1:5])[0]):
            found.append((buffer[:1], buffer[5:1 + size]))
            buffer = buffer[1 + size:]
            if found[-1][0] == until:
                return found
        chunk = connection.recv(65536)
        assert chunk, f"closed after {[kind for kind, _ in found]}"
        buffer += chunk


def fields(body):
    return {part[:1].decode(): part[1:].decode() for part in body.split(b"\0") if part}


@pytest.fixture(scope="module")
def trusting():
    """A server without passwords, so that a socket gets past the startup."""
    with Server(auth="trust") as started:
        yield started
        assert started.alive


@pytest.fixture
def raw(trusting):
    connection = socket.create_connection(("127.0.0.1", trusting.port))
    connection.sendall(startup())
    read_messages(connection, b"Z")
    yield connection
    connection.close()
    check(trusting)


def check(server):
    """The server still answers others."""
    with psycopg.connect(**server.parameters(dbname=DATABASE), autocommit=True) as other:
        assert other.execute("select 1").fetchone() == (1,)


def query(connection, text):
    connection.sendall(message(b"Q", text.encode() + b"\0"))
    return read_messages(connection, b"Z")


def test_simple_query(raw):
    found = query(raw, "select 1 as a; select 'x'")
    assert [kind for kind, _ in found] == [b"T", b"D", b"C", b"T", b"D", b"C", b"Z"]
    assert found[2][1] == b"SELECT\0"
    assert found[-1][1] == b"I"


def test_empty_query(raw):
    assert [kind for kind, _ in query(raw, "")] == [b"I", b"Z"]
    assert [kind for kind, _ in query(raw, " ; -- nothing\n;")] == [b"I", b"Z"]


def test_transaction_status(raw):
    assert query(raw, "begin")[-1][1] == b"T"
    assert query(raw, "select nothing")[-1][1] == b"E"
    found = query(raw, "select 1")
    assert fields(found[0][1])["C"] == "25P02" and found[-1][1] == b"E"
    assert query(raw, "rollback")[-1][1] == b"I"


def test_skips_to_sync_after_an_error(raw):
    parse = message(b"P", b"\0select nothing\0\0\0")
    bind = message(b"B", b"\0\0\0\0\0\0\0\0")
    execute = message(b"E", b"\0\0\0\0\0")
    raw.sendall(parse + bind + execute + bind + execute + message(b"S"))
    assert [kind for kind, _ in read_messages(raw, b"Z")] == [b"E", b"Z"]
    assert query(raw, "select 1")[1][1] == b"\0\1\0\0\0\x011"


def test_row_limit(raw):
    parse = message(b"P", b"s\0select * from generate_series(1, 5)\0\0\0")
    bind = message(b"B", b"p\0s\0\0\0\0\0\0\0")
    execute = message(b"E", b"p\0" + struct.pack("!i", 2))
    raw.sendall(message(b"Q", b"begin\0"))
    read_messages(raw, b"Z")
    raw.sendall(parse + bind + execute + execute + execute + message(b"S"))
    kinds = b"".join(kind for kind, _ in read_messages(raw, b"Z"))
    assert kinds == b"12DDsDDsDCZ"
    raw.sendall(message(b"Q", b"commit\0"))
    read_messages(raw, b"Z")


def test_a_portal_outlives_a_simple_query(raw):
    """As in PostgreSQL: a simple query ends the unnamed portal only."""
    query(raw, "begin")
    parse = message(b"P", b"alive\0select * from generate_series(1, 5)\0\0\0")
    bind = message(b"B", b"alive\0alive\0\0\0\0\0\0\0")
    execute = message(b"E", b"alive\0" + struct.pack("!i", 2))
    raw.sendall(parse + bind + execute + message(b"S"))
    assert b"".join(kind for kind, _ in read_messages(raw, b"Z")) == b"12DDsZ"
    assert query(raw, "select 1")[1][1] == b"\0\1\0\0\0\x011"
    raw.sendall(execute + message(b"S"))
    assert b"".join(kind for kind, _ in read_messages(raw, b"Z")) == b"DDsZ"
    query(raw, "commit")
    raw.sendall(execute + message(b"S"))
    found = read_messages(raw, b"Z")
    assert fields(found[0][1])["C"] == "34000" and found[-1][1] == b"I"


def test_discard_all_drops_prepared_statements(raw):
    raw.sendall(message(b"P", b"gone\0select 1\0\0\0") + message(b"S"))
    read_messages(raw, b"Z")
    query(raw, "discard all")
    raw.sendall(message(b"D", b"Sgone\0") + message(b"S"))
    assert fields(read_messages(raw, b"Z")[0][1])["C"] == "26000"


def test_pipelines_share_the_loop(raw, trusting):
    """Thousands of short queries at once: all answered, and another client is, too."""
    raw.sendall(message(b"Q", b"select 77\0") * 2000)
    check(trusting)
    raw.settimeout(20)
    got = b""
    while got.count(b"SELECT\0Z\0\0\0\x05I") < 2000:
        chunk = raw.recv(65536)
        assert chunk
        got += chunk


def test_describe_before_execute(raw):
    raw.sendall(message(b"P", b"d\0select $1::int + $2 as n\0\0\0") + message(b"D", b"Sd\0") + message(b"S"))
    found = read_messages(raw, b"Z")
    assert [kind for kind, _ in found] == [b"1", b"t", b"T", b"Z"]
    assert found[1][1][:6] == struct.pack("!hi", 2, 23)


def test_copy_messages_are_refused(raw):
    raw.sendall(message(b"d", b"1\n") + message(b"c") + message(b"Q", b"select 1\0"))
    assert read_messages(raw, b"Z")[-1][1] == b"I"


@pytest.mark.parametrize("body, state", [
    (message(b"Q", b"select 1"), "08P01"),  # not ended by a zero byte
    (message(b"B", b"\0nowhere\0\0\0\0\0\0\0") + message(b"S"), "26000"),
    (message(b"E", b"nowhere\0\0\0\0\0") + message(b"S"), "34000"),
    (message(b"D", b"Xa\0") + message(b"S"), "08P01"),
    (message(b"B", b"\0") + message(b"S"), "08P01"),
    (message(b"P", b"\0select 1\0\x7f\xff") + message(b"S"), "08P01"),
    (message(b"F", b"\0\0\0\0\0\0\0\0\0\0") + message(b"S"), "0A000"),
    (message(b"Q", b"select '\xff\xfe'\0"), "22021"),
], ids=["no end", "no statement", "no portal", "describe", "short bind", "short parse", "function call", "not UTF-8"])
def test_bad_messages(raw, body, state):
    raw.sendall(body)
    got = receive(raw, 1)
    assert got[:1] == b"E"
    size = struct.unpack("!i", got[1:5])[0]
    assert fields(got[5:1 + size])["C"] == state


@pytest.mark.parametrize("data", [
    b"\0\0\0\0", b"\0\0\0\x03", b"\x7f\xff\xff\xff", b"\xff\xff\xff\xff", b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\0\x01\0",
    struct.pack("!ii", 8, 12345), struct.pack("!ii", 9, 196608) + b"x", struct.pack("!ii", 8, 131072),
    struct.pack("!iiii", 16, 80877102, 1, 1),
], ids=repr)
def test_bad_startup(trusting, data):
    with socket.create_connection(("127.0.0.1", trusting.port)) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        got = receive(connection)
        assert got[:1] in (b"", b"E")
    check(trusting)


@pytest.mark.parametrize("length", [0, 3, -1, 2**31 - 1])
def test_bad_length(raw, length):
    raw.sendall(b"Q" + struct.pack("!i", length) + b"x" * 100)
    got = receive(raw)
    assert got[:1] in (b"", b"E")


def test_random_bytes(trusting):
    random_bytes = random.Random(5439)
    for _ in range(200):
        with socket.create_connection(("127.0.0.1", trusting.port)) as connection:
            if random_bytes.random() < 0.7:
                connection.sendall(startup())
                read_messages(connection, b"Z")
            try:
                for _ in range(5):
                    kind = random_bytes.choice(b"QPBDECSHFXdcfp")
                    body = random_bytes.randbytes(random_bytes.randrange(200))
                    connection.sendall(message(bytes([kind]), body))
            except (BrokenPipeError, ConnectionResetError):
                pass
    check(trusting)


def test_half_open_and_slow_clients(trusting):
    """Fifty that say nothing, and one that sends a byte at a time, while others work."""
    silent = [socket.create_connection(("127.0.0.1", trusting.port)) for _ in range(50)]
    slow = socket.create_connection(("127.0.0.1", trusting.port))
    for byte in startup() + message(b"Q", b"select 1\0"):
        slow.sendall(bytes([byte]))
        time.sleep(0.005)
    check(trusting)
    assert b"SELECT" in receive(slow, 2)
    for connection in [*silent, slow]:
        connection.close()
    check(trusting)


def test_client_goes_away_in_the_middle_of_rows(trusting):
    for _ in range(20):
        connection = socket.create_connection(("127.0.0.1", trusting.port))
        connection.sendall(startup() + message(b"Q", b"select * from generate_series(1, 10000000)\0"))
        connection.recv(10000)
        connection.close()
    check(trusting)
    deadline = time.monotonic() + 20
    with psycopg.connect(**trusting.parameters(dbname=DATABASE), autocommit=True) as other:
        while (count := other.execute("select count(*) from stv_sessions").fetchone()[0]) > 1:
            assert time.monotonic() < deadline, f"{count} sessions are still there"
            time.sleep(0.2)


def test_rows_wait_for_a_reader(trusting):
    """Ten million rows for a client that does not read: the server's memory stays where it was."""
    def resident():
        with open(f"/proc/{trusting.process.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) // 1024

    before = resident()
    with socket.create_connection(("127.0.0.1", trusting.port)) as connection:
        connection.sendall(startup() + message(b"Q", b"select *, repeat('x', 200) from generate_series(1, 10000000)\0"))
        time.sleep(5)
        assert resident() - before < 200, f"{before} MB before, {resident()} MB now"
    check(trusting)


HOSTILE = {
    "deep parentheses": ("select " + "(" * 10000 + "1" + ")" * 10000, "54001"),
    "a list of 100,000 items": ("select 1 where 1 in (" + ",".join(map(str, range(2, 100002))) + ")", None),
    "an identifier of 1 MB": ("select 1 as " + "x" * 2**20, None),
    "a literal of 1 MB": ("select length('" + "x" * 2**20 + "')", None),
    "10,000 terms": ("select 1" + " + 1" * 10000, None),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_statements(raw, name):
    text, state = HOSTILE[name]
    found = query(raw, text)
    errors = [fields(body)["C"] for kind, body in found if kind == b"E"]
    if state:
        assert errors == [state]
    assert query(raw, "select 1")[-1] == (b"Z", b"I")


def test_too_many_connections():
    with Server("--max-connections", 5, auth="trust") as server:
        open_ones = [psycopg.connect(**server.parameters(dbname=DATABASE)) for _ in range(5)]
        with pytest.raises(psycopg.OperationalError, match="too many|connection limit"):
            psycopg.connect(**server.parameters(dbname=DATABASE))
        open_ones.pop().close()
        time.sleep(0.5)
        psycopg.connect(**server.parameters(dbname=DATABASE)).close()
        for connection in open_ones:
            connection.close()


def test_a_users_connection_limit():
    with Server() as server:
        with psycopg.connect(**server.parameters(dbname=DATABASE), autocommit=True) as admin:
            admin.execute("create user lim password 'Secret12' connection limit 1")
        parameters = {**server.parameters(dbname=DATABASE), "user": "lim", "password": "Secret12"}
        with psycopg.connect(**parameters):
            with pytest.raises(psycopg.OperationalError, match="too many connections"):
                psycopg.connect(**parameters)
            with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
                psycopg.connect(**{**parameters, "password": "Wrong123"})


def test_long_messages_before_the_login():
    with Server() as server, socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(startup())
        read_messages(connection, b"R")
        connection.sendall(b"Q" + struct.pack("!i", 16 << 20))
        assert b"08P01" in receive(connection)


def test_five_hundred_idle_connections(trusting):
    idle = [psycopg.connect(**trusting.parameters(dbname=DATABASE), autocommit=True) for _ in range(450)]
    check(trusting)
    assert idle[-1].execute("select 5").fetchone() == (5,)
    for connection in idle:
        connection.close()


def test_graceful_stop():
    server = Server().start()
    busy = psycopg.connect(**server.parameters(dbname=DATABASE), autocommit=True)
    busy.execute("create table kept (a int)")
    idle = psycopg.connect(**server.parameters(dbname=DATABASE), autocommit=True)
    idle.execute("select 1")
    assert server.stop() == 0
    with pytest.raises(psycopg.OperationalError):
        idle.execute("select 1")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(**server.parameters(dbname=DATABASE))


def test_restart_keeps_what_was_committed(tmp_path):
    with Server(data_dir=tmp_path) as server, psycopg.connect(**server.parameters(dbname=DATABASE), autocommit=True) as c:
        c.execute("create table kept (a int) distkey (a)")
        c.execute("insert into kept values (1), (2), (3)")
    server = Server(data_dir=tmp_path).start()
    with psycopg.connect(**server.parameters(dbname=DATABASE), autocommit=True) as c:
        c.execute("insert into kept values (4)")
    server.kill()
    with Server(data_dir=tmp_path) as server, psycopg.connect(**server.parameters(dbname=DATABASE)) as c:
        assert c.execute("select sum(a) from kept").fetchone() == (10,)


@pytest.mark.parametrize("auth", ["md5", "scram-sha-256"])
def test_authentication(auth):
    with Server(auth=auth) as server:
        psycopg.connect(**server.parameters(dbname=DATABASE)).close()
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(**server.parameters(dbname=DATABASE, password="wrong"))
        with pytest.raises(psycopg.OperationalError, match="authentication failed"):
            psycopg.connect(**server.parameters(dbname=DATABASE, user="nobody"))


def test_no_password_beyond_loopback():
    server = Server(auth="trust")
    server.command[server.command.index("--host") + 1] = "0.0.0.0"
    with pytest.raises(RuntimeError):
        server.start()


def test_users_of_their_own(server):
    with psycopg.connect(**server.parameters(dbname=DATABASE), autocommit=True) as admin:
        admin.execute("create user reader password 'Reader123'")
        admin.execute("create table secret (a int)")
        admin.execute("insert into secret values (1)")
        with psycopg.connect(
                **server.parameters(dbname=DATABASE, user="reader", password="Reader123"), autocommit=True) as reader:
            assert reader.execute("select current_user").fetchone() == ("reader",)
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                reader.execute("select * from secret")
            admin.execute("grant select on secret to reader")
            assert reader.execute("select * from secret").fetchone() == (1,)
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                reader.execute("create user other password 'Other1234'")
        admin.execute("drop table secret")
        admin.execute("drop user reader")


def test_environment_is_not_shown(server):
    """The password comes by an environment variable: it must not stand in the process list."""
    with open(f"/proc/{server.process.pid}/cmdline", "rb") as file:
        assert os.environb.get(b"BLUESHIFT_PASSWORD", b"Sesame123") not in file.read()
