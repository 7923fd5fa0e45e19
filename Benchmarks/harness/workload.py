"""A schema, queries and data that both engines get, and what the drivers do with them."""
import argparse, math, pathlib, re, statistics, sys, time
from answers import difference_but_for_ties, without_limit
from engines import Blueshift, DuckDB, Failure, peak_megabytes


class Workload:
    """`directory` holds schema.sql and queries/qNN.sql; `name` is also that of the bucket.

    `prepare(scale, data_dir)` makes the text of the tables and returns the bucket's directory; `load_peer(workload,
    peer, bucket)` fills an empty DuckDB. `sortkeys`: tables whose sort key an option can change, and what it is."""

    def __init__(self, directory, name, tables, numbers, prepare, load_peer, copy_options, sortkeys={}):
        self.directory, self.name, self.tables, self.numbers = pathlib.Path(directory), name, tables, numbers
        self.prepare, self.load_peer, self.copy_options = prepare, load_peer, copy_options
        self.sortkeys, self.chosen_sortkeys = sortkeys, dict(sortkeys)

    def schema_statements(self):
        text = re.sub(r"--.*", "", (self.directory / "schema.sql").read_text())
        for table, column in self.sortkeys.items():
            text = text.replace(f"sortkey ({column})", f"sortkey ({self.chosen_sortkeys[table]})")
        return [part.strip() for part in text.split(";") if part.strip()]

    def query(self, number):
        return (self.directory / "queries" / f"q{number:02}.sql").read_text()

    def peer_query(self, number):
        """The text for DuckDB: its own where the dialects differ."""
        own = self.directory / "queries" / f"q{number:02}.duckdb.sql"
        return own.read_text() if own.exists() else self.query(number)

    def plain_schema(self):
        """CREATE TABLE statements without what only Redshift understands."""
        for statement in self.schema_statements():
            plain = re.sub(r"(diststyle \w+|distkey \(\w+\)|sortkey \([\w, ]+\))", "", statement)
            yield re.match(r"create table (\w+)", statement).group(1), re.sub(r",\s*primary key \([^)]*\)", "", plain)

    def load(self, engine, say=lambda line: None):
        for statement in self.schema_statements():
            engine.ask(statement)
        for table in self.tables:
            start = time.perf_counter()
            engine.copy(self.name, table, self.copy_options)
            say(f"copy {table}: {time.perf_counter() - start:.2f} s")

    # MARK: drivers

    def arguments(self, description, scale, queries):
        parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
        parser.add_argument("--program", required=True)
        parser.add_argument("--data-dir", required=True)
        parser.add_argument("--scale", default=scale)
        parser.add_argument("--queries", default=",".join(map(str, queries)))
        for table, column in self.sortkeys.items():
            parser.add_argument(f"--{table}-sortkey", default=column)
        return parser

    def data(self, given):
        """The data directory, the peer with its data, the numbers of the queries asked for."""
        self.chosen_sortkeys = {table: getattr(given, f"{table}_sortkey") for table in self.sortkeys}
        directory = pathlib.Path(given.data_dir)
        directory.mkdir(parents=True, exist_ok=True)
        bucket = self.prepare(given.scale, directory)
        peer = DuckDB(directory / "peer.duckdb", 2)
        self.load_peer(self, peer, bucket)
        return directory, peer, [int(text) for text in given.queries.split(",")]

    def verify(self, description, scale):
        parser = self.arguments(description, scale, self.numbers)
        parser.add_argument("--shapes", default="1x1,2x2,4x8")
        given = parser.parse_args()
        directory, peer, numbers = self.data(given)
        expected = {number: peer.ask(self.peer_query(number))[0] for number in numbers}
        passed = failed = 0
        for shape in given.shapes.split(","):
            nodes, slices = shape.split("x")
            engine = Blueshift(given.program, directory, nodes, slices, in_memory=True)
            self.load(engine)
            for number in numbers:
                start = time.perf_counter()
                problem, engine = self.check(number, expected[number], engine, peer, lambda: self.restarted(
                    given.program, directory, nodes, slices))
                ms = (time.perf_counter() - start) * 1000
                print(f"{shape} Q{number}: {f'ok {ms:.0f} ms' if problem is None else problem}", flush=True)
                passed, failed = passed + (problem is None), failed + (problem is not None)
            status = engine.close()
            if status > (1 if failed else 0):
                print(f"{shape}: blueshift ended with status {status}")
                failed += 1
        peer.close()
        print(f"{passed} passed, {failed} failed")
        return 1 if failed or not passed else 0

    def restarted(self, program, directory, nodes, slices):
        engine = Blueshift(program, directory, nodes, slices, in_memory=True)
        self.load(engine)
        return engine

    def check(self, number, expected, engine, peer, restart):
        """What is wrong with our answer, or None; and the engine to go on with, a new one if this one died."""
        try:
            answer = engine.ask(self.query(number))[0]
        except Failure as error:
            return str(error).strip(), restart() if engine.process.poll() is not None else engine
        return difference_but_for_ties(
            answer[1:], expected, self.query(number), answer[0],
            lambda: peer.ask(without_limit(self.peer_query(number)))[0]), engine

    def compare(self, description, scale, queries):
        parser = self.arguments(description, scale, queries)
        parser.add_argument("--rounds", type=int, default=5)
        parser.add_argument("--nodes", default="1")
        parser.add_argument("--slices", default="2")
        given = parser.parse_args()
        directory, peer, numbers = self.data(given)
        peer.close()
        engine, peer = self.opened(given, directory)
        print("| query | Blueshift ms | DuckDB ms | ratio |\n|---|---|---|---|")
        ratios, wrong = [], 0
        for number in numbers:
            text, ours, theirs = self.query(number), [], []
            for counted in range(given.rounds + 1):
                answer, ms = engine.ask(text)
                expected, peer_ms = peer.ask(self.peer_query(number))
                if counted:
                    ours.append(ms)
                    theirs.append(peer_ms)
            problem = difference_but_for_ties(
                answer[1:], expected, text, answer[0], lambda: peer.ask(without_limit(self.peer_query(number)))[0])
            wrong += problem is not None
            a, b = statistics.median(ours), statistics.median(theirs)
            ratios.append(a / b)
            note = "" if problem is None else " WRONG: " + problem
            print(f"| Q{number} | {a:.1f} | {b:.1f} | {a / b:.2f} |{note}", flush=True)
        mean = math.exp(statistics.fmean(map(math.log, ratios)))
        print(f"\ngeometric mean of the ratios: {mean:.2f}; wrong answers: {wrong}")
        ours, theirs = peak_megabytes(engine.process), peak_megabytes(peer.process)
        if ours and theirs:
            print(f"peak resident memory: Blueshift {ours:.0f} MB, DuckDB {theirs:.0f} MB, ratio {ours / theirs:.2f}")
        engine.close()
        peer.close()
        return 1 if wrong else 0

    def opened(self, given, directory):
        """Both engines on loaded data, in processes that have not loaded it."""
        engine = Blueshift(given.program, directory, given.nodes, given.slices)
        if engine.ask(f"select count(*) from pg_table_def where tablename = '{self.tables[0]}'")[0][1:] == [["0"]]:
            self.load(engine, lambda line: print(line, file=sys.stderr))
        for table, column in self.chosen_sortkeys.items():
            found = engine.ask(
                f"select \"column\" from pg_table_def where tablename = '{table}' and sortkey = 1")[0][1:]
            if found != [[column]]:
                sys.exit(f"{directory} was loaded with {table} sorted by {found}, not {column}")
        engine.close()
        return (Blueshift(given.program, directory, given.nodes, given.slices),
                DuckDB(directory / "peer.duckdb", 2))
