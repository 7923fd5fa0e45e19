#!/usr/bin/env python3
"""Times TPC-H against DuckDB in one run on the same cores: 2 slices against 2 threads, data in each engine's own storage.

    compare.py --program .build/release/blueshift --data-dir DIR [--scale 1] [--queries 1,3,…] [--rounds 5]

One warm-up and then `rounds` rounds, the engines in turn, medians; answers are compared. Prints a Markdown table.
"""
import argparse, math, pathlib, statistics, sys, time
from engines import Blueshift, DuckDB, difference, load_duckdb, query, schema_statements
from prepare import TABLES, prepare


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--program", required=True)
    arguments.add_argument("--data-dir", required=True)
    arguments.add_argument("--scale", default="1")
    arguments.add_argument("--queries", default="1,3,5,6,10,12,14,19")
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--nodes", default="1")
    arguments.add_argument("--slices", default="2")
    given = arguments.parse_args()
    directory = pathlib.Path(given.data_dir)
    directory.mkdir(parents=True, exist_ok=True)
    bucket = prepare(given.scale, directory)
    peer = DuckDB(directory / "peer.duckdb", 2)
    load_duckdb(peer, bucket)
    engine = Blueshift(given.program, directory, given.nodes, given.slices)
    if engine.ask("select count(*) from pg_table_def where tablename = 'lineitem'")[0][1:] == [["0"]]:
        for statement in schema_statements():
            engine.ask(statement)
        for table in TABLES:
            start = time.perf_counter()
            engine.copy(table)
            print(f"copy {table}: {time.perf_counter() - start:.2f} s", file=sys.stderr)
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
    engine.close()
    peer.close()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
