"""When two answers are the same, and which refusals of ours are no mismatch."""
import datetime
from decimal import Decimal

# SQL that Redshift, or we so far, refuse by name (0A000), where DuckDB answers. Everything else that fails on one side
# only is a mismatch.
REFUSED = (
    "FULL JOIN is only supported with merge-joinable join conditions",
)


def is_refused(error):
    return error.state == "0A000" or any(text in str(error) for text in REFUSED)


def cell(value, type):
    """One form for both engines' values of that type."""
    if value is None:
        return None
    kind = type.kind
    if kind in ("int", "dec"):
        return Decimal(value)
    if kind == "float":
        return float(value) + 0.0
    if kind == "bool":
        return bool(value)
    if kind == "bytes":
        return value.hex() if isinstance(value, bytes) else value
    if isinstance(value, (datetime.datetime, datetime.time)):
        value = str(value)
    elif isinstance(value, datetime.date):
        value = value.isoformat()
    if kind in ("ts", "tz", "time"):
        value = value.removesuffix("+00")
        return value.rstrip("0").rstrip(".") if "." in value else value
    # CHAR is shown padded; no VARCHAR here ends in a blank.
    return value.rstrip(" ") if isinstance(value, str) else value


def is_close(ours, theirs, type):
    if ours is None or theirs is None:
        return ours is theirs
    a, b = float(ours), float(theirs)
    if a != a or b != b:
        return a != a and b != b
    return abs(a - b) <= 1e-9 * max(abs(a), abs(b), 1) + (1.01 * 10**-type.scale if type.kind == "dec" else 0)


def order_key(value):
    return (value is not None, str(value))


def difference(query, ours, theirs):
    """None if the answers agree; else what differs."""
    items = query.outputs()
    exact = [index for index, item in enumerate(items) if item.is_exact]
    loose = [index for index, item in enumerate(items) if not item.is_exact]

    def parts(row):
        values = [cell(value, item.type) for value, item in zip(row, items)]
        return tuple(values[index] for index in exact), tuple(values[index] for index in loose)

    if len(ours) != len(theirs):
        return f"{len(ours)} rows, DuckDB has {len(theirs)}"
    left, right = [parts(row) for row in ours], [parts(row) for row in theirs]
    if not query.order or loose:
        key = lambda row: ([order_key(value) for value in row[0]],
                           [-1e300 if value is None else float(value) for value in row[1]])
        left.sort(key=key)
        right.sort(key=key)
    for number, (a, b) in enumerate(zip(left, right), 1):
        if a[0] != b[0] or not all(is_close(x, y, items[index].type) for x, y, index in zip(a[1], b[1], loose)):
            where = "row" if query.order else "sorted row"
            return f"{where} {number} is {show(a)}, DuckDB has {show(b)}"
    return None


def show(row):
    return [None if value is None else str(value) for value in row[0] + row[1]]
