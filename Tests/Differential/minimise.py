"""Cuts a mismatch down: fewer tables and rows, a shorter query, the plainest design that still shows it."""
import dataclasses
import re
import shutil
import tempfile
import time

import compare
import schemas
from engines import Blueshift, DuckDB, EngineDied, EngineError
from expressions import OURS, THEIRS

SECONDS_MAX = 40


@dataclasses.dataclass
class Outcome:
    kind: str  # same, both fail, refused, differs, we fail, they fail, died
    text: str = ""

    @property
    def signature(self):
        """What a smaller case must share: the kind, and of an error its words without names and numbers."""
        return self.kind if self.kind in ("differs", "died") else (self.kind, re.sub(r"[^a-z ]|'.*'|\".*\"", "", self.text)[:40])

    @property
    def is_mismatch(self):
        return self.kind in ("differs", "we fail", "they fail", "died")


def outcome(ours, theirs, query):
    """What both engines make of a query."""
    expected = failure = None
    try:
        expected = theirs.ask(query.text(THEIRS))
    except EngineError as error:
        failure = error
    try:
        found = ours.ask(query.text(OURS))
    except EngineError as error:
        if compare.is_refused(error):
            return Outcome("refused", str(error))
        return Outcome("both fail") if failure else Outcome("we fail", f"{error} [{error.state}]")
    except EngineDied as error:
        return Outcome("died", str(error))
    if failure:
        return Outcome("they fail", str(failure))
    problem = compare.difference(query, found, expected)
    return Outcome("differs", problem) if problem else Outcome("same")


