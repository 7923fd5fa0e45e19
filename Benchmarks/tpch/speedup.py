#!/usr/bin/env python3
"""How much faster the 22 queries of TPC-H are on two slices than on one, with the same data in all.

    speedup.py --program .build/release/blueshift --data-dir DIR [--scale 1] [--queries 1,3,…] [--rounds 5]
               [--lineitem-sortkey l_orderkey] [--orders-sortkey o_orderkey] [--ceiling]

Two clusters of one node, in memory, in processes of their own, are loaded with the same files; then one warm-up and
`rounds` rounds, the clusters in turn, medians. Beside the times stands the CPU time of both: two slices that cost no
more of it than one could be twice as fast, and what they cost more is work done twice or handed over. A query during
which other processes took more than 15 % of the machine is measured again, three times at most.

`--ceiling` loads another cluster of one slice and asks both of these at once: how many times the work of one the two
cores get done when nothing at all is shared. What is missing to 2 there no engine can have.
"""
import concurrent.futures, math, os, statistics, sys, time
from tpch import TPCH
from answers import difference
from engines import Blueshift, cpu_milliseconds


def loaded(given, directory, slices):
    engine = Blueshift(given.program, directory, 1, slices, in_memory=True)
    TPCH.load(engine)
    return engine


def machine_milliseconds():
    """CPU time that somebody has used so far, other machines on the same host included; None where there is no /proc."""
    try:
        with open("/proc/stat") as file:
            user, nice, system, _, _, irq, soft, steal = map(int, file.readline().split()[1:9])
    except OSError:
        return None
    return (user + nice + system + irq + soft + steal) * 1000 / os.sysconf("SC_CLK_TCK")


class Measured:
    """One query, by engine: times and CPU time of the counted rounds, the last answers."""

    def __init__(self, text, engines, twin, rounds):
        self.times, self.cpu, self.together, self.answers = [[] for _ in engines], [0.0 for _ in engines], [], []
        for counted in range(rounds + 1):
            self.answers = []
            for index, engine in enumerate(engines):
                before = cpu_milliseconds(engine.process)
                answer, ms = engine.ask(text)
                self.answers.append(answer)
                if counted:
                    self.times[index].append(ms)
                    self.cpu[index] += (cpu_milliseconds(engine.process) or 0) - (before or 0)
            if twin:
                with concurrent.futures.ThreadPoolExecutor(2) as pool:
                    both = list(pool.map(lambda engine: engine.ask(text)[1], (engines[0], twin)))
                if counted:
                    self.together.append(max(both))


def measured(text, engines, twin, rounds):
    """Undisturbed, if that can be had; and the share of the machine that others took."""
    processes = [engine.process for engine in engines + ([twin] if twin else [])] + [None]
    def own():
        return sum((cpu_milliseconds(process) or 0) if process else time.process_time() * 1000 for process in processes)
    best = None
    for _ in range(3):
        start, used, ours = time.perf_counter(), machine_milliseconds(), own()
        result = Measured(text, engines, twin, rounds)
        if used is None:
            return result, 0.0
        elapsed = (time.perf_counter() - start) * 1000
        others = (machine_milliseconds() - used - (own() - ours)) / elapsed / os.cpu_count()
        if best is None or others < best[1]:
            best = (result, others)
        if others <= 0.15:
            break
    return best


def main():
    arguments = TPCH.arguments(__doc__, "1", TPCH.numbers)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--ceiling", action="store_true")
    given = arguments.parse_args()
    directory, peer, numbers = TPCH.data(given)
    peer.close()
    engines = [loaded(given, directory, slices) for slices in (1, 2)]
    twin = loaded(given, directory, 1) if given.ceiling else None
    more = (" ceiling |", "---:|") if twin else ("", "")
    print(f"| query | 1 slice ms | 2 slices ms | speed-up | CPU of 2 / CPU of 1 |{more[0]}\n"
          f"|---|---:|---:|---:|---:|{more[1]}")
    ratios, ceilings, wrong, disturbed = [], [], 0, 0
    for number in numbers:
        result, others = measured(TPCH.query(number), engines, twin, given.rounds)
        problem = difference(result.answers[1][1:], result.answers[0][1:])
        wrong += problem is not None
        disturbed += others > 0.15
        one, two = map(statistics.median, result.times)
        ratios.append(one / two)
        work = f"{result.cpu[1] / result.cpu[0]:.2f}" if result.cpu[0] and result.cpu[1] else ""
        last = ""
        if twin:
            ceilings.append(2 * one / statistics.median(result.together))
            last = f" {ceilings[-1]:.2f} |"
        note = ("" if problem is None else " WRONG: " + problem) + (f" others {others:.0%}" if others > 0.15 else "")
        print(f"| Q{number} | {one:.1f} | {two:.1f} | {one / two:.2f} | {work} |{last}{note}", flush=True)

    def mean(values):
        return math.exp(statistics.fmean(map(math.log, values)))
    print(f"\ngeometric mean of the speed-ups: {mean(ratios):.2f}"
          + (f"; of the ceilings: {mean(ceilings):.2f}" if twin else "")
          + f"; unequal answers: {wrong}; disturbed: {disturbed}")
    for engine in engines + ([twin] if twin else []):
        engine.close()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
