"""The two engines: ours in a process of its own (`blueshift sql -f -`), DuckDB in this one."""
import json
import pathlib
import re
import subprocess
import threading
from decimal import Decimal

import duckdb

MARK = "-- end of answer --"


class EngineError(Exception):
    """An SQL error; `state` is its SQLSTATE (ours only)."""

    def __init__(self, text, state=""):
        super().__init__(text)
        self.state = state


class EngineDied(Exception):
    """The process ended or did not answer in time."""


class Blueshift:
    def __init__(self, program, nodes, slices, directory, in_memory=True, timeout=60):
        self.command = [str(program), "sql", "-f", "-", "--format", "json", "--keep-going", "--nodes", str(nodes),
                        "--slices", str(slices), "--data-dir", str(directory)] + (["--in-memory"] if in_memory else [])
        self.timeout = timeout
        self.files = 0
        self.bucket = pathlib.Path(directory) / "s3" / "fuzz"
        self.bucket.mkdir(parents=True, exist_ok=True)
        self.start()

    def start(self):
        # Errors go where the rows go: the tool flushes one before it writes the other, so they stay in order.
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, encoding="utf-8", errors="surrogateescape")

    def ask(self, statement):
        """Rows as lists (a JSON object's values, in order), or [] for a statement without rows."""
        hung = threading.Timer(self.timeout, self.process.kill)
        hung.start()
        lines = []
        try:
            self.process.stdin.write(statement + f";\nselect '{MARK}' as mark;\n")
            self.process.stdin.flush()
            while not (lines and MARK in lines[-1]):
                line = self.process.stdout.readline()
                if not line:
                    status = self.process.wait()
                    raise EngineDied(f"exit status {status} (-9: no answer in {self.timeout} s)\n" + "".join(lines[-40:]))
                lines.append(line)
            self.process.stdout.readline()  # the closing bracket
        except BrokenPipeError:
            raise EngineDied(f"exit status {self.process.wait()}\n" + (self.process.stdout.read() or "")) from None
        finally:
            hung.cancel()
        text = "".join(lines[:-2])
        # An error of a late row comes behind the bracket of the rows.
        if match := re.search(r"^\[?ERROR:  (.*)$", text, re.MULTILINE):
            state = re.search(r"^SQLSTATE: (\w+)$", text, re.MULTILINE)
            raise EngineError(match.group(1), state.group(1) if state else "")
        text = "".join(line for line in lines[:-2] if not re.match(r"(NOTICE|INFO|WARNING|HINT|DETAIL):? ", line))
        if not text.strip():
            return []
        pairs = json.loads(text, parse_float=Decimal, parse_int=Decimal,
                           object_pairs_hook=lambda items: [value for _, value in items])
        return pairs

    def write(self, contents):
        """Puts files into the bucket and gives their common prefix."""
        self.files += 1
        for index, content in enumerate(contents):
            (self.bucket / f"{self.files}.{index}.csv").write_text(content, encoding="utf-8")
        return f"{self.files}."

    def reopen(self):
        self.close()
        self.start()

    def close(self):
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        try:
            return self.process.wait(timeout=self.timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise EngineDied("the program does not end") from None


class DuckDB:
    def __init__(self):
        self.connection = duckdb.connect(config={"threads": 1})
        self.connection.execute("set memory_limit = '2GB'")

    def ask(self, statement):
        try:
            return self.connection.execute(statement).fetchall()
        except duckdb.Error as error:
            raise EngineError(str(error).split("\n")[0]) from None

    def close(self):
        self.connection.close()
