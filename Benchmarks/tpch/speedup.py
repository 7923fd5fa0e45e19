#!/usr/bin/env python3
"""How much faster the 22 queries of TPC-H are on two slices than on one, with the same data in all.

    speedup.py --program .build/release/blueshift --data-dir DIR [--scale 1] [--queries 1,3,…] [--rounds 5]
               [--lineitem-sortkey l_orderkey] [--orders-sortkey o_orderkey]

Two clusters of one node, in memory, in processes of their own, are loaded with the same files; then one warm-up and
`rounds` rounds, the clusters in turn, medians. Beside the times stands the CPU time of both: two slices that cost no
more of it than one could be twice as fast, and what they cost more is work done twice or handed over.
"""
import math, statistics, sys
from tpch import TPCH
from answers import difference
from engines import Blueshift, cpu_milliseconds


def loaded(given, directory, slices):
    engine = Blueshift(given.program, directory, 1, slices, in_memory=True)
    TPCH.load(engine)
    return engine


def main():
    arguments = TPCH.arguments(__doc__, "1", TPCH.numbers)
    arguments.add_argument("--rounds", type=int, default=5)
    given = arguments.parse_args()
    directory, peer, numbers = TPCH.data(given)
    peer.close()
    engines = [loaded(given, directory, slices) for slices in (1, 2)]
    print("| query | 1 slice ms | 2 slices ms | speed-up | CPU of 2 / CPU of 1 |\n|---|---:|---:|---:|---:|")
    ratios, wrong = [], 0
    for number in numbers:
        text, times, cpu = TPCH.query(number), [[], []], [0.0, 0.0]
        for counted in range(given.rounds + 1):
            answers = []
            for index, engine in enumerate(engines):
                before = cpu_milliseconds(engine.process)
                answer, ms = engine.ask(text)
                answers.append(answer)
                if counted:
                    times[index].append(ms)
                    cpu[index] += (cpu_milliseconds(engine.process) or 0) - (before or 0)
        problem = difference(answers[1][1:], answers[0][1:])
        wrong += problem is not None
        one, two = map(statistics.median, times)
        ratios.append(one / two)
        work = f"{cpu[1] / cpu[0]:.2f}" if cpu[0] and cpu[1] else ""
        note = "" if problem is None else " WRONG: " + problem
        print(f"| Q{number} | {one:.1f} | {two:.1f} | {one / two:.2f} | {work} |{note}", flush=True)
    print(f"\ngeometric mean of the speed-ups: {math.exp(statistics.fmean(map(math.log, ratios))):.2f}; "
          f"unequal answers: {wrong}")
    for engine in engines:
        engine.close()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
