#!/usr/bin/env python3
"""Kills the server with SIGKILL under writing clients, and looks at what is there after each restart.

    kill9.py --program .build/release/blueshift [--kills 50] [--clients 16] [--seed 1]

Each client has a table of its own and shares one with the others; a transaction writes the same number to both, some in a
block of several statements. What a client was told is committed must be there after the restart; of what it was not told, all
or nothing. Ends with the line `N kills, M failures`.
"""
import argparse, pathlib, random, sys, tempfile, threading, time

import psycopg
from servers import DATABASE, Blueshift


class Client(threading.Thread):
    """Writes transactions numbered from where it stands until the server is gone."""

    def __init__(self, server, number, state, seed):
        super().__init__(daemon=True)
        self.server, self.number, self.state = server, number, state
        self.random = random.Random(seed)

    def run(self):
        try:
            with psycopg.connect(**self.server.parameters(dbname=DATABASE)) as connection:
                while True:
                    self.transaction(connection)
        except psycopg.Error as error:
            # The server was killed; whatever else is wrong shows in the tables.
            self.state["last error"] = str(error)

    def transaction(self, connection):
        value = self.state["attempted"] + 1
        self.state["attempted"] = value
        rows = self.random.randrange(1, 50)
        values = ", ".join(f"({value}, {row})" for row in range(rows))
        connection.execute(f"insert into own_{self.number} values {values}")
        if self.random.random() < 0.3:
            connection.execute(f"update own_{self.number} set part = part + 1000 where value = {value}")
        connection.execute(f"insert into own_{self.number}_copy values ({value}, {rows})")
        connection.commit()
        self.state["acknowledged"] = value


def check(server, states):
    """What is wrong after a restart, as a list of sentences."""
    wrong = []
    with psycopg.connect(**server.parameters(dbname=DATABASE), autocommit=True) as connection:
        for number, state in enumerate(states):
            rows = dict(connection.execute(f"select value, count(*) from own_{number} group by value").fetchall())
            told = dict(connection.execute(f"select value, part from own_{number}_copy").fetchall())
            if rows != told:
                wrong.append(f"client {number}: a transaction is half there: {set(rows.items()) ^ set(told.items())}")
            lost = [value for value in range(1, state["acknowledged"] + 1) if value not in told and value not in state["failed"]]
            if lost:
                wrong.append(f"client {number}: acknowledged and lost: {lost[:5]}")
            unknown = [value for value in told if value > state["attempted"]]
            if unknown:
                wrong.append(f"client {number}: never written: {unknown[:5]}")
            # What was attempted and is not there has failed; the next transaction has a number of its own.
            state["failed"] |= {value for value in range(state["acknowledged"] + 1, state["attempted"] + 1) if value not in told}
            state["acknowledged"] = state["attempted"]
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, required=True)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    moments = random.Random(options.seed)
    states = [{"attempted": 0, "acknowledged": 0, "failed": set()} for _ in range(options.clients)]
    failures = 0
    with tempfile.TemporaryDirectory() as directory:
        def start():
            return Blueshift(options.program.resolve(), data_dir=directory, nodes=2, slices=2).start()

        server = start()
        with psycopg.connect(**server.parameters(dbname=DATABASE), autocommit=True) as connection:
            for number in range(options.clients):
                connection.execute(f"create table own_{number} (value int, part int) distkey (value)")
                connection.execute(f"create table own_{number}_copy (value int, part int)")
        for kill in range(options.kills):
            clients = [Client(server, number, state, moments.random()) for number, state in enumerate(states)]
            for client in clients:
                client.start()
            time.sleep(moments.uniform(0.2, 2.0))
            server.kill()
            for client in clients:
                client.join()
            begin = time.monotonic()
            server = start()
            opened = time.monotonic() - begin
            wrong = check(server, states)
            for sentence in wrong:
                print(f"kill {kill + 1}: {sentence}")
            failures += bool(wrong)
            if (kill + 1) % 10 == 0:
                total = sum(state["acknowledged"] - len(state["failed"]) for state in states)
                print(f"{kill + 1} kills, {total} transactions, open in {opened * 1000:.0f} ms", flush=True)
        server.stop()
    print(f"{options.kills} kills, {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
