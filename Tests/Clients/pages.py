"""The pages of docs/connect: their words are run, and what they print is compared."""

import os
import re
import subprocess
import sys
from pathlib import Path

PAGES = Path(__file__).resolve().parents[2] / "docs" / "connect"
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page):
    """Pairs of a program (its language, its text) and the text that it prints."""
    found = BLOCK.findall((PAGES / page).read_text())
    pairs = [(first, second[1]) for first, second in zip(found, found[1:]) if first[0] in ("bash", "python")]
    assert pairs, f"nothing to run in {page}"
    assert all(second[0] == "text" for first, second in zip(found, found[1:]) if first[0] in ("bash", "python"))
    return pairs


def check_page(page, server):
    """Runs the page's programs on `server`, which stands for the one at port 5439."""
    export = ""
    for (language, program), printed in blocks(page):
        program = program.replace("5439", str(server.port))
        if language == "bash":
            # What one block exports holds for the next.
            export += "".join(line + "\n" for line in program.splitlines() if line.startswith("export "))
            command = ["bash", "-e", "-c", export + program]
        else:
            command = [sys.executable, "-c", program]
        # Programs that a client brings along stand beside its Python.
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        run = subprocess.run(command, capture_output=True, text=True, timeout=120, env=dict(os.environ, PATH=path))
        assert run.returncode == 0, run.stderr
        assert run.stdout == printed, run.stdout
