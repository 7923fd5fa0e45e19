#!/usr/bin/env python3
"""Times COPY of one TPC-H table against DuckDB's load of the same gzip files, in turn, on the same cores.

    load.py --program .build/release/blueshift --data-dir DIR [--scale 1] [--table lineitem] [--rounds 3]
            [--nodes 1] [--slices 2] [--peers hyper,chdb] [--inflate]

Both sides load into a fresh database of their own and leave it durable: Blueshift's COPY commits with everything synced
and has then distributed, sorted, encoded and analysed the rows; DuckDB's COPY is followed by CHECKPOINT, which syncs
its file (it neither sorts nor analyses further). Timed from the statement to its answer. CPU is what the process took in
user and system mode meanwhile: it tells more than the clock where others use the machine. Prints a Markdown table.

--peers: Hyper (tableauhyperapi) and chDB (chdb), if those packages are installed; else says so and goes on.
--inflate: how long zlib and libdeflate alone take for the files, one thread.
"""
import argparse, ctypes, ctypes.util, pathlib, shutil, statistics, subprocess, sys, time, zlib
from tpch import TPCH
from engines import Blueshift, DuckDB, cpu_milliseconds
from prepare import prepare


def cpu_seconds(process):
    return cpu_milliseconds(process) / 1000


def size(path):
    """Bytes that a file or the files of a directory take."""
    path = pathlib.Path(path)
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file() and not file.is_symlink()]
    return sum(file.stat().st_size for file in files)


def definition(table):
    return next(text for text in TPCH.schema_statements() if text.startswith(f"create table {table} "))


def plain(table):
    return dict(TPCH.plain_schema())[table]


def ours(given, scratch, bucket):
    home = scratch / "blueshift"
    shutil.rmtree(home, ignore_errors=True)
    (home / "s3").mkdir(parents=True)
    (home / "s3" / bucket.name).symlink_to(bucket)
    engine = Blueshift(given.program, home, given.nodes, given.slices)
    engine.ask(definition(given.table))
    before = cpu_seconds(engine.process)
    start = time.perf_counter()
    engine.copy(bucket.name, given.table)
    seconds = time.perf_counter() - start
    cpu = cpu_seconds(engine.process) - before
    rows = engine.ask(f"select count(*) from {given.table}")[0][1][0]
    engine.close()
    return seconds, cpu, size(home / "nodes"), rows


def duckdb(given, scratch, bucket):
    file = scratch / "peer.duckdb"
    file.unlink(missing_ok=True)
    peer = DuckDB(file, int(given.nodes) * int(given.slices))
    peer.ask(plain(given.table))
    before = cpu_seconds(peer.process)
    start = time.perf_counter()
    peer.ask(f"copy {given.table} from '{bucket}/{given.table}/*.gz' (delimiter '|', header false)")
    peer.ask("checkpoint")
    seconds = time.perf_counter() - start
    cpu = cpu_seconds(peer.process) - before
    rows = peer.ask(f"select count(*) from {given.table}")[0][0][0]
    peer.close()
    return seconds, cpu, size(file), rows


def in_child(program, *arguments):
    """Seconds, CPU seconds and rows that a program for the peer prints; None if its package is missing."""
    done = subprocess.run([sys.executable, "-c", program, *map(str, arguments)], capture_output=True, text=True)
    if "ModuleNotFoundError" in done.stderr:
        return None
    if done.returncode:
        sys.exit(done.stderr)
    seconds, cpu, rows = done.stdout.split()[-3:]
    return float(seconds), float(cpu), rows


HYPER = """
import sys, time, glob, gzip, os, resource
from tableauhyperapi import HyperProcess, Connection, CreateMode, Telemetry
file, table, create, files = sys.argv[1:5]
with HyperProcess(Telemetry.DO_NOT_SEND_USAGE_DATA_TO_TABLEAU) as process:
    with Connection(process.endpoint, file, CreateMode.CREATE_AND_REPLACE) as connection:
        connection.execute_command(create)
        start = time.perf_counter()
        names = ", ".join("'" + name + "'" for name in sorted(glob.glob(files)))
        rows = connection.execute_command(
            f"copy {table} from array[{names}] with (format csv, delimiter '|', compression gzip)")
    seconds = time.perf_counter() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(seconds, used.ru_utime + used.ru_stime, rows)
"""

CHDB = """
import sys, time, resource
from chdb import session
home, table, create, files = sys.argv[1:5]
engine = session.Session(home)
engine.query("create database tpch engine = Atomic")
engine.query(create)
start = time.perf_counter()
before = resource.getrusage(resource.RUSAGE_SELF)
engine.query(f"insert into tpch.{table} select * from file('{files}', 'CSV') settings format_csv_delimiter = '|', "
             "max_threads = 2, input_format_csv_allow_variable_number_of_columns = 1, fsync_metadata = 1")
seconds = time.perf_counter() - start
after = resource.getrusage(resource.RUSAGE_SELF)
rows = str(engine.query(f"select count(*) from tpch.{table}")).strip()
print(seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, rows)
"""