class World:
    """A pair of fresh engines with given tables, made again whenever rows or design change."""

    def __init__(self, program, nodes, slices, tables):
        self.program, self.nodes, self.slices, self.tables = program, nodes, slices, tables

    def minimised(self, query, theirs):
        """Text of .slt records that show the mismatch, or a note that fresh tables do not show it."""
        self.deadline = time.monotonic() + SECONDS_MAX
        tables = [schemas.Table(table.name, table.columns, table.design, self.rows(table, theirs))
                  for table in self.tables]
        kind = self.kind(tables, query)
        if kind is None:
            return "(not with fresh tables of the same rows: the changes before matter; run the round again)\n"
        self.wanted = kind
        tables = [table for table in tables if f"{table.name} " in query.text(OURS)]
        query = self.shorter(tables, query)
        for index, table in enumerate(tables):
            table.rows = self.fewer(tables, index, query)
        query = self.shorter(tables, query)
        tables = [table for table in tables if f"{table.name} " in query.text(OURS)]
        self.plainer(tables, query)
        return self.slt(tables, query)

    def rows(self, table, theirs):
        """The rows as they are now, as literals."""
        result = []
        for row in theirs.ask(f"select {', '.join(item.name for item in table.columns)} from {table.name}"):
            cells = []
            for value, item in zip(row, table.columns):
                if value is None:
                    cells.append(None)
                elif item.type.name == "varbyte":
                    cells.append("x" + value.hex())
                elif item.type.kind in ("int", "dec", "float", "bool"):
                    cells.append(str(value).lower() if item.type.kind == "bool" else format(value, "f")
                                 if item.type.kind == "dec" else str(value))
                else:
                    cells.append("'" + str(value).replace("'", "''") + "'")
            result.append(cells)
        return result

    def engines(self, tables):
        directory = tempfile.mkdtemp(prefix="blueshift-fuzz-")
        ours, theirs = Blueshift(self.program, self.nodes, self.slices, directory, timeout=10), DuckDB()
        for table in tables:
            ours.ask(table.create(OURS))
            theirs.ask(table.create(THEIRS))
            for start in range(0, len(table.rows), 1000):
                part = table.rows[start : start + 1000]
                ours.ask(table.insert(OURS, part))
                theirs.ask(table.insert(THEIRS, part))
        return ours, theirs, directory

    def kind(self, tables, query):
        """The kind of mismatch on fresh tables, or None."""
        try:
            ours, theirs, directory = self.engines(tables)
        except (EngineError, EngineDied):
            return None
        try:
            result = outcome(ours, theirs, query)
            return result.signature if result.is_mismatch else None
        finally:
            ours.process.kill()
            ours.process.wait()
            theirs.close()
            shutil.rmtree(directory, ignore_errors=True)

    def shorter(self, tables, query):
        ours, theirs, directory = self.engines(tables)
        try:
            again = True
            while again and time.monotonic() < self.deadline:
                again = False
                seen = len(query.text(OURS))
                for other in query.smaller():
                    if time.monotonic() > self.deadline:
                        break
                    try:
                        if len(other.text(OURS)) >= seen or not other.outputs():
                            continue
                        result = outcome(ours, theirs, other)
                    except (IndexError, KeyError):
                        continue
                    if result.kind == "died":
                        shutil.rmtree(directory, ignore_errors=True)
                        ours, theirs, directory = self.engines(tables)
                    if result.signature == self.wanted:
                        query, again = other, True
                        break
            return query
        finally:
            ours.process.kill()
            ours.process.wait()
            theirs.close()
            shutil.rmtree(directory, ignore_errors=True)

    def fewer(self, tables, index, query):
        """Delta debugging over the rows of one table."""
        table, size = tables[index], max(1, len(tables[index].rows) // 2)
        while size and time.monotonic() < self.deadline:
            start, changed = 0, False
            while start < len(table.rows) and time.monotonic() < self.deadline:
                before = table.rows
                table.rows = before[:start] + before[start + size :]
                if self.kind(tables, query) == self.wanted:
                    changed = True
                else:
                    table.rows = before
                    start += size
            if size == 1 and not changed:
                break
            size = max(1, size // 2) if size > 1 else (1 if changed else 0)
        return table.rows

    def plainer(self, tables, query):
        for table in tables:
            for design in ({"table": table.design["table"], "encode": {}}, {"table": "", "encode": {}}):
                before, table.design = table.design, design
                if self.kind(tables, query) != self.wanted:
                    table.design = before
        for table in tables:
            used = query.text(OURS)
            for position in range(len(table.columns) - 1, 0, -1):
                name = table.columns[position].name
                if f".{name}" in used or "(" + name + ")" in table.design["table"] or " " + name in table.design["table"]:
                    continue
                before = table.columns, table.rows
                table.columns = table.columns[:position] + table.columns[position + 1 :]
                table.rows = [row[:position] + row[position + 1 :] for row in table.rows]
                if self.kind(tables, query) != self.wanted:
                    table.columns, table.rows = before

    def slt(self, tables, query):
        ours, theirs, directory = self.engines(tables)
        try:
            result = outcome(ours, theirs, query)
            try:
                rows = theirs.ask(query.text(THEIRS))
                lines = ["|".join("NULL" if value is None else str(value) or "(empty)" for value in row) for row in rows]
            except EngineError as error:
                lines = [f"(DuckDB: {error})"]
        finally:
            ours.process.kill()
            ours.process.wait()
            theirs.close()
            shutil.rmtree(directory, ignore_errors=True)
        kinds = "".join({"int": "I", "dec": "R", "float": "R"}.get(item.kind, "T") for item in query.outputs())
        text = f"# {result.kind}: {result.text}\ncluster nodes={self.nodes} slices={self.slices}\n\n"
        for table in tables:
            text += f"statement ok\n{table.create(OURS)}\n\n"
            if table.rows:
                text += f"statement ok\n{table.insert(OURS, table.rows[:50])}\n\n"
        text += f"query {kinds}{'' if query.order else ' rowsort'}\n{query.text(OURS)}\n----\n" + "\n".join(lines[:30])
        return text + f"\n\n# DuckDB: {query.text(THEIRS)}\n"
