"""Random queries: joins of every kind, subqueries, grouping sets, windows, set operations, QUALIFY, WITH.

A query is a tree that prints itself for either engine and can name simpler versions of itself (for the minimiser). Results
are made deterministic: windows with frames and LIMIT order by what makes rows unique, or by every output column.
"""
import copy
import random

from expressions import (BIGINT, BOOL, DOUBLE, INT, OURS, THEIRS, Expression, Generator, Type, are_comparable, column,
                         digits, varchar, wider)

ROWS_MAX = 150_000


class TableSource:
    def __init__(self, name, alias):
        self.name, self.alias = name, alias

    def text(self, dialect):
        return f"{self.name} {self.alias}"

    def smaller(self):
        return iter(())


class DerivedSource:
    def __init__(self, query, alias):
        self.query, self.alias = query, alias

    def text(self, dialect):
        return f"({self.query.text(dialect)}) {self.alias}"

    def smaller(self):
        for query in self.query.smaller():
            yield DerivedSource(query, self.alias)


class Join:
    def __init__(self, kind, left, right, conditions=(), using=None):
        self.kind, self.left, self.right, self.conditions, self.using = kind, left, right, list(conditions), using

    def text(self, dialect):
        right = self.right.text(dialect)
        if isinstance(self.right, Join):
            right = f"({right})"
        text = f"{self.left.text(dialect)} {self.kind} join {right}"
        if self.using:
            return f"{text} using ({self.using})"
        if self.conditions:
            text += " on " + " and ".join(item.text(dialect) for item in self.conditions)
        return text

    def smaller(self):
        yield self.left
        yield self.right
        if self.kind not in ("inner", "cross") and not self.using:
            yield Join("inner", self.left, self.right, self.conditions)
        if len(self.conditions) > 1:
            for index in range(len(self.conditions)):
                yield Join(self.kind, self.left, self.right, self.conditions[:index] + self.conditions[index + 1 :])
        for left in self.left.smaller():
            yield Join(self.kind, left, self.right, self.conditions, self.using)
        for right in self.right.smaller():
            yield Join(self.kind, self.left, right, self.conditions, self.using)
        for index, item in enumerate(self.conditions):
            for other in item.smaller():
                conditions = list(self.conditions)
                conditions[index] = other
                yield Join(self.kind, self.left, self.right, conditions, self.using)


class Query:
    """What Select and SetOperation share: WITH before, ORDER BY and LIMIT behind."""

    ctes = ()
    order = ()
    limit = offset = None

    @property
    def is_exact(self):
        return all(item.is_exact for item in self.outputs())

    def text(self, dialect):
        text = self.body(dialect)
        if self.ctes:
            text = "with " + ", ".join(f"{name} as ({query.text(dialect)})" for name, query in self.ctes) + " " + text
        if self.order:
            text += " order by " + ", ".join(map(lambda key: sort_key(dialect, *key), self.order))
        if self.limit is not None:
            text += f" limit {self.limit}"
        if self.offset is not None:
            text += f" offset {self.offset}"
        return text

    def changed(self, **fields):
        other = copy.copy(self)
        for name, value in fields.items():
            setattr(other, name, value)
        return other

    def smaller_around(self):
        for index in range(len(self.ctes)):
            yield self.changed(ctes=self.ctes[:index] + self.ctes[index + 1 :])
        if self.limit is not None or self.offset is not None:
            yield self.changed(limit=None, offset=None)
        if self.order and self.limit is None:
            yield self.changed(order=[])
        if len(self.order) > 1:
            for index in range(len(self.order)):
                yield self.changed(order=self.order[:index] + self.order[index + 1 :])
        for index, (name, query) in enumerate(self.ctes):
            for other in query.smaller():
                yield self.changed(ctes=self.ctes[:index] + [(name, other)] + self.ctes[index + 1 :])


def sort_key(dialect, key, is_descending, nulls):
    """`nulls` is None for the default, which the peer must be told: NULLs are the highest values."""
    text = key.text(dialect) if isinstance(key, Expression) else str(key)
    text += " desc" if is_descending else ""
    if nulls or dialect == THEIRS:
        text += " nulls " + (nulls or ("first" if is_descending else "last"))
    return text


