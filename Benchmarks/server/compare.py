#!/usr/bin/env python3
"""Round trips, throughput and fetching, against PostgreSQL on the same machine in the same run.

    compare.py --program .build/release/blueshift [--rows 5000000] [--seconds 10] [--clients 64] [--only latency|throughput|fetch]

Needs psycopg 3 (with its C or binary part) and Debian's postgresql and postgresql-client (pgbench). The servers run in turn
with the client on the same cores; measurements alternate between them. Prints medians and the ratio ours / PostgreSQL's.

A round trip is mostly two wake-ups, and what these take depends on where the two ends run: on one core the next one goes on at
once, on two each wakes a core that may sleep. Left alone, the kernel decides, for each server in its own way. So round trips are
measured in three placements, like with like: both ends on one core, each on its own, and as the kernel likes it; then with the
share of round trips after which client and server's thread were found on one core.
"""
import argparse, ctypes, os, pathlib, re, statistics, subprocess, tempfile, time

import psycopg
from servers import DATABASE, PASSWORD, USER, Blueshift, PostgreSQL, busiest_thread, core_of, pin


def connect(server):
    """In the clear on both sides: a fresh PostgreSQL has no certificate, and libpq would take ours."""
    return psycopg.connect(**server.parameters(dbname=DATABASE, sslmode="disable"), autocommit=True)


def report(what, unit, ours, theirs):
    print(f"{what:<44} {ours:>12.3f} {theirs:>12.3f} {unit:<8} {ours / theirs:>7.2f}", flush=True)


# MARK: SELECT 1

def latency(servers, rounds=9, each=1000):
    cores = sorted(os.sched_getaffinity(0))
    placements = [("one core", cores[:1], cores[:1]), ("kernel's choice", cores, cores)]
    if len(cores) > 1:
        placements.insert(1, ("two cores", cores[:1], cores[1:2]))
    for placement, client_cores, server_cores in placements:
        for server in servers:
            pin(server, server_cores)
        os.sched_setaffinity(0, client_cores)
        for name, options in [("simple protocol", {"simple": True}), ("prepared", {"prepare": True}),
                              ("parsed each time", {"prepare": False})]:
            together = latency_of(servers, f"SELECT 1, {name}, {placement}", rounds, each, options)
            if placement == "kernel's choice":
                print("    on one core: " + ", ".join(f"{server} {share:.0%}" for server, share in together.items()))
    for server in servers:
        pin(server, cores)
    os.sched_setaffinity(0, cores)


