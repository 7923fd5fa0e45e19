#!/usr/bin/env python3
"""Times TPC-H against DuckDB in one run on the same cores: 2 slices against 2 threads, data in each engine's own storage.

    compare.py --program .build/release/blueshift --data-dir DIR [--scale 1] [--queries 1,3,…] [--rounds 5]
               [--lineitem-sortkey l_orderkey] [--orders-sortkey o_orderkey]

One warm-up and then `rounds` rounds, the engines in turn, medians; answers are compared. Prints a Markdown table, and
the most memory that each process had resident while it ran the queries (the load is another process's). A directory
keeps the sort keys that it was loaded with: take one for each layout.
"""
import argparse, math, pathlib, statistics, sys, time
from engines import (Blueshift, DuckDB, add_layout_options, difference, load_duckdb, peak_megabytes, query,
                     schema_statements)
from prepare import TABLES, prepare


def opened(given, directory, bucket):
    """Both engines on loaded data, in processes that have not loaded it."""
    peer = DuckDB(directory / "peer.duckdb", 2)
    load_duckdb(peer, bucket)
    peer.close()
    engine = Blueshift(given.program, directory, given.nodes, given.slices)
    if engine.ask("select count(*) from pg_table_def where tablename = 'lineitem'")[0][1:] == [["0"]]:
        for statement in schema_statements(given.lineitem_sortkey, given.orders_sortkey):
            engine.ask(statement)
        for table in TABLES:
            start = time.perf_counter()
            engine.copy(table)
            print(f"copy {table}: {time.perf_counter() - start:.2f} s", file=sys.stderr)
    found = engine.ask("select \"column\" from pg_table_def where tablename = 'lineitem' and sortkey = 1")[0][1:]
    if found != [[given.lineitem_sortkey]]:
        sys.exit(f"{directory} was loaded with lineitem sorted by {found}, not {given.lineitem_sortkey}")
    engine.close()
    return Blueshift(given.program, directory, given.nodes, given.slices), DuckDB(directory / "peer.duckdb", 2)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--program", required=True)
    arguments.add_argument("--data-dir", required=True)
    arguments.add_argument("--scale", default="1")
    arguments.add_argument("--queries", default="1,3,5,6,10,12,14,19")
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--nodes", default="1")
    arguments.add_argument("--slices", default="2")
    add_layout_options(arguments)
    given = arguments.parse_args()
    directory = pathlib.Path(given.data_dir)
    directory.mkdir(parents=True, exist_ok=True)
    bucket = prepare(given.scale, directory)
    engine, peer = opened(given, directory, bucket)
    print("| query | Blueshift ms | DuckDB ms | ratio |\n|---|---|---|---|")
    ratios, wrong = [], 0
    for number in [int(text) for text in given.queries.split(",")]:
        text, ours, theirs = query(number), [], []
        for counted in range(given.rounds + 1):
            answer, ms = engine.ask(text)
            expected, peer_ms = peer.ask(text)
            if counted:
                ours.append(ms)
                theirs.append(peer_ms)
        problem = difference(answer[1:], expected)
        wrong += problem is not None
        a, b = statistics.median(ours), statistics.median(theirs)
        ratios.append(a / b)
        print(f"| Q{number} | {a:.1f} | {b:.1f} | {a / b:.2f} |{'' if problem is None else ' WRONG: ' + problem}", flush=True)
    print(f"\ngeometric mean of the ratios: {math.exp(statistics.fmean(map(math.log, ratios))):.2f}; wrong answers: {wrong}")
    ours, theirs = peak_megabytes(engine.process), peak_megabytes(peer.process)
    if ours and theirs:
        print(f"peak resident memory: Blueshift {ours:.0f} MB, DuckDB {theirs:.0f} MB, ratio {ours / theirs:.2f}")
    engine.close()
    peer.close()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
