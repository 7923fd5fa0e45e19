#!/usr/bin/env python3
"""Writes the statements of Tests/slt as libFuzzer's seeds, one a file, and the keywords as its dictionary.

    seeds.py FOLDER DICTIONARY
"""
import hashlib, pathlib, re, sys

root = pathlib.Path(__file__).resolve().parents[2]
folder, dictionary = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
folder.mkdir(parents=True, exist_ok=True)
for file in sorted((root / "Tests/slt").rglob("*.slt")):
    for record in re.split(r"\n\s*\n", file.read_text()):
        lines = [line for line in record.splitlines() if not line.startswith("#")]
        if not lines or not lines[0].startswith(("statement", "query")):
            continue
        text = "\n".join(lines[1:]).split("\n----")[0].encode()
        (folder / hashlib.sha1(text).hexdigest()[:16]).write_bytes(text)
words = re.findall(r"\bcase (\w+)|, (\w+)", (root / "Sources/SQLSyntax/Lexer/Keyword.swift").read_text())
names = sorted({word for pair in words for word in pair if word})
dictionary.write_text("".join(f'"{name}"\n' for name in names))
