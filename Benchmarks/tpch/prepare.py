#!/usr/bin/env python3
"""Writes TPC-H data as gzip parts into a cluster's local bucket, ready for COPY.

    prepare.py --scale 0.1 --data-dir DIR     makes DIR/s3/tpch/<table>/part-<n>.gz

The text comes from tpchgen-cli (PyPI); a finished data set is left as it is.
"""
import argparse, concurrent.futures, gzip, pathlib, shutil, subprocess, sys, sysconfig, tempfile

TABLES = ["region", "nation", "supplier", "customer", "part", "partsupp", "orders", "lineitem"]
PARTS = {"lineitem": 8, "orders": 8, "partsupp": 4, "customer": 4, "part": 4}


def generator():
    """The program that the tpchgen-cli package installs beside this Python."""
    beside = pathlib.Path(sysconfig.get_path("scripts")) / "tpchgen-cli"
    found = str(beside) if beside.exists() else shutil.which("tpchgen-cli")
    if not found:
        sys.exit("tpchgen-cli is missing: pip install tpchgen-cli")
    return found


def compress(source, target):
    with open(source, "rb") as text, gzip.GzipFile(target, "wb", compresslevel=6, mtime=0) as packed:
        shutil.copyfileobj(text, packed, 1 << 20)


def prepare(scale, data_dir):
    bucket = pathlib.Path(data_dir) / "s3" / "tpch"
    done = bucket.parent.parent / f"tpch-{scale}.prepared"
    if done.exists():
        return bucket
    with tempfile.TemporaryDirectory(dir=data_dir) as scratch:
        for table in TABLES:
            subprocess.run(
                [generator(), "tbl", "-s", str(scale), "-T", table, "--parts", str(PARTS.get(table, 1)), "-o", scratch],
                check=True, stdout=subprocess.DEVNULL)
        work = []
        for table in TABLES:
            (bucket / table).mkdir(parents=True, exist_ok=True)
            files = sorted(pathlib.Path(scratch).glob(f"{table}/*.tbl")) or [pathlib.Path(scratch) / f"{table}.tbl"]
            work += [(file, bucket / table / f"part-{number}.gz") for number, file in enumerate(files)]
        with concurrent.futures.ProcessPoolExecutor(2) as pool:
            list(pool.map(compress, *zip(*work)))
    done.touch()
    return bucket


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--scale", default="0.1")
    arguments.add_argument("--data-dir", required=True)
    given = arguments.parse_args()
    pathlib.Path(given.data_dir).mkdir(parents=True, exist_ok=True)
    print(prepare(given.scale, given.data_dir))
