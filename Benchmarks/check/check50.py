#!/usr/bin/env python3
"""Times `blueshift check` of 50 assertions on tables of a million rows: opened from a directory, and made in memory."""

import argparse
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

# A million rows from ten; `small` first, so that each slice makes its own part.
SCHEMA = """
CREATE TABLE digits (n INT) DISTSTYLE ALL;
INSERT INTO digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);
CREATE TABLE sales (saleid INT, listid INT, buyerid INT, soldon DATE, price DECIMAL(8,2)) DISTKEY (listid) SORTKEY (soldon);
CREATE TABLE listing (listid INT, sellerid INT, state CHAR(2)) DISTKEY (listid);
CREATE TABLE visits (visitid INT, buyerid INT, page VARCHAR(20)) DISTSTYLE EVEN;
INSERT INTO listing SELECT a.n + 10*b.n + 100*c.n + 1000*d.n + 10000*e.n + 100000*f.n, b.n + 10*d.n + 100*f.n,
    CASE WHEN a.n < 3 THEN 'CA' WHEN a.n < 6 THEN 'NY' ELSE 'TX' END
    FROM digits a, digits b, digits c, digits d, digits e, digits f;
INSERT INTO sales SELECT listid, listid, sellerid, DATE '2020-01-01' + listid / 1000, 9.99 FROM listing;
INSERT INTO visits SELECT listid, sellerid, 'page ' || sellerid FROM listing;
VACUUM sales;
ANALYZE;
"""

JOIN = "SELECT count(*), sum(s.price) FROM sales s JOIN listing l ON s.listid = l.listid"
MOVING = "SELECT count(*) FROM sales s JOIN visits v ON s.saleid = v.visitid WHERE v.buyerid < 10"
RECENT = "SELECT sum(price) FROM sales WHERE soldon >= '2022-06-01'"


def assertions():
    """Ten of each of five kinds, of which two in ten run over a million rows and more."""
    lines = []
    for n in range(10):
        table, key = [("sales", "listid"), ("listing", "listid"), ("visits", None)][n % 3]
        lines.append(f"ASSERT SKEW OF {table} AT MOST 1.{n + 1};")
        lines.append(f"ASSERT DISTSTYLE OF {table} IS {f'KEY ({key})' if key else 'EVEN'};")
        column = ["sales.listid", "sales.buyerid", "listing.state", "visits.page", "listing.sellerid"][n % 5]
        lines.append(f"ASSERT NO VALUE OF {column} ABOVE {45 + n} PERCENT;")
        lines.append(f"ASSERT QUERY ({JOIN} WHERE l.sellerid <> {n}) JOINS WITHOUT MOVING AND WITHOUT NESTED LOOP;")
        lines.append([
            f"ASSERT QUERY ({JOIN} WHERE l.sellerid <> {n}) MOVES AT MOST 1 KB;",
            f"ASSERT QUERY ({RECENT} AND buyerid <> {n}) SKIPS AT LEAST 70 PERCENT OF BLOCKS OF sales;",
            f"ASSERT QUERY ({MOVING} AND v.buyerid <> {n}) MOVES AT MOST 20 MB;",
            f"ASSERT QUERY ({JOIN}) WITHOUT BROADCAST OF listing;",
            f"ASSERT QUERY ({RECENT}) SKIPS AT LEAST 70 PERCENT OF BLOCKS OF sales;",
        ][n % 5])
    return "\n".join(lines) + "\n"


def timed(command):
    start = time.monotonic()
    run = subprocess.run(command, capture_output=True, text=True)
    seconds = time.monotonic() - start
    if run.returncode != 0:
        raise SystemExit(f"{' '.join(command)}\n{run.stdout}{run.stderr}")
    return seconds, run.stdout.splitlines()[-1]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", default=".build/release/blueshift")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--limit", type=float, help="exit status 1 if the median on a directory takes longer, in seconds")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    try:
        (folder / "schema.sql").write_text(SCHEMA)
        (folder / "fifty.sql").write_text(assertions())
        shape = ["--nodes", "2", "--slices", "2"]
        subprocess.run(
            [options.program, "sql", "--data-dir", folder / "cluster", *shape, "-f", folder / "schema.sql"],
            check=True, capture_output=True)
        check = [options.program, "check", str(folder / "fifty.sql")]
        medians = {}
        for name, arguments in [
            ("on a directory", ["--data-dir", str(folder / "cluster")]),
            ("made in memory", ["--setup", str(folder / "schema.sql"), *shape]),
        ]:
            times = []
            for _ in range(options.runs):
                seconds, summary = timed(check + arguments)
                times.append(seconds)
            medians[name] = statistics.median(times)
            print(f"{name}: median {medians[name]:.2f} s, {min(times):.2f} to {max(times):.2f} s; {summary}")
        return 1 if options.limit and medians["on a directory"] > options.limit else 0
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    raise SystemExit(main())
