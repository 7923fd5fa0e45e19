#!/usr/bin/env python3
"""Runs the SQL of docs/ on the cluster that `blueshift demo --keep` leaves, and compares what is printed below it.

    python3 docs/check_examples.py .build/release/blueshift

A page's ```sql blocks run in order, in one session; a block of output right behind one must be what it prints. What only a run
can tell is left out of the comparison: lines of measured figures (`│`), times, numbers of queries. Exits with 1 and the
difference at the first page that does not show what comes out.
"""
import difflib
import re
import subprocess
import sys
import tempfile

PAGES = ["reading-a-querys-slices.md", "extensions.md"]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```\n", re.S | re.M)


def comparable(text):
    """Lines without what differs from run to run: measured figures, blanks at the ends, counts of rows."""
    lines = []
    for line in text.splitlines():
        line = line.strip().replace("+-", "--")
        if not line or "│" in line or re.fullmatch(r"\(\d+ rows?\)|[-+ ]+|QUERY PLAN", line):
            continue
        if line.startswith(("INFO:", "Query ", "Elapsed ", "stm seg ", "Moved ")):
            continue
        # A segment's line: its labels are the plan's, its times are not.
        segment = re.match(r"\d+\s+\d+  [·█]+ ", line)
        lines.append(" ".join(re.findall(r"[a-z]+", line.split("  ")[-1])) if segment else " ".join(line.split()))
    return lines


def shown_and_printed(page, run):
    """Statements, what the page shows behind them, and what they print."""
    statements = []
    end = 0
    for block in BLOCK.finditer(page):
        kind, content = block.groups()
        if kind == "sql":
            statements.append(content)
            end = block.end()
        elif kind == "" and end and not page[end:block.start()].strip():
            yield statements[-1], content, run(statements)


def main():
    binary = sys.argv[1]
    failed = False
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run([binary, "demo", "--keep"], cwd=directory, check=True, capture_output=True)

        def run(statements):
            *before, last = statements
            marker = "SELECT 'from here';\n"
            done = subprocess.run(
                [binary, "sql", "--data-dir", "blueshift-demo", "--file", "-"], cwd=directory, text=True,
                capture_output=True, input="".join(before) + marker + last)
            if done.returncode:
                sys.exit(f"{last}\n{done.stderr}")
            return done.stdout.split("from here\n", 1)[1]

        for name in PAGES:
            with open(f"{__file__.rpartition('/')[0]}/{name}") as file:
                page = file.read()
            for statement, shown, printed in shown_and_printed(page, run):
                wanted, found = comparable(shown), comparable(printed)
                if wanted != found:
                    failed = True
                    print(f"{name}: {statement.strip().splitlines()[0]} …")
                    print("\n".join(difflib.unified_diff(wanted, found, "shown", "printed", lineterm="", n=1)))
    sys.exit(failed)


if __name__ == "__main__":
    main()