class Select(Query):
    def __init__(self, items, source, where=()):
        self.items, self.source, self.where = items, source, list(where)
        self.groups, self.grouping, self.having, self.qualify = [], "plain", [], []
        self.is_distinct = self.is_aggregate = False

    def outputs(self):
        return self.items

    def body(self, dialect):
        items = ", ".join(f"{item.text(dialect)} as c{index}" for index, item in enumerate(self.items, 1))
        text = f"select {'distinct ' if self.is_distinct else ''}{items}"
        if self.source is not None:
            text += f" from {self.source.text(dialect)}"
        if self.where:
            text += " where " + " and ".join(item.text(dialect) for item in self.where)
        if self.groups:
            texts = [item.text(dialect) for item in self.groups]
            match self.grouping:
                case "plain":
                    text += " group by " + ", ".join(texts)
                case "rollup" | "cube":
                    text += f" group by {self.grouping}({', '.join(texts)})"
                case sets:
                    inside = ", ".join("(" + ", ".join(texts[index] for index in each if index < len(texts)) + ")"
                                       for each in sets)
                    text += f" group by grouping sets ({inside})"
        if self.having:
            text += " having " + " and ".join(item.text(dialect) for item in self.having)
        if self.qualify:
            text += " qualify " + " and ".join(item.text(dialect) for item in self.qualify)
        return text

    def smaller(self):
        yield from self.smaller_around()
        for name in ("where", "having", "qualify"):
            items = getattr(self, name)
            for index in range(len(items)):
                yield self.changed(**{name: items[:index] + items[index + 1 :]})
        if self.is_distinct:
            yield self.changed(is_distinct=False)
        if len(self.items) > 1 and all(isinstance(key[0], Expression) for key in self.order):
            for index in range(len(self.items)):
                yield self.changed(items=self.items[:index] + self.items[index + 1 :])
        if self.grouping != "plain":
            yield self.changed(grouping="plain")
        for index in range(len(self.groups)):
            yield self.changed(groups=self.groups[:index] + self.groups[index + 1 :])
        if self.source is not None:
            for source in self.source.smaller():
                yield self.changed(source=source)
        for name in ("where", "having", "qualify", "items", "groups"):
            items = getattr(self, name)
            for index, item in enumerate(items):
                for other in item.smaller():
                    yield self.changed(**{name: items[:index] + [other] + items[index + 1 :]})


class SetOperation(Query):
    def __init__(self, operator, left, right):
        self.operator, self.left, self.right = operator, left, right

    def outputs(self):
        return self.left.outputs()

    def body(self, dialect):
        def branch(query):
            text = query.text(dialect)
            return f"({text})" if isinstance(query, SetOperation) else text
        return f"{branch(self.left)} {self.operator} {branch(self.right)}"

    def smaller(self):
        yield from self.smaller_around()
        if not self.order:
            yield self.left
            yield self.right
        for left in self.left.smaller():
            if len(left.outputs()) == len(self.left.outputs()):
                yield self.changed(left=left)
        for right in self.right.smaller():
            if len(right.outputs()) == len(self.right.outputs()):
                yield self.changed(right=right)


class Scope:
    """What a FROM gives: columns, what makes its rows unique (None: nothing does), and a guess of its rows."""

    def __init__(self, source, leaves, keys, rows):
        self.source, self.leaves, self.keys, self.rows = source, leaves, keys, rows