def hyper(given, scratch, bucket):
    file = scratch / "peer.hyper"
    file.unlink(missing_ok=True)
    found = in_child(HYPER, file, given.table, plain(given.table), f"{bucket}/{given.table}/*.gz")
    return found and (found[0], found[1], size(file), found[2])


def chdb(given, scratch, bucket):
    home = scratch / "chdb"
    shutil.rmtree(home, ignore_errors=True)
    create = plain(given.table).replace(f"create table {given.table}", f"create table tpch.{given.table}")
    create = create.replace("not null", "") + " engine = MergeTree order by " + SORT_KEYS.get(given.table, "tuple()")
    found = in_child(CHDB, home, given.table, create, f"{bucket}/{given.table}/*.gz")
    return found and (found[0], found[1], size(home), found[2])


SORT_KEYS = {"lineitem": "l_shipdate", "orders": "o_orderdate"}


def inflate(bucket, table):
    """One thread, all files, text thrown away."""
    files = [path.read_bytes() for path in sorted((bucket / table).glob("*.gz"))]
    start = time.perf_counter()
    total = sum(len(zlib.decompress(data, 31)) for data in files)
    print(f"\ninflate alone, one thread, {total / 1e6:.0f} MB of text: zlib {time.perf_counter() - start:.2f} s", end="")
    name = ctypes.util.find_library("deflate")
    if not name:
        return print("; libdeflate is not installed")
    library = ctypes.CDLL(name)
    library.libdeflate_alloc_decompressor.restype = ctypes.c_void_p
    decoder = ctypes.c_void_p(library.libdeflate_alloc_decompressor())
    start = time.perf_counter()
    for data in files:
        room = int.from_bytes(data[-4:], "little")
        text, used = ctypes.create_string_buffer(room), ctypes.c_size_t()
        status = library.libdeflate_gzip_decompress(
            decoder, data, ctypes.c_size_t(len(data)), text, ctypes.c_size_t(room), ctypes.byref(used))
        assert status == 0 and used.value == room, f"libdeflate gave {status}"
    print(f", libdeflate {time.perf_counter() - start:.2f} s")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--program", required=True)
    arguments.add_argument("--data-dir", required=True)
    arguments.add_argument("--scale", default="1")
    arguments.add_argument("--table", default="lineitem")
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--nodes", default="1")
    arguments.add_argument("--slices", default="2")
    arguments.add_argument("--peers", default="")
    arguments.add_argument("--inflate", action="store_true")
    given = arguments.parse_args()
    directory = pathlib.Path(given.data_dir).resolve()
    directory.mkdir(parents=True, exist_ok=True)
    bucket = prepare(given.scale, directory)
    scratch = directory / "load"
    scratch.mkdir(exist_ok=True)
    engines = {"Blueshift": ours, "DuckDB": duckdb}
    for name in filter(None, given.peers.split(",")):
        engines[name] = {"hyper": hyper, "chdb": chdb}[name]
    found = {name: [] for name in engines}
    for _ in range(given.rounds):
        for name, run in engines.items():
            result = run(given, scratch, bucket)
            if result is None:
                print(f"{name} is left out: its package is not installed", file=sys.stderr)
                continue
            found[name].append(result)
            print(f"{name}: {result[0]:.2f} s, CPU {result[1]:.2f} s", file=sys.stderr, flush=True)
    files = list((bucket / given.table).glob("*.gz"))
    print(f"{given.table}, scale {given.scale}: {len(files)} files, {sum(map(size, files)) / 1e6:.0f} MB of gzip\n")
    print("| engine | median s | best s | CPU s | MB on disk | rows | ratio (s) | ratio (CPU) |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    medians = {name: [statistics.median(r[column] for r in runs) for column in (0, 1)]
               for name, runs in found.items() if runs}
    for name, (seconds, cpu) in medians.items():
        runs = found[name]
        ratios = [medians["Blueshift"][i] / value for i, value in enumerate((seconds, cpu))]
        shown = "| |" if name == "Blueshift" else f"{ratios[0]:.2f} | {ratios[1]:.2f} |"
        print(f"| {name} | {seconds:.2f} | {min(r[0] for r in runs):.2f} | {cpu:.2f} | {runs[-1][2] / 1e6:.0f} | "
              f"{runs[-1][3]} | {shown}")
    counts = {run[3] for runs in found.values() for run in runs}
    if given.inflate:
        inflate(bucket, given.table)
    shutil.rmtree(scratch)
    return 0 if len(counts) == 1 else f"the engines loaded different numbers of rows: {counts}"


if __name__ == "__main__":
    sys.exit(main())
