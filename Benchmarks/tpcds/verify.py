#!/usr/bin/env python3
"""Checks our answers to TPC-DS against DuckDB's on several cluster shapes, the data loaded by COPY from gzip parts.

    verify.py --program .build/release/blueshift --data-dir DIR [--scale 0.01] [--shapes 1x1,2x2,4x8] [--queries 1,3,…]

Needs `pip install duckdb==1.4.4 duckdb-ext-tpcds`. Ends with the line `N passed, M failed`; exit status 1 if anything
failed.
"""
import sys
from tpcds import TPCDS

if __name__ == "__main__":
    sys.exit(TPCDS.verify(__doc__, "0.01"))
