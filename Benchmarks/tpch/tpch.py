"""TPC-H for the drivers in Benchmarks/harness."""
import pathlib, sys

HERE = pathlib.Path(__file__).parent
sys.path.append(str(HERE.parent / "harness"))

from prepare import TABLES, prepare
from workload import Workload


def load_peer(workload, peer, bucket):
    if peer.ask("select count(*) from duckdb_tables() where table_name = 'lineitem'")[0] == [["1"]]:
        return
    for table, statement in workload.plain_schema():
        peer.ask(statement)
        peer.ask(f"copy {table} from '{bucket}/{table}/*.gz' (delimiter '|', header false)")


TPCH = Workload(
    HERE, "tpch", TABLES, range(1, 23), prepare, load_peer, "gzip delimiter '|'",
    sortkeys={"lineitem": "l_shipdate", "orders": "o_orderdate"})
