#!/usr/bin/env python3
"""Opens and closes connections for a minute, and looks at what the server keeps of them.

    connections.py --program .build/release/blueshift [--rate 1000] [--seconds 60]

Every connection logs in by md5 and asks one query; one in ten is dropped without a goodbye. Prints the rate reached and the server's memory, descriptors, threads and
sessions before, after the first fifth, and at the end; exit status 1 if something grew that should not, or the rate was not reached.
"""
import argparse, multiprocessing, os, pathlib, socket, sys, time

import psycopg
from servers import DATABASE, Blueshift, descriptors, status


def client(parameters, rate, seconds, answers):
    """Opens `rate` connections a second for `seconds` seconds; the count that worked."""
    done, begin = 0, time.monotonic()
    while time.monotonic() - begin < seconds:
        due = begin + done / rate
        if (wait := due - time.monotonic()) > 0:
            time.sleep(wait)
        connection = psycopg.connect(**parameters, autocommit=True)
        connection.pgconn.exec_(b"select 1")
        if done % 10 == 0:
            socket.socket(fileno=os.dup(connection.pgconn.socket)).shutdown(socket.SHUT_RDWR)
            connection.pgconn.finish()
        else:
            connection.close()
        done += 1
    answers.put(done)


def figures(server):
    with psycopg.connect(**server.parameters(dbname=DATABASE), autocommit=True) as connection:
        sessions = connection.execute("select count(*) from stv_sessions").fetchone()[0]
    return {"memory (MB)": status(server.process, "VmRSS") // 1024, "descriptors": descriptors(server.process),
            "threads": status(server.process, "Threads"), "sessions": sessions}


def round_of(server, rate, seconds, processes=4):
    answers = multiprocessing.Queue()
    parameters = server.parameters(dbname=DATABASE)
    workers = [multiprocessing.Process(target=client, args=(parameters, rate / processes, seconds, answers))
               for _ in range(processes)]
    begin = time.monotonic()
    for worker in workers:
        worker.start()
    count = sum(answers.get() for _ in workers)
    for worker in workers:
        worker.join()
    return count / (time.monotonic() - begin)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, required=True)
    parser.add_argument("--rate", type=int, default=1000)
    parser.add_argument("--seconds", type=int, default=60)
    options = parser.parse_args()
    with Blueshift(options.program.resolve()) as server:
        before = figures(server)
        print("before ", before, flush=True)
        reached = round_of(server, options.rate, options.seconds / 5)
        time.sleep(2)
        early = figures(server)
        print("a fifth", early, f"{reached:.0f} connections a second", flush=True)
        reached = round_of(server, options.rate, options.seconds * 4 / 5)
        time.sleep(2)
        late = figures(server)
        print("the end", late, f"{reached:.0f} connections a second", flush=True)
    grown = [name for name in ["descriptors", "sessions", "threads"] if late[name] > early[name] + 4]
    if late["memory (MB)"] > early["memory (MB)"] * 1.1 + 20:
        grown.append("memory")
    print("grown:", ", ".join(grown) or "nothing")
    return 1 if grown or reached < options.rate * 0.95 else 0


if __name__ == "__main__":
    sys.exit(main())
