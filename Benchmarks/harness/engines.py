"""The two engines under comparison, each in a process of its own, asked one statement at a time."""
import csv, io, json, os, pathlib, re, subprocess, sys

ROLE = "arn:aws:iam::123456789012:role/blueshift"
MARKER = "end of answer"


class Failure(Exception):
    pass


def peak_megabytes(process):
    """The most memory that the process has had resident so far (VmHWM); None where there is no /proc."""
    try:
        status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    except OSError:
        return None
    return int(re.search(r"VmHWM:\s+(\d+)", status).group(1)) / 1024


def cpu_milliseconds(process):
    """CPU time of all threads of the process so far, in steps of a clock tick (10 ms); None where there is no /proc."""
    try:
        fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


class Blueshift:
    """`blueshift sql -f -`: statements in by standard input, CSV out, `Time: … ms` on standard error."""

    def __init__(self, program, data_dir, nodes, slices, in_memory=False):
        command = [program, "sql", "-f", "-", "--format", "csv", "--timing", "--keep-going", "--nodes", str(nodes),
                   "--slices", str(slices), "--data-dir", str(data_dir)]
        self.process = subprocess.Popen(
            command + (["--in-memory"] if in_memory else []), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)

    def ask(self, statement):
        """Rows as lists of strings (the header first, for a query) and the time in ms, as the tool measured it."""
        self.process.stdin.write(statement.rstrip().rstrip(";") + f";\nselect '{MARKER}';\n")
        self.process.stdin.flush()
        lines, times, errors = [], [], []
        while not lines or MARKER not in lines[-1]:
            line = self.process.stdout.readline()
            if not line:
                raise Failure(f"blueshift ended with {self.process.wait()}: {self.process.stderr.read()}")
            lines.append(line)
        while len(times) < 2:
            line = self.process.stderr.readline()
            if match := re.match(r"Time: ([0-9.]+) ms", line):
                times.append(float(match.group(1)))
            elif "ERROR" in line or errors:
                errors.append(line)
                if "ERROR" in line:
                    times.append(0.0)
            elif not line:
                raise Failure("blueshift closed its standard error")
        if errors:
            raise Failure("".join(errors))
        # A row of one NULL is an empty line, which the reader would take for the end of nothing.
        rows = [row or [""] for row in csv.reader(io.StringIO("".join(lines)))]
        return rows[:-2], times[0]

    def close(self):
        """The exit status: 1 if a statement failed."""
        self.process.stdin.close()
        return self.process.wait(timeout=60)

    def copy(self, bucket, table, options="gzip delimiter '|'"):
        return self.ask(f"copy {table} from 's3://{bucket}/{table}/part' credentials 'aws_iam_role={ROLE}' {options} "
                        "region 'us-west-2'")


class DuckDB:
    """The peer, by its Python package, in a child process that answers JSON lines."""

    PROGRAM = """
import duckdb, json, sys, time
con = duckdb.connect(sys.argv[1])
con.execute("set enable_progress_bar = false")
con.execute("set threads = " + sys.argv[2])
for line in sys.stdin:
    start = time.perf_counter()
    try:
        rows = con.execute(json.loads(line)).fetchall()
        answer = {"ms": (time.perf_counter() - start) * 1000,
                  "rows": [[None if v is None else str(v) for v in row] for row in rows]}
    except Exception as error:
        answer = {"error": str(error)}
    print(json.dumps(answer), flush=True)
"""

    def __init__(self, database, threads):
        self.process = subprocess.Popen(
            [sys.executable, "-c", self.PROGRAM, str(database), str(threads)], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)

    def ask(self, statement):
        self.process.stdin.write(json.dumps(statement) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise Failure(answer["error"])
        return answer["rows"], answer["ms"]

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=60)
