"""TPC-DS for the drivers in Benchmarks/harness."""
import pathlib, sys

HERE = pathlib.Path(__file__).parent
sys.path.append(str(HERE.parent / "harness"))

from prepare import TABLES, prepare
from workload import Workload


def load_peer(workload, peer, bucket):
    """`prepare` has left the peer its database."""


TPCDS = Workload(
    HERE, "tpcds", TABLES, range(1, 100), prepare, load_peer, r"gzip delimiter '|' null as '\\N'")
