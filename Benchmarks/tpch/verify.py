#!/usr/bin/env python3
"""Checks our answers to TPC-H against DuckDB's on several cluster shapes, the data loaded by COPY from gzip parts.

    verify.py --program .build/release/blueshift --data-dir DIR [--scale 0.1] [--shapes 1x1,2x2,4x8] [--queries 1,3,…]
              [--lineitem-sortkey l_orderkey] [--orders-sortkey o_orderkey]

Ends with the line `N passed, M failed`; exit status 1 if anything failed.
"""
import sys
from tpch import TPCH

if __name__ == "__main__":
    sys.exit(TPCH.verify(__doc__, "0.1"))
