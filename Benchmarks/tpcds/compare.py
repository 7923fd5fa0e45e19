#!/usr/bin/env python3
"""Times TPC-DS against DuckDB in one run on the same cores: 2 slices against 2 threads, data in each engine's own storage.

    compare.py --program .build/release/blueshift --data-dir DIR [--scale 1] [--queries 1,3,…] [--rounds 5]

One warm-up and then `rounds` rounds, the engines in turn, medians; answers are compared. Prints a Markdown table.
"""
import sys
from tpcds import TPCDS

if __name__ == "__main__":
    sys.exit(TPCDS.compare(__doc__, "1", TPCDS.numbers))