class QueryGenerator:
    def __init__(self, r: random.Random, tables):
        self.random, self.tables, self.names = r, tables, 0
        self.ctes = []  # (name, output expressions, rows) that may be read like tables
        self.depth = 0

    def name(self, prefix="t"):
        self.names += 1
        return f"{prefix}{self.names}"

    def query(self):
        r = self.random
        if r.random() < 0.04:
            return self.failing()
        ctes = []
        if r.random() < 0.15:
            for _ in range(r.randint(1, 2)):
                name = self.name("w")
                query, rows = self.any_query(depth=1, is_exact=True)
                ctes.append((name, query))
                self.ctes.append((name, query.outputs(), rows))
        query, _ = self.any_query(depth=2)
        query.ctes = ctes
        return query

    def any_query(self, depth, is_exact=False):
        r = self.random
        if r.random() < 0.14:
            query, rows = self.set_operation(depth)
        else:
            query, rows = self.select(depth, [], is_exact=is_exact)
        self.finish(query)
        return query, rows

    def finish(self, query):
        """ORDER BY every output column, in some order: rows that tie are equal. LIMIT only then."""
        r = self.random
        if r.random() < 0.45 or not query.is_exact:
            return
        numbers = list(range(1, len(query.outputs()) + 1))
        r.shuffle(numbers)
        query.order = [(number, r.random() < 0.4, r.choice([None, None, "first", "last"])) for number in numbers]
        if r.random() < 0.6:
            query.limit = r.choice([0, 1, 2, 5, 10, 50, 3000])
            if r.random() < 0.4:
                query.offset = r.choice([0, 1, 3, 20])

    def failing(self):
        """An expression over every row of one table: both engines must fail, or neither."""
        r = self.random
        scope = self.base(self.name(), r.choice(self.tables))
        generator = Generator(r, scope.leaves, may_fail=True)
        return Select([generator.make_int(3) for _ in range(r.randint(1, 2))], scope.source)

    # MARK: FROM

    def base(self, alias, table):
        leaves = table.leaves(alias)
        return Scope(TableSource(table.name, alias), leaves, [leaves[0]] if table.has_id else None, len(table.rows))

    def source(self, depth, outer):
        r = self.random
        alias = self.name()
        if self.ctes and r.random() < 0.35:
            name, outputs, rows = r.choice(self.ctes)
            return Scope(TableSource(name, alias), renamed(outputs, alias), None, rows)
        if depth > 0 and r.random() < 0.15:
            query, rows = self.any_query(depth - 1)
            if isinstance(query, Select) and r.random() < 0.2:
                # A derived table without an order of its own, but with a limit of nothing or of all.
                query.order, query.limit, query.offset = [], None, None
            return Scope(DerivedSource(query, alias), renamed(query.outputs(), alias), None, rows)
        return self.base(alias, r.choice(self.tables))

    def scope(self, depth, outer, most=3):
        r = self.random
        scope = self.source(depth, outer)
        for _ in range(r.choice([0, 0, 1, 1, 1, 2, 2, most])):
            other = self.source(depth - 1, outer)
            joined = self.join(scope, other)
            if joined.rows > ROWS_MAX:
                continue
            scope = joined
        return scope

    def join(self, left, right):
        r = self.random
        kind = r.choice(["inner"] * 5 + ["left"] * 4 + ["right"] * 2 + ["full"] * 2 + ["cross"])
        keys = left.keys + right.keys if left.keys and right.keys else None
        leaves = left.leaves + right.leaves
        most, product = max(left.rows, right.rows, 1), left.rows * right.rows
        if kind == "cross":
            return Scope(Join("cross", left.source, right.source), leaves, keys, product)
        plain = isinstance(left.source, TableSource) and isinstance(right.source, TableSource)
        shared = [name for name in ("id", "k") if plain and has(left, name) and has(right, name)]
        if shared and r.random() < 0.12:
            name = r.choice(shared)
            a, b = leaf_named(left, name), leaf_named(right, name)
            merged = column(name, wider(a.type, b.type), max(a.bound, b.bound))
            rows = most if name == "id" else product / 4
            return Scope(Join(kind, left.source, right.source, using=name), leaves + [merged], keys, rows)
        conditions, rows = [], product
        for _ in range(r.choice([1, 1, 1, 2, 3])):
            pair = self.equal_pair(left, right)
            if pair is None:
                break
            condition = Expression("({0} = {1})", None, pair, BOOL)
            if condition.text(OURS) in [item.text(OURS) for item in conditions]:
                continue
            conditions.append(condition)
            rows = min(rows, most if names(pair) == {"id"} else product / 3)
        if not conditions or r.random() < 0.2:
            generator = Generator(r, leaves)
            if kind == "full" and not conditions:
                kind = "inner"
            if kind != "full":
                conditions.append(generator.make_bool(1))
        return Scope(Join(kind, left.source, right.source, conditions), leaves, keys, max(rows, most))

    def equal_pair(self, left, right):
        """Two columns to join on: often the ids or the ks, sometimes any two of one kind."""
        r = self.random
        if r.random() < 0.6:
            for name in r.sample(["id", "k"], 2):
                if has(left, name) and has(right, name):
                    return [leaf_named(left, name), leaf_named(right, name)]
        for leaf in r.sample(left.leaves, min(4, len(left.leaves))):
            others = [other for other in right.leaves
                      if other.kind == leaf.kind and other.is_exact and are_comparable([leaf, other])]
            if others and leaf.is_exact:
                return [leaf, r.choice(others)]
        return None

    # MARK: SELECT

    def generator(self, leaves, outer, depth):
        inner = self.random.random() < 0.5
        return Generator(self.random, leaves + (outer if outer and inner else []),
                         self.subquery if depth > 0 and self.depth < 2 else None)

    def select(self, depth, outer, kinds=None, is_exact=False, most=3):
        r = self.random
        scope = self.scope(depth, outer, most)
        generator = self.generator(scope.leaves, outer, depth)
        where = [generator.make_bool(2) for _ in range(r.choice([0, 0, 1, 1, 2]))]
        form = r.random()
        rows = scope.rows
        if form < 0.35:
            query = self.aggregate(scope, where, outer, kinds, is_exact)
            rows = max(1, rows / 2)
        else:
            items = self.items(generator, kinds)
            query = Select(items, scope.source, where)
            if scope.keys and kinds is None:
                windows = self.windows(generator, scope.keys)
                if windows:
                    query.items = query.items + windows
                    if r.random() < 0.3:
                        exact = [item for item in windows if item.is_exact]
                        query.qualify = [Generator(r, exact).comparison(1)] if exact else []
            elif kinds is None and r.random() < 0.2:
                query.items = query.items + [self.loose_window(generator)]
            elif r.random() < 0.2:
                query.is_distinct = True
        if kinds is None and not is_exact and not query.is_distinct and r.random() < 0.2:
            query.items.append(self.inexact(query, generator))
        return query, rows

    def items(self, generator, kinds):
        r = self.random
        if kinds is not None:
            return [same_type(kind, generator.of(kind, 2)) for kind in kinds]
        items = []
        for _ in range(r.randint(1, 5)):
            leaf = generator.column() if r.random() < 0.5 else None
            items.append(leaf or generator.any(3))
        return items

    def aggregate(self, scope, where, outer, kinds, is_exact):
        r = self.random
        generator = self.generator(scope.leaves, outer, 0)
        inner = Generator(r, scope.leaves)
        groups = []
        for _ in range(r.choice([0, 1, 1, 2, 2, 3])):
            leaf = inner.column() if r.random() < 0.75 else inner.any(1, ("int", "str", "date", "bool"))
            # A constant would be read as the number of an output column.
            if leaf is not None and "." in leaf.text(OURS) and not leaf.is_literal:
                groups.append(leaf)
        groups = list({item.text(OURS): item for item in groups}.values())
        aggregates = [self.aggregate_call(inner) for _ in range(r.randint(1, 3))]
        leaves = groups + aggregates
        if groups and r.random() < 0.2 and len(groups) == len(set(item.text(OURS) for item in groups)):
            grouping = r.choice(["rollup", "cube", "sets"])
            leaves = leaves + [Expression("grouping({0})", "cast(grouping({0}) as integer)", [item], INT, 1)
                               for item in groups[:2]]
            if grouping == "sets":
                everything = list(range(len(groups)))
                grouping = [r.sample(everything, r.randint(0, len(groups))) for _ in range(r.randint(1, 3))]
                # Every expression must be in some set, or it may not be named alone.
                grouping.append(everything)
        else:
            grouping = "plain"
        post = Generator(r, leaves)
        if kinds is not None:
            items = [same_type(kind, post.of(kind, 1)) for kind in kinds]
        else:
            items = groups + aggregates if r.random() < 0.6 else [post.any(2) for _ in range(r.randint(1, 4))]
            if r.random() < 0.1 and groups and grouping == "plain":
                items = items + self.windows(post, groups)
        query = Select(items, scope.source, where)
        query.groups, query.grouping, query.is_aggregate = groups, grouping, True
        if not groups and not any("(" in item.text(OURS) for item in items):
            query.items = items + [aggregates[0]] if kinds is None else \
                [same_type(kind, self.aggregate_of(kind, inner)) for kind in kinds]
        if r.random() < 0.25:
            query.having = [Generator(r, groups + aggregates).make_bool(1)]
        if not groups and kinds is None:
            # Whatever the items are, one aggregate makes it an aggregation for both.
            query.items = query.items + [aggregates[-1]]
        elif not groups:
            query.having = query.having + [Expression("(count(*) >= 0)", None, [], BOOL)]
        return query

    def aggregate_of(self, kind, inner):
        a = inner.of(kind, 1)
        if kind == "bool":
            return Expression("bool_or({0})", None, [a], BOOL)
        return Expression(f"{self.random.choice(['min', 'max'])}({{0}})", None, [a], a.type, a.bound)

    def aggregate_call(self, inner):
        r = self.random
        match r.randrange(12):
            case 0:
                return Expression("count(*)", None, [], BIGINT, 10**6)
            case 1 | 2:
                distinct = r.choice(["", "distinct "])
                return Expression(f"count({distinct}{{0}})", None, [inner.any(1)], BIGINT, 10**6)
            case 3 | 4:
                a = inner.of("int", 1)
                if a.bound > 10**9:
                    return Expression("max({0})", None, [a], a.type, a.bound)
                distinct = r.choice(["", "", "distinct "])
                return Expression(f"sum({distinct}{{0}})", f"cast(sum({distinct}{{0}}) as bigint)", [a], BIGINT,
                                  a.bound * 10**6)
            case 5:
                a = inner.of("int", 1)
                if a.bound > 10**9:
                    return Expression("min({0})", None, [a], a.type, a.bound)
                return Expression("avg({0})", "cast(sum({0}) // nullif(count({0}), 0) as bigint)", [a], BIGINT, a.bound)
            case 6:
                a = inner.of("dec", 1)
                if a.bound * 10**a.type.scale > 10**30:
                    return Expression("max({0})", None, [a], a.type, a.bound)
                return Expression("sum({0})", None, [a], Type("dec", 38, a.type.scale), a.bound * 10**6)
            case 7:
                a = inner.of("float", 1)
                return Expression("sum({0})", "sum(cast({0} as double))", [a], DOUBLE, a.bound * 10**6)
            case 8:
                return Expression(f"{r.choice(['bool_and', 'bool_or'])}({{0}})", None, [inner.of("bool", 1)], BOOL)
            case _:
                a = inner.of(r.choice(["int", "dec", "str", "date", "ts", "float"]), 1)
                return Expression(f"{r.choice(['min', 'max'])}({{0}})", None, [a], a.type, a.bound)

    def inexact(self, query, generator):
        """A last item that is compared with a tolerance."""
        r = self.random
        if query.is_aggregate:
            # Over the rows of the group: only what the FROM has, so take an argument of the query's own aggregates.
            arguments = [part for item in query.items for part in item.parts
                         if isinstance(part, Expression) and item.text(OURS).startswith(("sum(", "max(", "min(", "avg("))
                         and "distinct" not in item.text(OURS)]
            a = r.choice(arguments) if arguments else None
            if a is None or a.kind not in ("int", "dec", "float") or a.bound > 10**9:
                return Expression("count(*)", None, [], BIGINT)
            name = r.choice(["stddev_samp", "stddev_pop", "var_samp", "var_pop", "avg"])
            if name == "avg" and a.kind == "int":
                name = "var_pop"
            type = Type("dec", 38, a.type.scale) if name == "avg" and a.kind == "dec" else DOUBLE
            return Expression(f"{name}({{0}})", f"{name}(cast({{0}} as double))", [a], type, is_exact=False)
        a, b = generator.of(r.choice(["dec", "float"]), 2), generator.of("dec", 1)
        if a.kind == "float":
            return Expression("({0} / nullif({1}::float8, 0))", "({0} / nullif(cast({1} as double), 0))", [a, b], DOUBLE,
                              is_exact=False)
        (p1, s1), (p2, s2) = digits(a.type), digits(b.type)
        scale = max(4, s1 + p2 - s2 + 1)
        if p1 - s1 + s2 + scale > 38:
            return Expression("sqrt(abs({0}))", "sqrt(abs(cast({0} as double)))", [a], DOUBLE, is_exact=False)
        return Expression("({0} / nullif({1}, 0))", "(cast({0} as double) / nullif(cast({1} as double), 0))", [a, b],
                          Type("dec", 38, scale), is_exact=False)

    # MARK: windows

    def partition(self, generator):
        leaves = [leaf for leaf in (generator.column() for _ in range(self.random.choice([0, 1, 1, 2]))) if leaf]
        return leaves

    def over(self, partition, order=(), frame=""):
        """The text of an OVER clause for both engines, its parts numbered from 1."""
        texts = []
        for dialect in (OURS, THEIRS):
            parts = []
            if partition:
                parts.append("partition by " + ", ".join(f"{{{i + 1}}}" for i in range(len(partition))))
            if order:
                first = len(partition) + 1
                parts.append("order by " + ", ".join(
                    sort_key(dialect, column(f"{{{first + i}}}", INT), *direction[1:])
                    for i, direction in enumerate(order)))
            if frame:
                parts.append(frame)
            texts.append(" over (" + " ".join(parts) + ")")
        return texts, list(partition) + [key for key, _, _ in order]

    def windows(self, generator, keys):
        """Window functions whose order is total, thanks to the keys; often none."""
        r = self.random
        result = []
        for _ in range(r.choice([0, 0, 0, 1, 2])):
            partition = self.partition(generator)
            first = [leaf for leaf in [generator.column()] if leaf and r.random() < 0.6]
            order = [(key, r.random() < 0.4, r.choice([None, None, "first", "last"])) for key in first + list(keys)]
            low = r.choice(["unbounded preceding", "unbounded preceding", f"{r.randint(1, 4)} preceding", "current row"])
            high = r.choice(["unbounded following", "current row", f"{r.randint(1, 3)} following"])
            frame = f"rows between {low} and {high}"
            kind = r.choice(["int", "int", "dec", "str", "date", "float"])
            a = generator.of(kind, 1)
            match r.randrange(7):
                case 0 | 1:
                    name = r.choice(["row_number", "rank", "dense_rank"])
                    item = self.call(f"{name}()", f"{name}()", None, partition, order, "", BIGINT, 10**6)
                case 2:
                    n = r.randint(1, 4)
                    item = self.call(f"ntile({n})", f"ntile({n})", None, partition, order, "", BIGINT, 10)
                case 3:
                    name = f"{r.choice(['lag', 'lead'])}({{0}}, {r.randint(1, 3)})"
                    item = self.call(name, name, a, partition, order, "", a.type, a.bound)
                case 4:
                    name = f"{r.choice(['first_value', 'last_value'])}({{0}})"
                    item = self.call(name, name, a, partition, order, frame, a.type, a.bound)
                case 5:
                    name = f"{r.choice(['min', 'max', 'count'])}({{0}})"
                    type, bound = (BIGINT, 10**6) if name.startswith("count") else (a.type, a.bound)
                    item = self.call(name, name, a, partition, order, frame, type, bound)
                case _:
                    a = generator.of("int", 1)
                    if a.bound > 10**9:
                        a = generator.literal("int")
                    item = self.call("sum({0})", "cast(sum({0})", a, partition, order, frame, BIGINT, a.bound * 10**6,
                                     " as bigint)")
            result.append(item)
        return result

    def loose_window(self, generator):
        """A window function that gives the same whatever the order of ties."""
        r = self.random
        partition = self.partition(generator)
        order = [(leaf, r.random() < 0.4, r.choice([None, "first", "last"])) for leaf in [generator.column()] if leaf]
        if not order or r.random() < 0.4:
            a = generator.any(1, ("int", "str", "date"))
            name = f"{r.choice(['min', 'max', 'count'])}({{0}})"
            type, bound = (BIGINT, 10**6) if name.startswith("count") else (a.type, a.bound)
            return self.call(name, name, a, partition, [], "", type, bound)
        name = r.choice(["rank", "dense_rank", "percent_rank", "cume_dist"])
        if name in ("rank", "dense_rank"):
            return self.call(f"{name}()", f"{name}()", None, partition, order, "", BIGINT, 10**6)
        return self.call(f"{name}()", f"{name}()", None, partition, order, "", DOUBLE, 1, is_exact=False)

    def call(self, ours, theirs, argument, partition, order, frame, type, bound, close="", is_exact=True):
        (over_ours, over_theirs), parts = self.over(partition, order, frame)
        argument = argument or column("", INT)
        return Expression(ours + over_ours, theirs + over_theirs + close, [argument] + parts, type, bound, is_exact)

    # MARK: subqueries and set operations

    def subquery(self, form, kind, outer):
        """A query for `form`: exists, column (one column of `kind`), scalar (one row at most), and its output."""
        r = self.random
        self.depth += 1
        try:
            if form == "scalar":
                scope = self.scope(0, outer, most=1)
                leaves = scope.leaves + (outer if r.random() < 0.6 else [])
                generator = Generator(r, leaves, self.subquery if self.depth < 2 and r.random() < 0.3 else None)
                inner = Generator(r, scope.leaves)
                where = [generator.make_bool(1) for _ in range(r.choice([0, 1, 1]))] + self.correlation(scope, outer)
                keys = [leaf for leaf in outer if leaf.text(OURS).endswith(".id")]
                if scope.keys and len(scope.keys) == 1 and keys and r.random() < 0.25:
                    # One row at most, by its key.
                    item = inner.leaf(kind)
                    where.append(Expression("({0} = {1})", None, [scope.keys[0], r.choice(keys)], BOOL))
                else:
                    item = self.aggregate_of(kind, inner)
                    if kind == "int" and r.random() < 0.4:
                        item = Expression("count(*)", None, [], BIGINT, 10**6)
                query = Select([item], scope.source, where)
                return query, item
            kinds = [kind] if form == "column" else None
            query, _ = self.select(0, outer, kinds or [r.choice(["int", "str"])], is_exact=True, most=1)
            if not query.is_aggregate:
                query.where = query.where + self.correlation_of(query, outer)
                if form == "column" and r.random() < 0.2:
                    query.is_distinct = True
            return query, query.items[0]
        finally:
            self.depth -= 1

    def correlation_of(self, query, outer):
        source = query.source
        if isinstance(source, TableSource) and any(table.name == source.name for table in self.tables):
            table = next(table for table in self.tables if table.name == source.name)
            return self.correlation(Scope(source, table.leaves(source.alias), None, 0), outer)
        return []

    def correlation(self, scope, outer):
        r = self.random
        if not outer or r.random() < 0.35:
            return []
        pair = self.equal_pair(scope, Scope(None, outer, None, 0))
        if pair is None:
            return []
        operator = r.choice(["=", "=", "=", "=", "<", "<>", ">="])
        return [Expression(f"({{0}} {operator} {{1}})", None, pair, BOOL)]

    def set_operation(self, depth):
        r = self.random
        kinds = [r.choice(["int", "str", "dec", "date", "ts", "bool", "float"]) for _ in range(r.randint(1, 4))]
        query, rows = self.select(depth - 1, [], kinds, most=1)
        for _ in range(r.choice([1, 1, 1, 2])):
            other, more = self.select(depth - 1, [], kinds, most=1)
            operator = r.choice(["union all", "union all", "union", "union", "intersect", "except", "except"])
            query, rows = SetOperation(operator, query, other), rows + more
        return query, rows


