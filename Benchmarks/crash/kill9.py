#!/usr/bin/env python3
"""Kills a writing cluster with SIGKILL at random moments, and looks at what is there afterwards.

    kill9.py --program .build/release/blueshift [--kills 200] [--seed 1] [--shape 2x2] [--seconds 170] [--open-ms 1000]

One process after the other opens the same directory, is checked, and goes on with a seeded mix of COPY, INSERT, UPDATE,
DELETE, VACUUM, TRUNCATE, ALTER, CREATE, DROP and transaction blocks until it is killed: while it writes, now and then while
it opens. A statement whose answer had come must be there; one whose answer had not come must be there wholly, or not at all.
Every row of every table is read back (and with it every block's checksum), left-over files are counted, and the time from
the start of the process to its first answer is held against a limit.

Ends with the line `N kills, M failures`; exit status 1 if anything failed or fewer than the kills asked for were made.
"""
import argparse, collections, copy, csv, gzip, io, os, pathlib, random, re, shutil, statistics, subprocess, sys, tempfile
import threading, time

ROLE = "arn:aws:iam::123456789012:role/blueshift"
BASE = {"id": "integer", "grp": "smallint", "v": "bigint", "s": "varchar(40)"}
TABLES = {
    "t_even": "diststyle even",
    "t_key": "distkey (id) sortkey (id)",
    "t_all": "diststyle all",
    "t_zone": "distkey (grp) compound sortkey (grp, v)",
    "t_mixed": "interleaved sortkey (v, id)",
}
FILES = 6
ROWS_MAX = 4_000


class Gone(Exception):
    """The process ended before it answered."""


