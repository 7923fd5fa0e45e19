"""Queues of the workload management from `--wlm-json-configuration`: who waits where, slots, and a rule that aborts."""

import json
import threading
import time

import psycopg
import pytest
from server import DATABASE, Server

QUEUES = [
    {"name": "Reports", "query_group": ["report*"], "query_group_wild_card": 1, "query_concurrency": 1,
     "memory_percent_to_use": 30, "rules": [{"rule_name": "too_long", "action": "abort", "predicate": [
         {"metric_name": "query_execution_time", "operator": ">", "value": 1}]}]},
    {"query_concurrency": 2, "memory_percent_to_use": 60},
]
LONG = "select count(*) from numbers a, numbers b, numbers c where a.n * b.n + c.n > 0"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    file = tmp_path_factory.mktemp("wlm") / "wlm.json"
    file.write_text(json.dumps(QUEUES))
    with Server("--wlm-json-configuration", file) as started:
        with connect(started) as connection:
            connection.execute("create table numbers (n int) diststyle all")
            connection.execute("insert into numbers values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)")
            for _ in range(2):
                connection.execute("insert into numbers select a.n * 37 + b.n from numbers a, numbers b limit 2000")
        yield started


def connect(server):
    return psycopg.connect(**server.parameters(dbname=DATABASE), autocommit=True)


def test_queues_are_those_of_the_file(server):
    with connect(server) as connection:
        assert connection.execute(
            "select service_class, trim(name), num_query_tasks from stv_wlm_service_class_config order by 1"
        ).fetchall() == [(5, "Superuser queue", 1), (6, "Reports", 1), (7, "Default queue", 2)]
        assert connection.execute(
            "select trim(condition), action_service_class from stv_wlm_classification_config order by id").fetchall() == [
                ("(super user) and (query group: superuser)", 5), ("(query group: report*)", 6), ("(querytype: any)", 7)]
        assert connection.execute(
            "select service_class, trim(rule_name), trim(action), trim(metric_name), trim(metric_operator), metric_value"
            " from stv_wlm_qmr_config").fetchall() == [(6, "too_long", "abort", "query_execution_time", ">", 1.0)]
        assert connection.execute("select count(*) from numbers where n >= 0").fetchone()[0] > 100
        number = connection.execute("select pg_last_query_id()").fetchone()[0]
        connection.execute("set query_group to 'reports_daily'")
        connection.execute("select count(*) from numbers where n >= 1")
        other = connection.execute("select pg_last_query_id()").fetchone()[0]
        assert dict(connection.execute(
            f"select query, service_class from stl_wlm_query where query in ({number}, {other})").fetchall()) == {
                number: 7, other: 6}


def test_a_rule_aborts_and_the_next_one_waited(server):
    outcomes, begin = [], time.monotonic()

    def run():
        with connect(server) as connection:
            connection.execute("set query_group to 'reports'")
            try:
                connection.execute(LONG)
                outcomes.append("done")
            except psycopg.errors.QueryCanceled as error:
                outcomes.append((str(error).splitlines()[0], time.monotonic() - begin))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    with connect(server) as watcher:
        while any(thread.is_alive() for thread in threads):
            states = watcher.execute("select trim(state) from stv_wlm_query_state where service_class = 6").fetchall()
            assert states.count(("Running",)) <= 1
            tasks = watcher.execute("select count(*) from stv_wlm_query_task_state where service_class = 6").fetchone()[0]
            assert tasks <= 1, "the queue has one slot"
            time.sleep(0.05)
        for thread in threads:
            thread.join()
        waits = watcher.execute(
            "select total_queue_time from stl_wlm_query where service_class = 6 order by query desc limit 2").fetchall()
        assert max(waits)[0] > 1_000_000 > min(waits)[0], "the one waited in its queue until the other one was aborted"
        assert len(outcomes) == 2 and all(outcome != "done" for outcome in outcomes), outcomes
        assert watcher.execute(
            "select trim(rule), trim(action) from stl_wlm_rule_action").fetchall() == [
                ("too_long", "abort")] * 2


def test_a_file_that_is_no_configuration(tmp_path):
    file = tmp_path / "wlm.json"
    file.write_text('[{"query_concurrency": 51}]')
    with pytest.raises(RuntimeError):
        Server("--wlm-json-configuration", file).start()
