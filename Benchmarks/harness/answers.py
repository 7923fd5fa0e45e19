"""Whether two engines' answers to one query agree."""
import re


def same_cell(left, right):
    if left == right:
        return True
    try:
        a, b = float(left), float(right)
    except (TypeError, ValueError):
        return (left or "").rstrip() == (right or "").rstrip()
    # A decimal of ours (AVG keeps its argument's scale, as Redshift's does) may be the peer's number rounded.
    rounding = 0.5 * 10 ** -len(left.partition(".")[2]) if "." in left and "e" not in left else 0
    return abs(a - b) <= 1e-5 * max(abs(a), abs(b), 1e-9) + rounding


def same_row(row, expected):
    return len(row) == len(expected) and all(map(same_cell, row, expected))


def difference(ours, theirs):
    """None if the answers agree: as many rows, in the same order, numbers within 1e-5."""
    if len(ours) != len(theirs):
        return f"{len(ours)} rows, expected {len(theirs)}"
    for number, (row, expected) in enumerate(zip(ours, theirs), 1):
        if not same_row(row, expected):
            return f"row {number} is {row}, expected {expected}"
    return None


def difference_but_for_ties(ours, theirs, query, header, all_rows):
    """As `difference`, but rows that ORDER BY does not tell apart may come in any order, and where LIMIT cuts through
    such rows any of them will do.

    `header`: names of the output columns. `all_rows()`: the expected answer without its LIMIT."""
    plain = difference(ours, theirs)
    if plain is None or len(ours) != len(theirs):
        return plain
    keys = order_columns(query, header)
    limited = limit_of(query) == len(ours)
    start = 0
    while start < len(ours):
        end = start + 1
        while end < len(ours) and all(same_cell(theirs[start][k] or "", theirs[end][k] or "") for k in keys):
            end += 1
        for number in range(start, end):
            if not all(same_cell(ours[number][k], theirs[number][k]) for k in keys):
                return f"row {number + 1} is {ours[number]}, expected {theirs[number]}"
        candidates = all_rows() if limited and end == len(ours) else theirs[start:end]
        if missing := unmatched(ours[start:end], candidates):
            return f"row {missing} is not expected between rows {start + 1} and {end}, such as {theirs[start]}"
        start = end
    return None


def unmatched(ours, theirs):
    """The first row of ours without a row of theirs for itself alone."""
    rest = list(theirs)
    for row in ours:
        found = next((place for place, expected in enumerate(rest) if same_row(row, expected)), None)
        if found is None:
            return row
        del rest[found]
    return None


def split_order(query):
    """The text of the last ORDER BY, if no parenthesis closes behind it, and of the LIMIT behind that."""
    text = re.sub(r"--.*", "", query).strip().rstrip(";")
    place = [match for match in re.finditer(r"\border\s+by\b", text, re.I)]
    if not place or text.count(")", place[-1].end()) > text.count("(", place[-1].end()):
        return "", re.search(r"\blimit\s+(\d+)\s*$", text, re.I)
    limit = re.search(r"\blimit\s+(\d+)\s*$", text, re.I)
    return text[place[-1].end():limit.start() if limit else len(text)], limit


def limit_of(query):
    limit = split_order(query)[1]
    return int(limit.group(1)) if limit else None


def without_limit(query):
    return re.sub(r"\blimit\s+\d+\s*;?\s*$", "", query.strip(), flags=re.I)


def order_columns(query, header):
    """Output columns that the answer is ordered by, as far as they are named plainly."""
    columns, depth, item = [], 0, ""
    for character in split_order(query)[0] + ",":
        depth += (character == "(") - (character == ")")
        if character != "," or depth:
            item += character
            continue
        name = re.sub(r"\s+(asc|desc)?\s*(nulls\s+(first|last))?\s*$", "", item.strip() + " ", flags=re.I).strip()
        item = ""
        if name.isdigit() and int(name) <= len(header):
            columns.append(int(name) - 1)
        elif (plain := name.rpartition(".")[2].lower().strip('"')) in header:
            columns.append(header.index(plain))
        else:
            break
    return columns
