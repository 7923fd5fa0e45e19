"""Random typed expressions, each with its text for both engines.

An expression knows a bound of its absolute value, so that ordinary queries never overflow, and whether its value is exact:
what is not (a float sum, a decimal quotient) is compared with a tolerance and never decides which rows there are.

Where the dialects differ, the rule is encoded here, once, in what is written for DuckDB:
- a literal has its Redshift type by an explicit cast (5 is INTEGER, 1.50 is DECIMAL(3,2));
- integer division is `//` (it truncates), integer AVG is the truncated quotient of SUM and COUNT;
- SUM of integers is cast to BIGINT, so that it overflows where ours must;
- DATE_TRUNC and DATEADD of a DATE are a TIMESTAMP;
- escapes in LIKE are always named (only ours has a default), SIMILAR TO and ~ become RE2 patterns;
- ORDER BY always says NULLS FIRST or NULLS LAST, as Redshift's default would be;
- ROUND, CAST to a lower scale and CAST of a decimal to an integer round half away from zero in both;
- a decimal quotient is compared at our scale, as a double of theirs.
"""
import dataclasses
import random

OURS, THEIRS = 0, 1


@dataclasses.dataclass(frozen=True)
class Type:
    name: str  # smallint int bigint dec real double bool char varchar date time timestamp timestamptz varbyte
    precision: int = 0
    scale: int = 0

    @property
    def kind(self):
        return KINDS[self.name]

    def sql(self, dialect):
        if self.name == "dec":
            return f"decimal({self.precision},{self.scale})"
        if self.name in ("char", "varchar"):
            return f"{self.name}({self.precision})" if dialect == OURS else "varchar"
        if self.name == "double":
            return "double precision" if dialect == OURS else "double"
        if self.name == "bool":
            return "boolean"
        if self.name == "varbyte":
            return f"varbyte({self.precision})" if dialect == OURS else "blob"
        # Sessions are in UTC, so a TIMESTAMPTZ is a TIMESTAMP to the peer, which would need an extension for it.
        if self.name == "timestamptz" and dialect == THEIRS:
            return "timestamp"
        return self.name


KINDS = {
    "smallint": "int", "int": "int", "bigint": "int", "dec": "dec", "real": "float", "double": "float", "bool": "bool",
    "char": "str", "varchar": "str", "date": "date", "time": "time", "timestamp": "ts", "timestamptz": "tz",
    "varbyte": "bytes",
}
SMALLINT, INT, BIGINT, DOUBLE, BOOL, DATE, TIMESTAMP, TIME = map(
    Type, ("smallint", "int", "bigint", "double", "bool", "date", "timestamp", "time"))
LIMITS = {"smallint": 2**15 - 1, "int": 2**31 - 1, "bigint": 2**63 - 1}
DIGITS = {"smallint": 5, "int": 10, "bigint": 19}


def varchar(length=256):
    return Type("varchar", length)


class Expression:
    """Two templates (`{0}` is the first part) and the parts, which are expressions or queries."""

    __slots__ = ("templates", "parts", "type", "bound", "is_exact", "is_literal")

    def __init__(self, ours, theirs, parts, type, bound=0, is_exact=True, is_literal=False):
        self.templates = (ours, ours if theirs is None else theirs)
        self.parts = list(parts)
        self.type = type
        self.bound = bound
        self.is_literal = is_literal
        self.is_exact = is_exact and all(getattr(part, "is_exact", True) for part in self.parts)

    def text(self, dialect):
        return self.templates[dialect].format(*(part.text(dialect) for part in self.parts))

    @property
    def kind(self):
        return self.type.kind

    def smaller(self):
        """Simpler expressions of the same kind, simplest first: for the minimiser."""
        if not self.is_literal:
            yield Expression("null::" + self.type.sql(OURS), "null::" + self.type.sql(THEIRS), [], self.type,
                             is_literal=True)
        for part in self.parts:
            if isinstance(part, Expression) and part.kind == self.kind:
                yield part
        for index, part in enumerate(self.parts):
            for other in part.smaller():
                copy = Expression(*self.templates, self.parts, self.type, self.bound, self.is_exact)
                copy.parts[index] = other
                yield copy


