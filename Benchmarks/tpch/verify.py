#!/usr/bin/env python3
"""Checks our answers to TPC-H against DuckDB's on several cluster shapes, the data loaded by COPY from gzip parts.

    verify.py --program .build/release/blueshift --data-dir DIR [--scale 0.1] [--shapes 1x1,2x2,4x8] [--queries 1,3,…]
              [--lineitem-sortkey l_orderkey] [--orders-sortkey o_orderkey]

Ends with the line `N passed, M failed`; exit status 1 if anything failed.
"""
import argparse, pathlib, sys
from engines import Blueshift, DuckDB, Failure, add_layout_options, difference, load_duckdb, query, schema_statements
from prepare import TABLES, prepare


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--program", required=True)
    arguments.add_argument("--data-dir", required=True)
    arguments.add_argument("--scale", default="0.1")
    arguments.add_argument("--shapes", default="1x1,2x2,4x8")
    arguments.add_argument("--queries", default=",".join(map(str, range(1, 23))))
    add_layout_options(arguments)
    given = arguments.parse_args()
    directory = pathlib.Path(given.data_dir)
    directory.mkdir(parents=True, exist_ok=True)
    bucket = prepare(given.scale, directory)
    peer = DuckDB(directory / "peer.duckdb", 2)
    load_duckdb(peer, bucket)
    numbers = [int(text) for text in given.queries.split(",")]
    expected = {number: peer.ask(query(number))[0] for number in numbers}
    peer.close()
    passed = failed = 0
    for shape in given.shapes.split(","):
        nodes, slices = shape.split("x")
        engine = Blueshift(given.program, directory, nodes, slices, in_memory=True)
        for statement in schema_statements(given.lineitem_sortkey, given.orders_sortkey):
            engine.ask(statement)
        for table in TABLES:
            engine.copy(table)
        for number in numbers:
            try:
                problem = difference(engine.ask(query(number))[0][1:], expected[number])
            except Failure as error:
                problem = str(error)
            print(f"{shape} Q{number}: {'ok' if problem is None else problem}", flush=True)
            passed, failed = passed + (problem is None), failed + (problem is not None)
        if status := engine.close():
            print(f"{shape}: blueshift ended with status {status}")
            failed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
