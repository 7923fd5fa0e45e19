#!/usr/bin/env python3
"""SELECT * of 60 million rows by readers of several speeds: what the server holds of the result meanwhile.

    streaming.py --program .build/release/blueshift [--rows 60000000] [--rate 60] [--pause 20] [--limit 96]

The table is a cross join of a small one, in a temporary data directory. Readers, one after the other: a bare socket that
reads as fast as it can; one that stops for `--pause` seconds with the answer begun; one that takes `--rate` MB/s; psycopg's
`stream`, which counts and adds up what it gets; and one that goes away in the middle. Each time the server's resident
memory is sampled; it must not grow by more than `--limit` MB over what it was before the statement, every reader must get
the same bytes, and psycopg the right rows. Exit status 1 otherwise.
"""
import argparse, pathlib, socket, struct, sys, tempfile, threading, time

import psycopg
from servers import DATABASE, USER, Blueshift, status

STATEMENT = "select * from big"


class Memory:
    """Samples the server's resident memory ten times a second while it is entered."""

    def __init__(self, process):
        self.process = process

    def __enter__(self):
        self.before = self.most = status(self.process, "VmRSS")
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.watch)
        self.thread.start()
        self.begin = time.monotonic()
        return self

    def watch(self):
        while not self.ended.wait(0.1):
            self.most = max(self.most, status(self.process, "VmRSS"))

    def __exit__(self, *_):
        self.seconds = time.monotonic() - self.begin
        self.ended.set()
        self.thread.join()

    @property
    def grown(self):
        return (self.most - self.before) / 1024


def begun(server):
    """A socket that has logged in (auth trust) and has sent the statement."""
    connection = socket.create_connection(("127.0.0.1", server.port))
    fields = b"".join(part.encode() + b"\0" for part in ["user", USER, "database", DATABASE]) + b"\0"
    connection.sendall(struct.pack("!II", len(fields) + 8, 196608) + fields)
    answer = b""
    while not answer.endswith(b"Z\0\0\0\5I"):
        part = connection.recv(65536)
        assert part, "the server closed the connection"
        answer += part
    text = STATEMENT.encode() + b"\0"
    connection.sendall(b"Q" + struct.pack("!I", len(text) + 4) + text)
    return connection


def read(server, pause=0, rate=None, most=None):
    """The bytes of the answer. `pause`: seconds after the first megabytes; `rate`: bytes a second; `most`: leaves then."""
    buffer, total, tail = bytearray(1 << 20), 0, b""
    with begun(server) as connection:
        begin = time.monotonic()
        while not tail.endswith(b"Z\0\0\0\5I"):
            count = connection.recv_into(buffer)
            assert count, "the server closed the connection"
            tail = (tail + buffer[max(0, count - 6):count])[-6:]
            total += count
            if pause and total > 1 << 22:
                time.sleep(pause)
                pause = 0
            if rate and (ahead := total / rate - (time.monotonic() - begin)) > 0:
                time.sleep(ahead)
            if most and total > most:
                break
    return total


def stream(server, rows):
    """psycopg, row by row: their number and the sum of the first column must be right."""
    count = total = 0
    with psycopg.connect(**server.parameters(dbname=DATABASE), autocommit=True) as connection:
        for row in connection.cursor(binary=True).stream(STATEMENT):
            count += 1
            total += row[0]
    assert count == rows, f"{count} rows"
    assert total == rows * (rows + 1) // 2, f"the sum is {total}"


def load(server, rows):
    side = int(rows ** 0.5) + 1
    with psycopg.connect(**server.parameters(dbname=DATABASE), autocommit=True) as connection:
        connection.execute("create table small (n bigint)")
        connection.execute("insert into small values (0)")
        count = 1
        while count < side:
            connection.execute(f"insert into small select n + {count} from small where n + {count} < {side}")
            count = min(count * 2, side)
        connection.execute("create table big (id bigint, part int, price decimal(10, 2), note varchar(20)) diststyle even")
        connection.execute(
            f"insert into big select a.n * {side} + b.n + 1, b.n::int, (a.n + b.n)::decimal(10, 2) / 4, "
            f"'note ' || (b.n % 1000)::varchar(10) from small a cross join small b where a.n * {side} + b.n < {rows}")
        found = connection.execute("select count(*) from big").fetchone()[0]
        assert found == rows, f"the table has {found} rows"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, required=True)
    parser.add_argument("--rows", type=int, default=60_000_000)
    parser.add_argument("--rate", type=float, default=60, help="MB/s of the slow reader")
    parser.add_argument("--pause", type=float, default=20, help="seconds that a reader stops")
    parser.add_argument("--limit", type=float, default=96, help="MB that the server may grow by")
    options = parser.parse_args()
    failed, sizes = [], set()
    with tempfile.TemporaryDirectory(prefix="streaming-") as place:
        with Blueshift(options.program.resolve(), data_dir=place, nodes=2, slices=2, auth="trust") as server:
            load(server, options.rows)
            read(server)  # The blocks are in the cache from here on, and count to what was before.
            readers = [
                ("as fast as it can", lambda: read(server)),
                (f"stops for {options.pause:g} s", lambda: read(server, pause=options.pause)),
                (f"{options.rate:g} MB/s", lambda: read(server, rate=options.rate * 1e6)),
                ("psycopg, row by row", lambda: stream(server, options.rows)),
                ("goes away in the middle", lambda: read(server, most=1 << 28) and None),
            ]
            for name, reader in readers:
                with Memory(server.process) as memory:
                    size = reader()
                if size:
                    sizes.add(size)
                print(f"{name:24} {memory.seconds:7.1f} s  {memory.before / 1024:6.0f} MB before, "
                      f"{memory.grown:5.1f} MB more at most" + (f", {size / 1e6:.0f} MB read" if size else ""), flush=True)
                if memory.grown > options.limit:
                    failed.append(f"{name}: memory grew by {memory.grown:.0f} MB")
            with psycopg.connect(**server.parameters(dbname=DATABASE), autocommit=True) as connection:
                assert connection.execute("select 1").fetchone() == (1,)
    if len(sizes) != 1:
        failed.append(f"readers got different answers: {sorted(sizes)} bytes")
    print("; ".join(failed) or "flat")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