def braces(text):
    return text.replace("{", "{{").replace("}", "}}")


def literal(text, type, bound=0, cast=True):
    """`text` as both engines read it; theirs is cast to the type that ours has by itself."""
    theirs = f"cast({text} as {type.sql(THEIRS)})" if cast else text
    return Expression(braces(text), braces(theirs), [], type, bound, is_literal=True)


def column(name, type, bound=0, is_exact=True):
    return Expression(braces(name), None, [], type, bound, is_exact)


WORDS = ["", "a", "b", "ab", "abc", "abd", "B", "zz", "a%b", "a_b", "x.y", "Ünï", "ß", "hello-world", "0", "12", "-7",
         "é", "日本", "o'clock", "tab\tq", "AbC", "aaa", "ba", "a,b", "cab"]
PATTERNS = ["a%", "%b", "%a%", "_", "__", "a_b", "%", "", "ab", "%o'c%", "a%b%", "%b_%", "h%o-w%d", "_b%", "%é%", "日_"]
ESCAPED = ["a!%%", "%!_b", "a!%b"]
SIMILAR = [("a(b|c)%", "a(b|c).*"), ("(a|b)+", "(a|b)+"), ("[a-c]*", "[a-c]*"), ("%b{{1,2}}%", ".*b{{1,2}}.*"),
           ("_b_", ".b."), ("a?b", "a?b")]
REGULAR = ["^a", "b$", "^[a-c]+$", "o.*w", "a|z", "(ab)+", "^.b", "[0-9]+"]
DATES = ["1970-01-01", "1969-12-31", "2000-02-29", "2020-01-01", "2020-01-31", "2020-02-29", "2020-12-31", "2021-06-15",
         "1999-12-31", "2021-03-01", "1900-03-01", "0001-01-01", "9999-12-31"]
TIMES = ["00:00:00", "23:59:59.999999", "12:00:00", "12:34:56", "12:34:56.5", "01:02:03.000001"]


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


