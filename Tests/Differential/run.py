#!/usr/bin/env python3
"""Random schemas, physical designs, changes and queries: our answers against DuckDB's.

    run.py --program .build/release/blueshift [--seed N] [--queries 2000] [--shape 2x2] [--jobs 2] [--minutes M] [--verbose]

The work is cut into rounds. A round has a seed of its own (seed + its number), one cluster of one shape, a few tables and
some fifty queries with changes between them, so `--seed S --queries 1` repeats exactly the round that was printed. A
mismatch is cut down to few rows and a short query, and printed as records of an .slt file. Exit status 1 if anything
differed, or if too much was refused to mean anything.
"""
import argparse
import collections
import concurrent.futures
import random
import shutil
import sys
import tempfile
import time
import traceback

import compare
import minimise
import schemas
from engines import Blueshift, DuckDB, EngineDied, EngineError
from expressions import OURS, THEIRS
from queries import QueryGenerator, Select, TableSource, renamed

SHAPES = ["1x1", "1x2", "2x2", "4x8"]
QUERIES_PER_ROUND = 50
REFUSED_SHARE_MAX = 0.05


class Round:
    """What one seed makes."""

    def __init__(self, program, seed, shape, verbose=False):
        self.random = random.Random(seed)
        self.program, self.seed, self.verbose = program, seed, verbose
        self.shape = shape or self.random.choice(SHAPES)
        self.counts = collections.Counter()
        self.refused = collections.Counter()
        self.reports = []

    def run(self):
        directory = tempfile.mkdtemp(prefix="blueshift-fuzz-")
        try:
            self.play(directory)
        except EngineDied as error:
            self.report(f"blueshift died: {error}")
        except Exception:  # A mistake of this driver must not take the other rounds with it.
            self.report(f"the driver failed\n{traceback.format_exc()}")
        finally:
            shutil.rmtree(directory, ignore_errors=True)
        return self

    def play(self, directory):
        r = self.random
        nodes, slices = self.shape.split("x")
        # A round in three keeps its tables on disk and opens them again in its middle.
        on_disk = r.random() < 0.33
        ours = Blueshift(self.program, nodes, slices, directory, in_memory=not on_disk)
        theirs = DuckDB()
        tables = [schemas.random_table(r, f"r{index}") for index in range(r.randint(2, 4))]
        self.world = minimise.World(self.program, nodes, slices, tables)
        for table in tables:
            if not self.both(ours, theirs, schemas.Change(table.create(OURS), table.create(THEIRS), table)):
                return
            for change in schemas.load(r, table, lambda files: ours.write(files)):
                self.both(ours, theirs, change)
            self.check_table(ours, theirs, table)
        if r.random() < 0.7:
            self.both(ours, theirs, schemas.Change("analyze", "select 1"))
        for number in range(QUERIES_PER_ROUND):
            if r.random() < 0.12:
                change = schemas.random_change(r, tables)
                self.both(ours, theirs, change)
                if change.table is not None:
                    self.check_table(ours, theirs, change.table)
            if r.random() < 0.04:
                self.create_as(ours, theirs, QueryGenerator(r, tables).query())
            if on_disk and number == QUERIES_PER_ROUND // 2:
                ours.reopen()
            if not self.check(ours, theirs, QueryGenerator(r, tables).query()):
                ours.process.kill()
                ours.start() if on_disk else None
                if not on_disk:
                    return
        if status := ours.close():
            # Errors were asked for, so 1 is what --keep-going ends with.
            if status != 1:
                self.report(f"blueshift ended with status {status}")

    def both(self, ours, theirs, change):
        """A statement that must do the same to both, or fail on both."""
        self.counts["changes"] += 1
        errors = []
        for engine, text in ((ours, change.ours), (theirs, change.theirs or change.ours)):
            try:
                engine.ask(text)
                errors.append(None)
            except EngineError as error:
                errors.append(error)
        if (errors[0] is None) != (errors[1] is None):
            self.report(f"a change fails on one side\n  ours:   {errors[0]}\n  theirs: {errors[1]}\n"
                        f"  {change.ours[:2000]}\n  {(change.theirs or '')[:2000]}")
        return errors == [None, None]

    def create_as(self, ours, theirs, query):
        """CREATE TABLE AS: the rows of the table are those of the query."""
        if not query.is_exact or minimise.outcome(ours, theirs, query).kind != "same":
            return
        names = schemas.Change("create table made as " + query.text(OURS), "create table made as " + query.text(THEIRS))
        if self.both(ours, theirs, names):
            outcome = minimise.outcome(ours, theirs, Select(renamed(query.outputs(), "m"), TableSource("made", "m")))
            if outcome.is_mismatch:
                self.report(f"CREATE TABLE AS: {outcome.text}\n  {names.ours}")
            self.both(ours, theirs, schemas.Change("drop table made"))

    def check_table(self, ours, theirs, table):
        text = ", ".join(f"{item.name}" for item in table.columns)
        try:
            a = ours.ask(f"select {text} from {table.name}")
            b = theirs.ask(f"select {text} from {table.name}")
        except EngineError as error:
            return self.report(f"{table.name} cannot be read: {error}")

        class Whole:
            order = ()
            outputs = staticmethod(lambda: table.leaves("t"))

        if problem := compare.difference(Whole, a, b):
            self.report(f"{table.name} is not the same after its change: {problem}\n  {table.create(OURS)}")

    def check(self, ours, theirs, query):
        """False if the process is lost."""
        self.counts["queries"] += 1
        outcome = minimise.outcome(ours, theirs, query)
        if self.verbose:
            print(query.text(OURS), "\n   ", outcome.kind, outcome.text, file=sys.stderr)
        self.counts[outcome.kind] += 1
        if outcome.kind == "refused":
            self.refused[outcome.text] += 1
        if outcome.is_mismatch:
            self.report(f"{outcome.text}", query, theirs)
        return outcome.kind != "died"

    def report(self, problem, query=None, theirs=None):
        self.counts["mismatches"] += 1
        text = f"MISMATCH in the round of seed {self.seed} on {self.shape}: {problem}\n"
        if query is not None:
            text += f"query: {query.text(OURS)}\n"
            if len(self.reports) < 3:
                text += self.world.minimised(query, theirs)
        self.reports.append(text)


