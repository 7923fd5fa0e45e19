#!/usr/bin/env python3
"""How long parsing, binding and planning take: EXPLAIN of each query of TPC-H and of TPC-DS, medians of warm rounds.

    planning.py --program .build/release/blueshift --tpch-dir DIR --tpcds-dir DIR [--rounds 21]

The directories are those of tpch/compare.py and tpcds/compare.py at any scale: the plans are made from the statistics
of loaded tables. Times are the program's own, from the text's arrival to the end of the plan's lines; from them is
taken what EXPLAIN SELECT 1 takes, which is the way of any statement through the session and back. Exit status 1 if a
query is above the limit of its workload.
"""
import argparse, pathlib, re, statistics, sys

HERE = pathlib.Path(__file__).parent
sys.path += [str(HERE.parent / folder) for folder in ("harness", "tpch", "tpcds")]
from engines import Blueshift, Failure
LIMITS = {"tpch": 0.5, "tpcds": 5.0}


def median(engine, text, rounds):
    times = [engine.ask("explain " + text)[1] for _ in range(rounds + 3)]
    return statistics.median(times[3:])


def text_of(path):
    return re.sub(r"--.*", "", path.read_text()).strip().rstrip(";")


def measure(name, engine, rounds):
    base = median(engine, "select 1", rounds)
    above, times = 0, []
    for path in sorted((HERE.parent / name / "queries").glob("q??.sql")):
        try:
            ms = median(engine, text_of(path), rounds) - base
        except Failure as error:
            print(f"{name} {path.stem}: {str(error).strip()}")
            above += 1
            continue
        times.append((ms, path.stem))
        above += ms > LIMITS[name]
    slowest = ", ".join(f"{query} {ms:.2f}" for ms, query in sorted(times, reverse=True)[:8])
    print(f"{name}: {len(times)} queries, median {statistics.median(ms for ms, _ in times):.2f} ms, limit {LIMITS[name]} ms, "
          f"above it: {above}; slowest: {slowest}; EXPLAIN SELECT 1: {base:.2f}", flush=True)
    return above


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("--tpch-dir", required=True)
    parser.add_argument("--tpcds-dir", required=True)
    parser.add_argument("--rounds", type=int, default=21)
    given = parser.parse_args()
    above = 0
    for name, directory in (("tpch", given.tpch_dir), ("tpcds", given.tpcds_dir)):
        engine = Blueshift(given.program, directory, 1, 2)
        above += measure(name, engine, given.rounds)
        engine.close()
    return 1 if above else 0


if __name__ == "__main__":
    sys.exit(main())