def same_type(kind, expression):
    """Branches of a set operation have one type for each column."""
    target = {"int": BIGINT, "dec": Type("dec", 18, 3), "str": varchar(), "float": DOUBLE}.get(kind)
    if target is None:
        return expression
    if kind == "dec" and expression.bound > 10**14:
        return Expression("1.500::decimal(18,3)", "cast(1.5 as decimal(18,3))", [], target, 2, is_literal=True)
    if kind == "str" and expression.type.name == "char":
        return Expression("{0}::varchar(256)", None, [expression], target)
    if kind in ("dec", "int", "float"):
        return Expression(f"{{0}}::{target.sql(OURS)}", f"cast({{0}} as {target.sql(THEIRS)})", [expression], target,
                          expression.bound + 1)
    return expression


def renamed(outputs, alias):
    return [column(f"{alias}.c{index}", item.type, item.bound, item.is_exact) for index, item in enumerate(outputs, 1)]


def has(scope, name):
    return any(leaf.text(OURS).endswith("." + name) for leaf in scope.leaves)


def leaf_named(scope, name):
    return next(leaf for leaf in scope.leaves if leaf.text(OURS).endswith("." + name))


def names(pair):
    return {leaf.text(OURS).rsplit(".", 1)[-1] for leaf in pair}