def latency_of(servers, what, rounds, each, options):
    """The share of looks, between two round trips, at which client and server were on one core, by server."""
    times = {server.name: [] for server in servers}
    looks = {server.name: [] for server in servers}
    open_ones = {server.name: connect(server) for server in servers}
    for _ in range(rounds):
        for server in servers:
            connection = open_ones[server.name]
            thread = busiest_thread(server, lambda: round_trips(connection, 50, **options))
            for _ in range(20):
                times[server.name] += round_trips(connection, each // 20, **options)
                looks[server.name].append(core_of(thread) == ctypes.CDLL(None).sched_getcpu())
    report(what, "µs", *[statistics.median(times[server.name]) for server in servers])
    for connection in open_ones.values():
        connection.close()
    return {name: statistics.mean(found) for name, found in looks.items()}


def round_trips(connection, count, simple=False, prepare=None):
    """Microseconds of each."""
    found = []
    if simple:
        raw = connection.pgconn
        for _ in range(count):
            begin = time.perf_counter_ns()
            raw.exec_(b"SELECT 1")
            found.append((time.perf_counter_ns() - begin) / 1000)
        return found
    cursor = connection.cursor()
    for _ in range(count):
        begin = time.perf_counter_ns()
        cursor.execute("SELECT 1", prepare=prepare).fetchone()
        found.append((time.perf_counter_ns() - begin) / 1000)
    return found


# MARK: Many clients

def throughput(servers, clients, seconds):
    query = "select grp, count(*), sum(price) from small where grp < 5 group by grp order by grp;"
    for server in servers:
        with connect(server) as connection:
            connection.execute("create table small (id int, grp int, price decimal(8,2))")
            rows = ",".join(f"({n}, {n % 10}, {n}.25)" for n in range(1000))
            connection.execute(f"insert into small values {rows}")
            connection.execute("analyze small")
    found = {server.name: [] for server in servers}
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(query)
        script.flush()
        for mode in ["simple", "prepared"]:
            for _ in range(3):
                for server in servers:
                    run = subprocess.run(
                        ["pgbench", "-n", "-M", mode, "-f", script.name, "-c", str(clients), "-j", "2", "-T", str(seconds),
                         "-h", "127.0.0.1", "-p", str(server.port), "-U", USER, DATABASE],
                        env=dict(os.environ, PGPASSWORD=PASSWORD, PGSSLMODE="disable"), capture_output=True, text=True)
                    rate = re.search(r"tps = ([\d.]+)", run.stdout)
                    if not rate:
                        raise SystemExit(f"pgbench on {server.name}: {run.stdout}{run.stderr}")
                    found[server.name].append(float(rate.group(1)))
            report(f"{clients} clients, {mode} protocol", "1/s", *[statistics.median(found[s.name]) for s in servers])
            found = {server.name: [] for server in servers}


# MARK: Fetching

COLUMNS = "id, grp, big, price, ratio, name, day, at"


def fill(server, rows):
    """`rows` rows of eight columns: two integers, a bigint, a decimal, a double, a string, a date, a timestamp."""
    with connect(server) as connection:
        connection.execute("create table digit (n int)")
        connection.execute("insert into digit values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)")
        digits = len(str(rows - 1))
        number = " + ".join(f"d{place}.n * {10 ** place}" for place in range(digits))
        tables = ", ".join(f"digit d{place}" for place in range(digits))
        connection.execute(
            "create table wide as select id, id % 100 as grp, cast(id as bigint) * 1000003 as big,"
            " cast(id as decimal(12,2)) / 4 as price, cast(id as double precision) / 7 as ratio,"
            " cast('customer number ' || id as varchar(40)) as name, cast(date '2020-01-01' + id % 1000 as date) as day,"
            " timestamp '2024-01-01' + (id % 86400) * interval '1 second' as at"
            f" from (select {number} as id from {tables}) numbers where id < {rows}")
        assert connection.execute("select count(*) from wide").fetchone() == (rows,)


def fetch(servers, rows):
    for server in servers:
        fill(server, rows)
    for binary in [False, True]:
        times = {server.name: [] for server in servers}
        for _ in range(3):
            for server in servers:
                times[server.name].append(fetch_once(server, rows, binary))
        kind = "binary" if binary else "text"
        report(f"{rows:,} rows × 8, {kind}, libpq alone", "s", *[statistics.median(times[s.name]) for s in servers])
    for binary in [False, True]:
        times = {server.name: [] for server in servers}
        for server in servers:
            times[server.name].append(stream_once(server, binary))
        kind = "binary" if binary else "text"
        report(f"{rows:,} rows × 8, {kind}, psycopg stream", "s", *[statistics.median(times[s.name]) for s in servers])


def fetch_once(server, rows, binary):
    """Seconds until libpq has the whole result, without Python's objects."""
    with connect(server) as connection:
        begin = time.perf_counter()
        result = connection.pgconn.exec_params(f"select {COLUMNS} from wide".encode(), None, result_format=int(binary))
        taken = time.perf_counter() - begin
        assert result.ntuples == rows, result.error_message
        result.clear()
        return taken


def stream_once(server, binary):
    """Seconds until Python has had every row as objects, chunk by chunk."""
    with connect(server) as connection:
        begin = time.perf_counter()
        for _ in connection.cursor(binary=binary).stream(f"select {COLUMNS} from wide", size=1000):
            pass
        return time.perf_counter() - begin


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, required=True)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--only", choices=["latency", "throughput", "fetch"])
    options = parser.parse_args()
    with Blueshift(options.program.resolve()) as ours, PostgreSQL() as theirs:
        print(f"{'':<44} {'blueshift':>12} {'postgresql':>12} {'':<8} {'ratio':>7}")
        if options.only in (None, "latency"):
            latency([ours, theirs])
        if options.only in (None, "throughput"):
            throughput([ours, theirs], options.clients, options.seconds)
        if options.only in (None, "fetch"):
            fetch([ours, theirs], options.rows)


if __name__ == "__main__":
    main()
