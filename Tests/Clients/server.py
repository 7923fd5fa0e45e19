"""A server of our own for a test: started on a free port, stopped at the end."""

import os
import re
import select
import signal
import subprocess
import time

USER, PASSWORD, DATABASE = "awsuser", "Sesame123", "dev"


class Server:
    """`blueshift serve` in memory, or on a directory; the port is what its `ready` line says."""

    def __init__(self, *arguments, data_dir=None, nodes=2, slices=2, auth="md5", environment=None):
        self.program = os.environ.get("BLUESHIFT_PROGRAM", ".build/debug/blueshift")
        place = ["--data-dir", str(data_dir)] if data_dir else ["--in-memory"]
        self.command = [
            self.program, "serve", *place, "--nodes", str(nodes), "--slices", str(slices), "--host", "127.0.0.1",
            "--port", "0", "--database", DATABASE, "--user", USER, "--auth", auth, *map(str, arguments)]
        self.environment = dict(os.environ, BLUESHIFT_PASSWORD=PASSWORD, **(environment or {}))
        self.log = ""
        self.process = None
        self.port = None
        self.ready_line = None

    def start(self, timeout=60):
        # Standard error goes on a file: nobody reads a pipe while the tests run.
        self.errors = open(os.environ.get("BLUESHIFT_SERVER_LOG", os.devnull), "ab")
        self.process = subprocess.Popen(
            self.command, env=self.environment, stdout=subprocess.PIPE, stderr=self.errors, text=True)
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            readable, _, _ = select.select([self.process.stdout], [], [], 0.2)
            if readable:
                line = self.process.stdout.readline()
                if not line:
                    break
                if line.startswith("ready"):
                    self.ready_line = line.strip()
                    self.port = int(re.search(r"port[ =:](\d+)", line).group(1))
                    return self
            if self.process.poll() is not None:
                break
        raise RuntimeError(f"the server did not come up: {' '.join(self.command)} (exit {self.process.poll()})")

    def stop(self, timeout=30):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise
        self.errors.close()
        return self.process.returncode

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.errors.close()

    @property
    def alive(self):
        return self.process.poll() is None

    def parameters(self, **changes):
        """Keyword arguments that every driver knows."""
        return {"host": "127.0.0.1", "port": self.port, "user": USER, "password": PASSWORD, **changes}

    def url(self, scheme="postgresql"):
        return f"{scheme}://{USER}:{PASSWORD}@127.0.0.1:{self.port}/{DATABASE}"

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()