class Generator:
    """Expressions over a set of leaves (columns, aggregates). `subquery`, if given, makes one with those leaves in reach."""

    def __init__(self, random: random.Random, leaves, subquery=None, may_fail=False):
        self.random = random
        self.leaves = leaves
        self.subquery = subquery
        self.may_fail = may_fail

    # MARK: by kind

    def any(self, depth=2, kinds=("int", "int", "dec", "float", "bool", "str", "str", "date", "ts")):
        leaf = self.column() if self.random.random() < 0.6 else None
        kind = leaf.kind if leaf and leaf.kind in kinds else self.random.choice(kinds)
        return self.of(kind, depth)

    def of(self, kind, depth):
        if depth <= 0 or self.random.random() < 0.25:
            return self.leaf(kind)
        return getattr(self, "make_" + kind, self.leaf_of(kind))(depth)

    def leaf_of(self, kind):
        return lambda depth: self.leaf(kind)

    def leaf(self, kind):
        choices = [leaf for leaf in self.leaves if leaf.kind == kind and leaf.is_exact]
        if choices and self.random.random() < 0.85:
            return self.random.choice(choices)
        return self.literal(kind)

    def column(self, kind=None):
        choices = [leaf for leaf in self.leaves if leaf.is_exact and (kind is None or leaf.kind == kind)]
        return self.random.choice(choices) if choices else None

    def literal(self, kind):
        r = self.random
        if r.random() < 0.04:
            type = {"int": INT, "dec": Type("dec", 10, 2), "float": DOUBLE, "bool": BOOL, "str": varchar(10), "date": DATE,
                    "ts": TIMESTAMP, "time": TIME, "tz": Type("timestamptz"), "bytes": Type("varbyte", 20)}[kind]
            return Expression("null::" + type.sql(OURS), "null::" + type.sql(THEIRS), [], type, is_literal=True)
        match kind:
            case "int":
                value = r.choice([0, 1, 2, 3, 5, 7, 10, 100, r.randint(0, 1000)])
                return literal(str(value), INT, value)
            case "dec":
                scale = r.randint(1, 3)
                text = f"{r.randint(0, 99)}.{r.randint(0, 10**scale - 1):0{scale}}"
                digits = len(text.lstrip("0.").replace(".", "")) if text[0] == "0" else len(text) - 1
                # Redshift counts 0.05 as DECIMAL(2,2); an explicit type leaves no doubt.
                type = Type("dec", max(digits, scale) + 1, scale)
                return Expression(f"{text}::{type.sql(OURS)}", f"cast({text} as {type.sql(THEIRS)})", [], type, 100,
                                  is_literal=True)
            case "float":
                value = r.randint(-400, 400) / 4
                return Expression(f"{value}::float8", f"cast({value} as double)", [], DOUBLE, 100, is_literal=True)
            case "bool":
                return literal(r.choice(["true", "false"]), BOOL, cast=False)
            case "str":
                return literal(quoted(r.choice(WORDS)), varchar(30), cast=False)
            case "date":
                return Expression(f"date '{(d := r.choice(DATES[:-2]))}'", None, [], DATE, is_literal=True)
            case "ts":
                text = f"timestamp '{r.choice(DATES[:-2])} {r.choice(TIMES)}'"
                return Expression(text, None, [], TIMESTAMP, is_literal=True)
            case "tz":
                text = f"{r.choice(DATES[:-2])} {r.choice(TIMES)}"
                return Expression(f"timestamptz '{text}+00'", f"timestamp '{text}'", [], Type("timestamptz"),
                                  is_literal=True)
            case "time":
                return Expression(f"time '{r.choice(TIMES)}'", None, [], TIME, is_literal=True)
            case _:
                text = r.choice(["", "00", "61", "ff00", "616263"])
                return Expression(f"from_hex('{text}')", f"unhex('{text}')", [], Type("varbyte", 20), is_literal=True)

    # MARK: numbers

    def make_int(self, depth):
        r = self.random
        match r.randrange(16):
            case 0 | 1 | 2 | 3:
                return self.integer_arithmetic(depth)
            case 4:
                a = self.of("int", depth - 1)
                return a if a.bound > LIMITS[a.type.name] else Expression("(- {0})", None, [a], a.type, a.bound)
            case 5:
                a = self.of("int", depth - 1)
                return a if a.bound > LIMITS[a.type.name] else Expression("abs({0})", None, [a], a.type, a.bound)
            case 6:
                a, b = self.of("int", depth - 1), self.literal("int")
                divisor = max(b.bound, 1)
                if a.bound > LIMITS[a.type.name]:
                    return a
                return Expression(f"mod({{0}}, {divisor})", f"({{0}} % cast({divisor} as integer))", [a],
                                  wider(a.type, INT), divisor)
            case 7 | 8:
                return self.conditional("int", depth)
            case 9:
                a = self.of("str", depth - 1)
                return Expression("len({0})", "length({0})", [a], INT, 4000)
            case 10:
                part = r.choice(["year", "month", "day", "quarter", "dow", "doy"])
                a = self.of(r.choice(["date", "ts"]), depth - 1)
                return Expression(f"extract({part} from {{0}})", f"cast(extract({part} from {{0}}) as integer)", [a], INT,
                                  10_000)
            case 11:
                a, b = self.of("date", depth - 1), self.of("date", depth - 1)
                return Expression("({0} - {1})", "cast({0} - {1} as integer)", [a, b], INT, 4_000_000)
            case 12:
                part = r.choice(["day", "month", "year", "quarter"])
                kind = r.choice(["date", "ts"])
                a, b = self.of(kind, depth - 1), self.of(kind, depth - 1)
                return Expression(f"datediff({part}, {{0}}, {{1}})", f"date_diff('{part}', {{0}}, {{1}})", [a, b], BIGINT,
                                  4_000_000)
            case 13:
                a, b = self.of("str", depth - 1), self.literal("str")
                return Expression("strpos({0}, {1})", "cast(strpos({0}, {1}) as integer)", [a, b], INT, 4000)
            case 14:
                a = self.of(r.choice(["dec", "dec", "bool"]), depth - 1)
                if a.bound > LIMITS["int"] - 1:
                    return self.leaf("int")
                return Expression("{0}::int", "cast({0} as integer)", [a], INT, a.bound + 1)
            case _:
                return self.scalar("int", depth)

    def integer_arithmetic(self, depth):
        r = self.random
        a, b = self.of("int", depth - 1), self.of("int", depth - 1)
        type = wider(a.type, b.type)
        operator = r.choice("++--**/")
        if max(a.bound, b.bound) > LIMITS[type.name] and not self.may_fail:
            return a
        bound = {"+": a.bound + b.bound, "-": a.bound + b.bound, "*": a.bound * b.bound, "/": a.bound}[operator]
        if bound > LIMITS[type.name] and not self.may_fail:
            return a
        if operator == "/":
            if self.may_fail:
                return Expression("({0} / {1})", "({0} // {1})", [a, b], type, bound)
            return Expression("({0} / nullif({1}, 0))", "({0} // nullif({1}, 0))", [a, b], type, bound)
        return Expression(f"({{0}} {operator} {{1}})", None, [a, b], type, min(bound, LIMITS[type.name]))

    def make_dec(self, depth):
        r = self.random
        match r.randrange(9):
            case 0 | 1 | 2:
                a, b = self.of("dec", depth - 1), self.of(r.choice(["dec", "dec", "int"]), depth - 1)
                (p1, s1), (p2, s2) = digits(a.type), digits(b.type)
                operator = r.choice("+-*")
                if operator == "*":
                    type, bound = Type("dec", p1 + p2 + 1, s1 + s2), a.bound * b.bound
                else:
                    scale = max(s1, s2)
                    type, bound = Type("dec", max(p1 - s1, p2 - s2) + 1 + scale, scale), a.bound + b.bound
                # The peer computes in 64 bits where it thinks that these do.
                if type.precision > 38 or bound * 10**type.scale > 10**16:
                    return a
                return Expression(f"({{0}} {operator} {{1}})", None, [a, b], type, bound)
            case 3:
                a = self.of("dec", depth - 1)
                return Expression("(- {0})", None, [a], a.type, a.bound)
            case 4:
                a = self.of("dec", depth - 1)
                return Expression("abs({0})", None, [a], a.type, a.bound)
            case 5:
                a = self.of("dec", depth - 1)
                scale = r.randint(0, 3)
                whole = len(str(int(a.bound))) + 1
                return Expression(f"{{0}}::decimal({whole + scale},{scale})",
                                  f"cast({{0}} as decimal({whole + scale},{scale}))", [a], Type("dec", whole + scale, scale),
                                  a.bound + 1)
            case 6:
                a = self.of("int", depth - 1)
                whole = len(str(a.bound)) + 1
                return Expression(f"{{0}}::decimal({whole + 2},2)", f"cast({{0}} as decimal({whole + 2},2))", [a],
                                  Type("dec", whole + 2, 2), a.bound)
            case 7:
                return self.conditional("dec", depth)
            case _:
                return self.scalar("dec", depth)

    def make_float(self, depth):
        r = self.random
        match r.randrange(5):
            case 0 | 1:
                a, b = self.of("float", depth - 1), self.of(r.choice(["float", "int"]), depth - 1)
                operator = r.choice("+-*")
                bound = a.bound * b.bound if operator == "*" else a.bound + b.bound
                if bound > 2**24 or "real" in (a.type.name, b.type.name):
                    return a
                return Expression(f"({{0}} {operator} {{1}})", None, [a, b], DOUBLE, bound)
            case 2:
                a = self.of("int", depth - 1)
                return Expression("{0}::float8", "cast({0} as double)", [a], DOUBLE, a.bound) if a.bound < 2**24 else \
                    self.leaf("float")
            case 3:
                return self.conditional("float", depth)
            case _:
                a = self.of("float", depth - 1)
                return Expression(f"{r.choice(['floor', 'ceil', 'abs'])}({{0}})", None, [a], a.type, a.bound + 1)

    # MARK: text, dates

    def make_str(self, depth):
        r = self.random
        a = self.of("str", depth - 1)
        match r.randrange(14):
            case 0 | 1:
                return Expression("({0} || {1})", None, [a, self.of("str", depth - 1)], varchar())
            case 2:
                return Expression(f"{r.choice(['upper', 'lower'])}({{0}})", None, [a], varchar()) if is_ascii(a) else a
            case 3:
                return Expression(f"substring({{0}}, {r.randint(1, 4)}, {r.randint(0, 4)})", None, [a], varchar())
            case 4:
                return Expression(f"{r.choice(['left', 'right'])}({{0}}, {r.randint(0, 4)})", None, [a], varchar())
            case 5:
                return Expression("replace({0}, {1}, {2})", None,
                                  [a, literal(quoted(r.choice("ab")), varchar(1), cast=False), self.literal("str")], varchar())
            case 6:
                return Expression(f"{r.choice(['lpad', 'rpad'])}({{0}}, {r.randint(0, 6)}, 'xy')", None, [a], varchar())
            case 7:
                return Expression("reverse({0})", None, [a], varchar())
            case 8:
                return Expression(f"split_part({{0}}, 'b', {r.randint(1, 3)})", None, [a], varchar())
            case 9:
                b = self.of(r.choice(["int", "dec", "date"]), depth - 1)
                return Expression("{0}::varchar", "cast({0} as varchar)", [b], varchar())
            case 10:
                return Expression("coalesce({0}, {1})", None, [a, self.of("str", depth - 1)], varchar())
            case 11:
                return Expression("translate({0}, 'ab', 'xy')", None, [a], varchar())
            case 12:
                return self.scalar("str", depth)
            case _:
                return self.conditional("str", depth)

    def make_date(self, depth):
        r = self.random
        a = self.of("date", depth - 1)
        match r.randrange(5):
            case 0:
                # The extremes of the calendar would overflow.
                return Expression(f"({{0}} {r.choice('+-')} {r.randint(0, 200)})", None, [a], DATE) if a.is_literal else a
            case 1:
                return Expression("{0}::date", "cast({0} as date)", [self.of("ts", depth - 1)], DATE)
            case 2:
                return Expression("last_day({0})", None, [a], DATE)
            case _:
                return self.conditional("date", depth)

    def make_ts(self, depth):
        r = self.random
        match r.randrange(6):
            case 0 | 1:
                part = r.choice(["year", "quarter", "month", "week", "day", "hour", "minute"])
                a = self.of(r.choice(["date", "ts"]), depth - 1)
                return Expression(f"date_trunc('{part}', {{0}})", f"date_trunc('{part}', cast({{0}} as timestamp))", [a],
                                  TIMESTAMP)
            case 2:
                a = self.literal(r.choice(["date", "ts"]))
                part, n = r.choice([("day", 40), ("month", 30), ("hour", 100), ("minute", 5000), ("week", 9)]), 0
                n = r.randint(-part[1], part[1])
                return Expression(f"dateadd({part[0]}, {n}, {{0}})",
                                  f"(cast({{0}} as timestamp) + {n} * interval 1 {part[0]})", [a], TIMESTAMP)
            case 3:
                a = self.literal(r.choice(["date", "ts"]))
                n, part = r.randint(1, 20), r.choice(["day", "month", "hour"])
                return Expression(f"({{0}} {(o := r.choice('+-'))} interval '{n} {part}')",
                                  f"(cast({{0}} as timestamp) {o} interval {n} {part})", [a], TIMESTAMP)
            case 4:
                return Expression("{0}::timestamp", "cast({0} as timestamp)", [self.of("date", depth - 1)], TIMESTAMP)
            case _:
                return self.conditional("ts", depth)

    # MARK: conditions

    def make_bool(self, depth):
        r = self.random
        match r.randrange(20):
            case 0 | 1 | 2 | 3 | 4:
                return self.comparison(depth)
            case 5 | 6:
                parts = [self.of("bool", depth - 1) for _ in range(r.randint(2, 3))]
                word = r.choice([" and ", " or "])
                return Expression("(" + word.join(f"{{{i}}}" for i in range(len(parts))) + ")", None, parts, BOOL)
            case 7:
                return Expression("(not {0})", None, [self.of("bool", depth - 1)], BOOL)
            case 8:
                return Expression(f"({{0}} is {r.choice(['', 'not '])}null)", None, [self.any(depth - 1)], BOOL)
            case 9:
                kind = r.choice(["int", "dec", "str", "date"])
                parts = [self.of(kind, depth - 1)] + [self.of(kind, 0) for _ in range(2)]
                if not are_comparable(parts):
                    return self.leaf("bool")
                return Expression(f"({{0}} {r.choice(['', 'not '])}between {{1}} and {{2}})", None, parts, BOOL)
            case 10 | 11:
                kind = r.choice(["int", "str", "date", "dec"])
                parts = [self.of(kind, depth - 1)] + [self.literal(kind) for _ in range(r.choice([1, 2, 3, 12]))]
                if not are_comparable(parts):
                    return self.leaf("bool")
                inside = ", ".join(f"{{{i}}}" for i in range(1, len(parts)))
                return Expression(f"({{0}} {r.choice(['', '', 'not '])}in ({inside}))", None, parts, BOOL)
            case 12 | 13:
                return self.pattern(depth)
            case 14:
                a = self.of("bool", depth - 1)
                word = r.choice(["is true", "is not true", "is false", "is not false", "is unknown", "is not unknown"])
                theirs = word.replace("unknown", "null")
                return Expression(f"({{0}} {word})", f"({{0}} {theirs})", [a], BOOL)
            case 15 | 16 | 17 if self.subquery and depth > 1:
                return self.subquery_predicate(depth)
            case _:
                return self.leaf("bool") if r.random() < 0.4 else self.comparison(depth)

    def comparison(self, depth):
        r = self.random
        kind = r.choice(["int", "int", "int", "dec", "str", "str", "date", "ts", "float", "bool", "time", "tz", "bytes"])
        if kind in ("time", "tz", "bytes") and self.column(kind) is None:
            kind = "int"
        a, b = self.of(kind, depth - 1), self.of(kind if kind != "dec" or r.random() < 0.6 else "int", depth - 1)
        operator = r.choice(["=", "=", "<>", "<", "<=", ">", ">="])
        if not are_comparable([a, b]):
            b = a
        return Expression(f"({{0}} {operator} {{1}})", None, [a, b], BOOL)

    def pattern(self, depth):
        r = self.random
        a = self.of("str", depth - 1)
        negation = r.choice(["", "", "not "])
        match r.randrange(6):
            case 0 | 1 | 2:
                pattern = quoted(r.choice(PATTERNS))
                word = r.choice(["like", "like", "ilike"]) if is_ascii(a) else "like"
                return Expression(f"({{0}} {negation}{word} {pattern})", None, [a], BOOL)
            case 3:
                pattern = quoted(r.choice(ESCAPED))
                return Expression(f"({{0}} {negation}like {pattern} escape '!')", None, [a], BOOL)
            case 4:
                ours, theirs = r.choice(SIMILAR)
                return Expression(f"({{0}} {negation}similar to '{ours}')",
                                  f"({negation}regexp_full_match({{0}}, '{theirs}', 's'))", [a], BOOL)
            case _:
                pattern = r.choice(REGULAR)
                return Expression(f"({{0}} ~ '{pattern}')", f"regexp_matches({{0}}, '{pattern}')", [a], BOOL)

    def conditional(self, kind, depth):
        r = self.random
        parts = [self.of(kind, depth - 1) for _ in range(2)]
        kinds = {part.type.name for part in parts}
        if kind == "dec":
            type = common_decimal(*parts)
            if type is None:
                return parts[0]
        elif kind == "int":
            type = wider(*(part.type for part in parts))
        elif kind == "float" and "real" in kinds:
            return parts[0]
        else:
            type = varchar() if kind == "str" else parts[0].type
        bound = max(part.bound for part in parts)
        match r.randrange(9):
            case 7:
                return Expression("nvl2({2}, {0}, {1})", "case when {2} is not null then {0} else {1} end",
                                  parts + [self.any(0)], type, bound)
            case 8:
                a, n = self.of("int", 0), r.randint(0, 4)
                # A NULL matches a NULL here.
                return Expression(f"decode({{2}}, {n}, {{0}}, null, {{1}})",
                                  f"case when {{2}} = {n} then {{0}} when {{2}} is null then {{1}} end", parts + [a], type,
                                  bound)
            case 0 | 1:
                return Expression("case when {2} then {0} else {1} end", None, parts + [self.of("bool", depth - 1)], type,
                                  bound)
            case 2:
                return Expression("case when {1} then {0} end", None, [parts[0], self.of("bool", depth - 1)],
                                  parts[0].type, parts[0].bound)
            case 3:
                a = self.of("int", 0)
                return Expression("case {2} when 1 then {0} when {3} then {1} end", None, parts + [a, self.of("int", 0)],
                                  type, bound)
            case 4:
                return Expression("coalesce({0}, {1})", None, parts, type, bound)
            case 5:
                return Expression("nullif({0}, {1})", None, parts, parts[0].type, parts[0].bound)
            case _:
                return Expression(f"{r.choice(['greatest', 'least'])}({{0}}, {{1}})", None, parts, type, bound)

    # MARK: subqueries

    def scalar(self, kind, depth):
        if not self.subquery or depth < 2:
            return self.leaf(kind)
        query, item = self.subquery("scalar", kind, self.leaves)
        return Expression("({0})", None, [query], item.type, item.bound, item.is_exact) if item.is_exact else \
            self.leaf(kind)

    def subquery_predicate(self, depth):
        r = self.random
        match r.randrange(5):
            case 0 | 1:
                query, _ = self.subquery("exists", None, self.leaves)
                return Expression(f"({r.choice(['', 'not '])}exists ({{0}}))", None, [query], BOOL)
            case 2 | 3:
                kind = r.choice(["int", "int", "str", "date", "dec"])
                query, item = self.subquery("column", kind, self.leaves)
                left = self.of(kind, 1)
                if not are_comparable([left, item]):
                    return self.leaf("bool")
                return Expression(f"({{0}} {r.choice(['', 'not '])}in ({{1}}))", None, [left, query], BOOL)
            case _:
                kind = r.choice(["int", "str", "date"])
                query, _ = self.subquery("column", kind, self.leaves)
                operator = r.choice(["=", "<>", "<", "<=", ">", ">="])
                return Expression(f"({{0}} {operator} {r.choice(['any', 'all'])} ({{1}}))", None, [self.of(kind, 1), query],
                                  BOOL)


def wider(a, b):
    return max(a, b, key=lambda type: LIMITS[type.name])


def digits(type):
    return (DIGITS[type.name], 0) if type.kind == "int" else (type.precision, type.scale)


def common_decimal(*parts):
    """The type of CASE and friends, or None where Redshift's cap of 19 digits on 64-bit operands may bite."""
    scale = max(part.type.scale for part in parts)
    whole = max(part.type.precision - part.type.scale for part in parts)
    if whole + scale > 19:
        return None
    return Type("dec", whole + scale, scale)


def are_comparable(parts):
    """Decimals that fit one type of 38 digits: beyond, each engine has errors of its own."""
    shapes = [digits(part.type) for part in parts if part.kind in ("dec", "int")]
    return not shapes or max(p - s for p, s in shapes) + max(s for _, s in shapes) <= 38


def is_ascii(expression):
    """Case mapping beyond ASCII differs between the engines' Unicode tables, so those words stay out of it."""
    return False if not expression.parts and not expression.is_literal else expression.text(OURS).isascii() and \
        all(is_ascii(part) for part in expression.parts if isinstance(part, Expression))