class Engine:
    """`blueshift sql -f -`, one statement at a time; an answer counts when the marker behind it has come."""

    def __init__(self, program, directory, shape):
        nodes, slices = shape.split("x")
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [program, "sql", "-f", "-", "--format", "csv", "--keep-going", "--nodes", nodes, "--slices", slices,
             "--data-dir", str(directory)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.errors = []
        self.reader = threading.Thread(target=self.read_errors, daemon=True)
        self.reader.start()
        self.number = 0

    def read_errors(self):
        for line in self.process.stderr:
            self.errors.append(line.decode(errors="replace"))

    def ask(self, statement):
        self.number += 1
        marker = f"answer {self.number} is complete"
        try:
            self.process.stdin.write(f"{statement};\nselect '{marker}' as marker;\n".encode())
            self.process.stdin.flush()
        except (BrokenPipeError, ValueError):
            raise Gone()
        lines = []
        while not lines or lines[-1] != marker + "\n":
            line = self.process.stdout.readline()
            if not line:
                raise Gone()
            lines.append(line.decode())
        return list(csv.reader(io.StringIO("".join(lines[:-2]))))

    def kill(self):
        self.process.kill()

    def end(self):
        self.process.kill()
        status = self.process.wait()
        self.reader.join()
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass  # what was still to be written has no reader
        self.process.stdout.close()
        self.process.stderr.close()
        return status


class Model:
    """What the tables hold: by name, the columns and the rows as a multiset."""

    def __init__(self):
        self.columns, self.rows = {}, {}

    def create(self, name):
        self.columns[name] = list(BASE)
        self.rows[name] = collections.Counter()

    def size(self, name):
        return sum(self.rows[name].values())

    def add(self, name, rows):
        extra = len(self.columns[name]) - len(BASE)
        self.rows[name].update(tuple(row) + ("7",) * extra for row in rows)

    def keep(self, name, test):
        self.rows[name] = collections.Counter({row: n for row, n in self.rows[name].items() if test(row)})

    def map(self, name, change):
        changed = collections.Counter()
        for row, n in self.rows[name].items():
            changed[change(row)] += n
        self.rows[name] = changed

    def difference(self, other):
        for name in sorted(set(self.columns) | set(other.columns)):
            if self.columns.get(name) != other.columns.get(name):
                return f"{name}: columns {self.columns.get(name)} and {other.columns.get(name)}"
            missing = self.rows[name] - other.rows[name]
            extra = other.rows[name] - self.rows[name]
            if missing or extra:
                return (f"{name}: {sum(missing.values())} rows missing (as {next(iter(missing), None)}), "
                        f"{sum(extra.values())} too many (as {next(iter(extra), None)})")
        return None


def make_row(random, number):
    text = random.choice(["", "a", "some text", "ünïcode", "x" * 30]) + (str(number) if random.random() < 0.5 else "")
    return (str(number), str(number % 20), str(random.randrange(10**6)), text)


class Writer:
    """The next statement and what it does to the model."""

    def __init__(self, seed, directory):
        self.random = random.Random(seed)
        self.next_id = 1_000_000
        self.files = {}
        bucket = directory / "s3" / "crash"
        bucket.mkdir(parents=True)
        for file in range(FILES):
            count = [1, 10, 400, 1_500, 2_500, 700][file % 6]
            rows = [make_row(self.random, file * 10_000 + row) for row in range(count)]
            with gzip.open(bucket / f"file{file}.gz", "wt") as output:
                output.writelines("|".join(row) + "\n" for row in rows)
            self.files[file] = rows

    def ids(self, count):
        self.next_id += count
        return range(self.next_id - count, self.next_id)

    def statement(self, model, in_block):
        """SQL, and a function that does the same to a model."""
        pick = self.random
        names = sorted(model.columns)
        name = pick.choice(names)
        kind = pick.choices(
            ["copy", "insert", "select", "update", "delete", "vacuum", "truncate", "alter", "create", "drop", "analyze"],
            [5, 8, 2, 5, 4, 0 if in_block else 4, 0 if in_block else 1, 1, 1, 1, 1])[0]
        if model.size(name) > ROWS_MAX:
            kind = pick.choice(["delete", "delete", "truncate"]) if not in_block else "delete"
        return getattr(self, kind)(model, name)

    def copy(self, model, name):
        file = self.random.randrange(FILES)
        columns = ", ".join(BASE)
        return (f"copy {name} ({columns}) from 's3://crash/file{file}.gz' iam_role '{ROLE}' gzip delimiter '|' statupdate off "
                "compupdate off region 'us-west-2'", lambda m: m.add(name, self.files[file]))

    def insert(self, model, name):
        rows = [make_row(self.random, number) for number in self.ids(self.random.choice([1, 1, 1, 3, 30, 300]))]
        values = ", ".join("({}, {}, {}, '{}')".format(*row) for row in rows)
        return f"insert into {name} ({', '.join(BASE)}) values {values}", lambda m: m.add(name, rows)

    def select(self, model, name):
        other = self.random.choice(sorted(model.columns))
        rest = self.random.randrange(5)
        columns = ", ".join(BASE)

        def effect(m):
            found = [row[:4] for row in m.rows[other].elements() if int(row[0]) % 5 == rest]
            m.add(name, found)
        return f"insert into {name} ({columns}) select {columns} from {other} where id % 5 = {rest}", effect

    def update(self, model, name):
        group, step = self.random.randrange(20), self.random.randrange(1, 100)
        if self.random.random() < 0.2:
            return (f"update {name} set v = v + {step}",
                    lambda m: m.map(name, lambda row: row[:2] + (str(int(row[2]) + step),) + row[3:]))
        return (f"update {name} set v = v + {step}, s = 'new' where grp = {group}",
                lambda m: m.map(name, lambda row: row if row[1] != str(group)
                                else row[:2] + (str(int(row[2]) + step), "new") + row[4:]))

    def delete(self, model, name):
        divisor = self.random.choice([2, 3, 7])
        rest = self.random.randrange(divisor)
        return (f"delete from {name} where id % {divisor} = {rest}",
                lambda m: m.keep(name, lambda row: int(row[0]) % divisor != rest))

    def vacuum(self, model, name):
        forms = ["full {}", "sort only {}", "delete only {}", "full {} to 100 percent"]
        if name not in ("t_all", "t_mixed"):
            forms.append("recluster {}")
        if name == "t_mixed":
            forms.append("reindex {}")
        form = self.random.choice(forms)
        return "vacuum " + form.format(name), lambda m: None

    def truncate(self, model, name):
        return f"truncate {name}", lambda m: m.keep(name, lambda row: False)

    def analyze(self, model, name):
        return f"analyze {name}", lambda m: None

    def alter(self, model, name):
        if len(model.columns[name]) == len(BASE):
            def effect(m):
                m.columns[name] = list(BASE) + ["extra"]
                m.map(name, lambda row: row + ("7",))
            return f"alter table {name} add column extra integer default 7", effect

        def effect(m):
            m.columns[name] = list(BASE)
            m.map(name, lambda row: row[:4])
        return f"alter table {name} drop column extra", effect

    def create(self, model, name):
        new = f"n{self.random.randrange(3)}"
        if new in model.columns:
            return self.drop(model, new)
        rest = self.random.randrange(3)
        columns = ", ".join(BASE)

        def effect(m):
            m.create(new)
            m.add(new, [row[:4] for row in m.rows[name].elements() if int(row[0]) % 3 == rest])
        return f"create table {new} distkey (id) as select {columns} from {name} where id % 3 = {rest}", effect

    def drop(self, model, name):
        if name in TABLES:
            return self.insert(model, name)

        def effect(m):
            del m.columns[name], m.rows[name]
        return f"drop table {name}", effect


def read_back(engine, models):
    """The tables of the cluster as a model; `models` tell which may be there."""
    found = Model()
    for name, in engine.ask("select distinct name from stv_tbl_perm order by 1")[1:]:
        # CSV has no difference between null and the empty string; there are no nulls here.
        header, *rows = engine.ask(f"select * from {name.strip()}")
        name = name.strip()
        found.columns[name] = header
        found.rows[name] = collections.Counter(tuple(row) for row in rows)
    return found


def leftovers(directory, found, shape):
    """Files that should not be there, or more of them than the tables can need."""
    names = [path for path in directory.rglob("*") if path.is_file() and "s3" not in path.relative_to(directory).parts]
    logs = [path.name for path in names if path.name.startswith("log.")]
    data = [path for path in names if path.suffix == ".dat"]
    nodes, slices = map(int, shape.split("x"))
    # A partition has rarely more than two files: one that VACUUM wrote, one that is being appended to.
    bound = 3 * len(found.columns) * nodes * slices * (2 if nodes > 1 else 1)
    if len(logs) != 1:
        return f"logs {logs}"
    if stray := [path.name for path in names if path.name.endswith(".new")]:
        return f"left-over {stray}"
    if len(data) > bound:
        return f"{len(data)} data files for {len(found.columns)} tables"
    return None


def run(arguments):
    directory = pathlib.Path(tempfile.mkdtemp(prefix="kill9-"))
    data = directory / "cluster"
    data.mkdir()
    writer = Writer(arguments.seed, data)
    dice = random.Random(arguments.seed + 1)
    model, pending = Model(), None
    kills = failures = statements = slow = 0
    opened_ms, killed_in = [], collections.Counter()
    end = time.monotonic() + arguments.seconds
    try:
        while kills < arguments.kills and time.monotonic() < end:
            engine = Engine(arguments.program, data, arguments.shape)
            timer = None
            pending_text = pending[0] if pending else None
            if dice.random() < 0.1:
                # While it opens, recovering.
                timer = threading.Timer(dice.uniform(0, 0.05), engine.kill)
                timer.start()
            try:
                engine.ask("select 1")
                opened = (time.monotonic() - engine.started) * 1000
                found = read_back(engine, [model])
            except Gone:
                if timer:
                    timer.join()
                    engine.end()
                    kills += 1
                    killed_in["opening"] += 1
                    continue
                failures += 1
                print(f"FAILED: does not open: {''.join(engine.errors)}", flush=True)
                engine.end()
                break
            if timer:
                timer.cancel()
            opened_ms.append(opened)
            problems = []
            if opened > arguments.open_ms:
                if os.getloadavg()[0] > 2 * (os.cpu_count() or 1):
                    slow += 1  # others have the processors: the figure says nothing
                else:
                    problems.append(f"opened in {opened:.0f} ms")
            difference = model.difference(found)
            if difference and pending:
                after = copy.deepcopy(model)
                pending[1](after)
                if (with_pending := after.difference(found)) is None:
                    difference = None
                else:
                    difference = f"without: {difference}; with: {with_pending}"
            if difference:
                problems.append(f"after {pending_text!r:.200}: {difference}")
            if problem := leftovers(data, found, arguments.shape):
                problems.append(problem)
            for problem in problems:
                failures += 1
                print(f"FAILED after {kills} kills: {problem}", flush=True)
            model, pending = found, None
            model, pending, count, inside = write_until_killed(engine, writer, dice, model)
            statements += count
            engine.end()
            kills += 1
            killed_in[inside] += 1
            unexpected = [line for line in engine.errors if "ERROR" in line]
            if unexpected:
                failures += 1
                print(f"FAILED: {unexpected[0].strip()} in {pending_text}", flush=True)
    finally:
        if arguments.keep:
            print(f"kept {directory}")
        else:
            shutil.rmtree(directory, ignore_errors=True)
    report(arguments, kills, failures, statements, opened_ms, killed_in)
    if slow:
        print(f"{slow} of them later than {arguments.open_ms:.0f} ms on a machine with more work than processors")
    return 1 if failures or kills < arguments.kills else 0


def write_until_killed(engine, writer, dice, model):
    """The model after the last answer, what was on its way then, how many statements were answered, what was killed."""
    timer = threading.Timer(dice.uniform(0, 0.25), engine.kill)
    timer.start()
    count = 0
    pending = None
    try:
        if not model.columns:
            for name, attributes in TABLES.items():
                columns = ", ".join(f"{column} {type}" for column, type in BASE.items())
                pending = (f"create table {name} ({columns}) {attributes}", lambda m, name=name: m.create(name))
                engine.ask(pending[0])
                pending[1](model)
        missing = [name for name in TABLES if name not in model.columns]
        for name in missing:
            columns = ", ".join(f"{column} {type}" for column, type in BASE.items())
            pending = (f"create table {name} ({columns}) {TABLES[name]}", lambda m, name=name: m.create(name))
            engine.ask(pending[0])
            pending[1](model)
        while True:
            if dice.random() < 0.1:
                pending, count = block(engine, writer, dice, model, count)
            else:
                text, effect = writer.statement(model, False)
                pending = (text, effect)
                engine.ask(text)
                effect(model)
                count += 1
            pending = None
    except Gone:
        inside = pending[0].split()[0] if pending else "nothing"
    except BlockEnded as ended:
        pending = ended.pending
        inside = "commit" if pending else "a block"
    timer.join()
    return model, pending, count, inside


class BlockEnded(Exception):
    """Killed within a block: `pending` if COMMIT was on its way."""

    def __init__(self, pending):
        self.pending = pending


def block(engine, writer, dice, model, count):
    effects, texts = [], []
    try:
        engine.ask("begin")
        inside = copy.deepcopy(model)
        for _ in range(dice.randrange(1, 5)):
            text, effect = writer.statement(inside, True)
            engine.ask(text)
            effect(inside)
            effects.append(effect)
            texts.append(text)
            count += 1
    except Gone:
        raise BlockEnded(None)
    if dice.random() < 0.2:
        try:
            engine.ask("rollback")
        except Gone:
            raise BlockEnded(None)
        return None, count

    def all_effects(m):
        for effect in effects:
            effect(m)
    try:
        engine.ask("commit")
    except Gone:
        raise BlockEnded(("commit of " + "; ".join(texts), all_effects))
    all_effects(model)
    return None, count


def report(arguments, kills, failures, statements, opened_ms, killed_in):
    inside = ", ".join(f"{name} {count}" for name, count in killed_in.most_common())
    print(f"killed in: {inside}")
    if opened_ms:
        print(f"{statements} statements answered; opened in {statistics.median(opened_ms):.0f} ms (median), "
              f"{max(opened_ms):.0f} ms (most)")
    print(f"{kills} kills, {failures} failures")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shape", default="2x2")
    parser.add_argument("--seconds", type=float, default=170)
    parser.add_argument("--open-ms", type=float, default=1000)
    parser.add_argument("--keep", action="store_true", help="leave the directory behind")
    return run(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
