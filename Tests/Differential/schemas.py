"""Random tables: columns of every type that both engines have, rows with nulls, skew, duplicates and extremes, a physical
design drawn at random, and changes (INSERT, COPY, UPDATE, DELETE, VACUUM, ANALYZE …) that keep both engines in step."""
import random

from expressions import (BOOL, DATES, DOUBLE, LIMITS, OURS, THEIRS, TIMES, WORDS, Expression, Generator, Type, column,
                         quoted)

ROLE = "arn:aws:iam::123456789012:role/blueshift"
INTEGERS = ("smallint", "int", "bigint")
ENCODINGS = {
    "int": ["raw", "az64", "bytedict", "delta", "lzo", "runlength", "zstd"],
    "dec": ["raw", "az64", "bytedict", "delta", "lzo", "mostly8", "runlength", "zstd"],
    "float": ["raw", "bytedict", "runlength", "zstd"], "bool": ["raw", "runlength", "zstd"],
    "str": ["raw", "bytedict", "lzo", "runlength", "zstd"],
    "date": ["raw", "az64", "bytedict", "delta", "delta32k", "lzo", "runlength", "zstd"],
    "ts": ["raw", "az64", "bytedict", "delta", "delta32k", "lzo", "runlength", "zstd"],
    "tz": ["raw", "az64", "bytedict", "delta", "delta32k", "lzo", "runlength", "zstd"],
    "time": ["raw", "az64", "bytedict", "lzo", "runlength", "zstd"],
    "bytes": ["raw", "lzo", "zstd"],
}


