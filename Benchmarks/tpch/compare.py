#!/usr/bin/env python3
"""Times TPC-H against DuckDB in one run on the same cores: 2 slices against 2 threads, data in each engine's own storage.

    compare.py --program .build/release/blueshift --data-dir DIR [--scale 1] [--queries 1,3,…] [--rounds 5]
               [--lineitem-sortkey l_orderkey] [--orders-sortkey o_orderkey]

One warm-up and then `rounds` rounds, the engines in turn, medians; answers are compared. Prints a Markdown table, and
the most memory that each process had resident while it ran the queries (the load is another process's). A directory
keeps the sort keys that it was loaded with: take one for each layout.
"""
import sys
from tpch import TPCH

if __name__ == "__main__":
    sys.exit(TPCH.compare(__doc__, "1", [1, 3, 5, 6, 10, 12, 14, 19]))
