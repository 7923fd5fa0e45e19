#!/usr/bin/env python3
"""Writes TPC-DS data as gzip parts into a cluster's local bucket, ready for COPY, and DuckDB's own database of it.

    prepare.py --scale 0.01 --data-dir DIR     makes DIR/s3/tpcds/<table>/part-<n>.gz and DIR/peer.duckdb

The data come from DuckDB's extension (PyPI: duckdb==1.4.4, duckdb-ext-tpcds); a finished data set is left as it is.
"""
import argparse, pathlib, shutil, sys

TABLES = [
    "call_center", "catalog_page", "catalog_returns", "catalog_sales", "customer", "customer_address",
    "customer_demographics", "date_dim", "household_demographics", "income_band", "inventory", "item", "promotion",
    "reason", "ship_mode", "store", "store_returns", "store_sales", "time_dim", "warehouse", "web_page", "web_returns",
    "web_sales", "web_site",
]
FACTS = {"catalog_returns", "catalog_sales", "inventory", "store_returns", "store_sales", "web_returns", "web_sales"}
PARTS = 4


def extension():
    """The extension's file in its package: nothing is downloaded."""
    try:
        import duckdb_ext
    except ImportError:
        sys.exit("DuckDB's TPC-DS extension is missing: pip install duckdb==1.4.4 duckdb-ext-tpcds")
    files = [file for folder in duckdb_ext.__path__ for file in pathlib.Path(folder).rglob("tpcds.duckdb_extension")]
    if not files:
        sys.exit("duckdb-ext-tpcds has no file tpcds.duckdb_extension: pip install duckdb==1.4.4 duckdb-ext-tpcds")
    return files[0]


def connect(database=":memory:"):
    import duckdb

    connection = duckdb.connect(str(database), config={"allow_unsigned_extensions": "true"})
    connection.execute("set enable_progress_bar = false")
    connection.execute(f"load '{extension()}'")
    return connection


def prepare(scale, data_dir):
    data_dir = pathlib.Path(data_dir)
    bucket = data_dir / "s3" / "tpcds"
    done = data_dir / f"tpcds-{scale}.prepared"
    if done.exists():
        return bucket
    shutil.rmtree(bucket, ignore_errors=True)
    database = data_dir / "peer.duckdb"
    database.unlink(missing_ok=True)
    connection = connect(database)
    connection.execute(f"call dsdgen(sf = {scale})")
    for table in TABLES:
        (bucket / table).mkdir(parents=True, exist_ok=True)
        parts = PARTS if table in FACTS else 1
        for part in range(parts):
            rows = f"select * from {table}" + (f" where rowid % {parts} = {part}" if parts > 1 else "")
            connection.execute(
                f"copy ({rows}) to '{bucket}/{table}/part-{part}.gz' "
                r"(format csv, delimiter '|', header false, quote '', escape '', nullstr '\N', compression gzip)")
    connection.close()
    done.touch()
    return bucket


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--scale", default="0.01")
    arguments.add_argument("--data-dir", required=True)
    given = arguments.parse_args()
    pathlib.Path(given.data_dir).mkdir(parents=True, exist_ok=True)
    print(prepare(given.scale, given.data_dir))