def play(arguments):
    result = Round(*arguments).run()
    return result.seed, result.counts, result.refused, result.reports


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--program", default=".build/release/blueshift")
    arguments.add_argument("--seed", type=int, help="default: drawn, and printed")
    arguments.add_argument("--queries", type=int, default=2000)
    arguments.add_argument("--shape", help="1x1, 1x2, 2x2, 4x8 (default: drawn for each round)")
    arguments.add_argument("--jobs", type=int, default=2)
    arguments.add_argument("--minutes", type=float, help="stop early, after the rounds that run then")
    arguments.add_argument("--verbose", action="store_true", help="print each query and what came of it")
    given = arguments.parse_args()
    seed = random.randrange(10**9) if given.seed is None else given.seed
    rounds = max(1, -(-given.queries // QUERIES_PER_ROUND))
    print(f"seed {seed}: {rounds} rounds of {QUERIES_PER_ROUND} queries", flush=True)
    counts, refused, start = collections.Counter(), collections.Counter(), time.monotonic()
    with concurrent.futures.ProcessPoolExecutor(given.jobs) as pool:
        work = [pool.submit(play, (given.program, seed + number, given.shape, given.verbose)) for number in range(rounds)]
        for done in concurrent.futures.as_completed(work):
            if done.cancelled():
                continue
            _, more, names, reports = done.result()
            counts += more
            refused += names
            for report in reports:
                print(report, flush=True)
            if given.minutes and time.monotonic() - start > given.minutes * 60:
                for other in work:
                    other.cancel()
    for text, count in refused.most_common(12):
        print(f"refused {count} times: {text}")
    print(f"{counts['queries']} queries, {counts['changes']} changes: {counts['same']} answers and {counts['both fail']} "
          f"errors agree, {counts['refused']} refused, {counts['mismatches']} mismatches, seed {seed}, "
          f"{time.monotonic() - start:.0f} s")
    if counts["refused"] > REFUSED_SHARE_MAX * counts["queries"]:
        print("too many queries are refused")
        return 1
    return 1 if counts["mismatches"] or not counts["same"] else 0


if __name__ == "__main__":
    sys.exit(main())