class Column:
    def __init__(self, name, type, style, is_nullable=True):
        self.name, self.type, self.style, self.is_nullable = name, type, style, is_nullable

    def bound(self):
        if self.name == "id":
            return 10_000_000
        if self.type.kind == "int":
            # The least value has no opposite, so nothing is computed from such a column.
            return LIMITS[self.type.name] + 1 if self.style == "extreme" else 1000
        if self.type.kind == "dec":
            return 10 ** (self.type.precision - self.type.scale) if self.style == "extreme" else 1000
        return 1000

    def value(self, r: random.Random, row):
        """An SQL literal as text for INSERT, or None."""
        if self.name == "id":
            return str(row)
        if self.is_nullable and r.random() < 0.15:
            return None
        kind = self.type.kind
        if self.style == "constant":
            r = random.Random(1)
        few = self.style == "few"
        if kind == "int":
            if self.style == "extreme" and r.random() < 0.4:
                limit = LIMITS[self.type.name]
                return str(r.choice([limit, -limit - 1, limit - 1, 0, -1]))
            return str(r.randint(0, 4) if few else min(int(r.expovariate(0.02)), 1000) if self.style == "skew"
                       else r.randint(-100, 1000))
        if kind == "dec":
            scale = self.type.scale
            if self.style == "extreme" and r.random() < 0.4:
                digits = "9" * min(self.type.precision, 18 if self.type.precision == 19 else 38)
                text = digits[: len(digits) - scale] + "." + digits[:scale] if scale else digits
                return r.choice(["", "-"]) + (text if text[0] != "." else "0" + text)
            top = min(10 ** (self.type.precision - scale) - 1, 5 if few else 900)
            return f"{r.choice(['', '', '-'])}{r.randint(0, top)}" + (
                f".{r.choice([0, 5, r.randint(0, 10**scale - 1)]) % 10**scale:0{scale}}" if scale else "")
        if kind == "float":
            return str(r.randint(0, 3) / 4 if few else r.randint(-2000, 2000) / 4)
        if kind == "bool":
            return r.choice(["true", "false", "true"])
        if kind == "str":
            word = r.choice(WORDS[1:5] if few else WORDS)
            if self.type.name == "char":
                word = word if word.isascii() else "c"
            elif self.style == "extreme" and r.random() < 0.2:
                word = r.choice("abc") * r.randint(1, max(6, self.type.precision - 2))
            return quoted(word[: self.type.precision // 3 if not word.isascii() else self.type.precision])
        if kind == "date":
            return quoted(r.choice(DATES[:6] if few else DATES if self.style == "extreme" else DATES[:-2]))
        if kind in ("ts", "tz"):
            return quoted(f"{r.choice(DATES[:4] if few else DATES[:-2])} {r.choice(TIMES[:2] if few else TIMES)}")
        if kind == "time":
            return quoted(r.choice(TIMES))
        return "x" + r.choice(["", "00", "61", "ff00", "616263", "7fff"])


def column_type(r):
    name = r.choice(["smallint", "int", "int", "int", "bigint", "dec", "dec", "real", "double", "bool", "char", "varchar",
                     "varchar", "varchar", "date", "date", "time", "timestamp", "timestamp", "timestamptz", "varbyte"])
    if name == "dec":
        scale = r.randint(0, 4)
        return Type(name, r.choice([scale + 4, scale + 6, 12, 18, 19, 30, 38]), scale)
    if name in ("char", "varchar"):
        return Type(name, r.choice([12, 20, 60, 256]))
    return Type(name, 20 if name == "varbyte" else 0)


class Table:
    def __init__(self, name, columns, design, rows):
        self.name, self.columns, self.design, self.rows = name, columns, design, rows

    @property
    def has_id(self):
        return self.columns[0].name == "id"

    def create(self, dialect):
        parts = []
        for item in self.columns:
            text = f"{item.name} {item.type.sql(dialect)}{'' if item.is_nullable else ' not null'}"
            if dialect == OURS and self.design["encode"].get(item.name):
                text += " encode " + self.design["encode"][item.name]
            parts.append(text)
        return f"create table {self.name} ({', '.join(parts)})" + (self.design["table"] if dialect == OURS else "")

    def leaves(self, alias):
        return [column(f"{alias}.{item.name}", item.type, item.bound()) for item in self.columns]

    def insert(self, dialect, rows):
        def cell(value, item):
            if value is None:
                return "null"
            if item.type.name == "varbyte":
                return f"from_hex('{value[1:]}')" if dialect == OURS else f"unhex('{value[1:]}')"
            return value
        texts = ("(" + ", ".join(map(cell, row, self.columns)) + ")" for row in rows)
        return f"insert into {self.name} values {', '.join(texts)}"

    def file(self, rows):
        """The rows as COPY reads them with CSV and NULL AS '\\N'."""
        def field(value):
            if value is None:
                return "\\N"
            text = value[1:-1].replace("''", "'") if value.startswith("'") else value
            return '"' + text.replace('"', '""') + '"'
        return "".join(",".join(map(field, row)) + "\n" for row in rows)


def random_table(r, name):
    count = r.randint(2, 6)
    columns = [Column("id", Type("int"), "id", False)] if r.random() < 0.85 else []
    columns.append(Column("k", Type(r.choice(INTEGERS)), r.choice(["few", "skew", "plain"])))
    for index in range(count):
        style = r.choice(["plain", "plain", "few", "skew", "extreme", "constant"])
        columns.append(Column(f"c{index}", column_type(r), style, r.random() < 0.8))
    rows = r.choice([0, 1, 2, 5, 20, 20, 60, 60, 200, 700] + ([2500, 5000] if r.random() < 0.3 else []))
    keys = [item.name for item in columns if item.type.name != "varbyte"]
    distribution = r.choice(["", "", " diststyle even", " diststyle all", " diststyle auto"] +
                            [f" {style}distkey({r.choice(keys)})" for style in ("", "", "diststyle key ")])
    sort = r.sample(keys, r.randint(1, min(3, len(keys))))
    sorting = r.choice(["", f" sortkey({', '.join(sort)})", f" compound sortkey({', '.join(sort)})",
                        f" interleaved sortkey({', '.join(sort)})"])
    encodings = {}
    for item in columns:
        if r.random() < 0.5:
            choices = list(ENCODINGS[item.type.kind])
            if item.type.name in ("int", "bigint"):
                choices += ["delta32k", "mostly8", "mostly16"]
            if item.type.name == "bigint":
                choices += ["mostly32"]
            if item.type.name == "smallint":
                choices += ["mostly8"]
            if item.type.name == "varchar":
                choices += ["text255", "text32k"]
            encodings[item.name] = r.choice(choices)
    table = Table(name, columns, {"table": distribution + sorting, "encode": encodings}, [])
    table.rows = [[item.value(r, row) for item in columns] for row in range(rows)]
    if rows > 5 and not table.has_id and r.random() < 0.5:
        table.rows += r.sample(table.rows, rows // 3)
    return table


class Change:
    """A statement for each engine, or one for both."""

    def __init__(self, ours, theirs=None, table=None, file=None):
        self.ours, self.theirs, self.table, self.file = ours, theirs, table, file


def load(r, table, bucket_file):
    """What fills a table: one INSERT, a few, or COPY of files that `bucket_file` writes."""
    rows, changes, start = table.rows, [], 0
    while start < len(rows):
        part = rows[start : start + r.choice([1, 10, 100, 1000, len(rows)])]
        start += len(part)
        theirs = table.insert(THEIRS, part)
        # A VARBYTE has no text form in COPY that both read alike.
        if r.random() < 0.5 and len(part) > 1 and all(item.type.name != "varbyte" for item in table.columns):
            pieces = r.choice([1, 1, 3, 4])
            prefix = bucket_file([table.file(part[piece::pieces]) for piece in range(pieces)])
            ours = (f"copy {table.name} from 's3://fuzz/{prefix}' iam_role '{ROLE}' region 'us-west-2' csv null as '\\N'"
                    + r.choice(["", " compupdate off", " statupdate on"]))
        else:
            ours = table.insert(OURS, part)
        changes.append(Change(ours, theirs, table))
    return changes


def random_change(r, tables):
    """One change of a random table."""
    table = r.choice(tables)
    generator = Generator(r, table.leaves(table.name))
    # Unqualified target columns read alike in both.
    where = generator.of("bool", 2)
    match r.randrange(9):
        case 0:
            return both(table, f"delete from {table.name} where {{}}", where)
        case 1 | 2:
            target = r.choice([item for item in table.columns if item.name != "id"])
            value = assigned(r, generator, target)
            return both(table, f"update {table.name} set {target.name} = {{}} where {{}}", value, where)
        case 3:
            other = r.choice([each for each in tables if each.has_id and each.name != table.name] or [None])
            target = r.choice([item for item in table.columns if item.name != "id"])
            if other is None or not table.has_id:
                return Change("analyze", "select 1")
            # One match a row: which of several wins is left open by both engines.
            source = Generator(r, [leaf for leaf in other.leaves("o")])
            value = assigned(r, source, target)
            return both(table, f"update {table.name} set {target.name} = {{}} from {other.name} o "
                               f"where {table.name}.id = o.id and {{}}", value, source.of("bool", 1))
        case 4:
            other = r.choice(tables)
            if other is table:
                return Change(f"vacuum {table.name}", "select 1", table)
            return both(table, f"delete from {table.name} using {other.name} o where {table.name}.k = o.k and {{}}",
                        Generator(r, other.leaves("o") + table.leaves(table.name)).of("bool", 1))
        case 5:
            if table.has_id or len(table.rows) > 800:
                return Change(f"vacuum {r.choice(['', 'full ', 'sort only ', 'delete only ', 'reindex '])}{table.name}",
                              "select 1", table)
            return both(table, f"insert into {table.name} select * from {table.name} where {{}}", where)
        case 6:
            return Change(f"vacuum {table.name}", "select 1", table)
        case 7:
            return Change(r.choice([f"analyze {table.name}", "analyze"]), "select 1", table)
        case _:
            rows = [[item.value(r, 5_000_000 + r.randrange(1_000_000)) for item in table.columns] for _ in range(3)]
            return Change(table.insert(OURS, rows), table.insert(THEIRS, rows), table)


def assigned(r, generator, target):
    """A value that fits the column: another of its very type, or a literal cast to it."""
    choices = [leaf for leaf in generator.leaves if leaf.type == target.type]
    if target.is_nullable and r.random() < 0.2:
        return Expression("null", None, [], target.type)
    if choices and target.is_nullable and r.random() < 0.5:
        return r.choice(choices)
    value = target.value(random.Random(r.random()), 7) or "null"
    if value == "null" and not target.is_nullable:
        value = "0"
    if target.type.name == "varbyte":
        hexadecimal = value[1:] if value != "null" else ""
        return Expression(f"from_hex('{hexadecimal}')", f"unhex('{hexadecimal}')", [], target.type)
    return Expression(value.replace("{", "{{").replace("}", "}}"), None, [], target.type)


def both(table, template, *expressions):
    return Change(template.format(*(item.text(OURS) for item in expressions)),
                  template.format(*(item.text(THEIRS) for item in expressions)), table)
