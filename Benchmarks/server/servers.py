"""The two servers under comparison, each started for the run: ours, and PostgreSQL from Debian's packages."""
import os, pathlib, pwd, re, shutil, socket, subprocess, sys, tempfile, time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Tests/Clients"))
from server import DATABASE, PASSWORD, USER, Server  # noqa: E402


class Blueshift(Server):
    """In memory, 1 node × 2 slices unless said otherwise, passwords by md5."""
    name = "blueshift"

    def __init__(self, program, *arguments, nodes=1, slices=2, **options):
        os.environ["BLUESHIFT_PROGRAM"] = str(program)
        super().__init__(*arguments, nodes=nodes, slices=slices, **options)


class PostgreSQL:
    """A database cluster in a temporary directory, with settings as Debian ships them. Root lends it another user."""
    name = "postgresql"

    def __init__(self):
        found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        if not found:
            sys.exit("PostgreSQL's server is not installed (apt install postgresql)")
        self.folder = found[-1].parent
        self.port = None

    def user(self):
        if os.getuid() != 0:
            return {}
        account = pwd.getpwnam("postgres")
        return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}

    def __enter__(self):
        self.place = pathlib.Path(tempfile.mkdtemp(prefix="postgresql-"))
        if os.getuid() == 0:
            shutil.chown(self.place, "postgres", "postgres")
        secret = self.place / "password"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        data = self.place / "data"
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": self.place, **self.user()}
        subprocess.run([self.folder / "initdb", "-D", data, "-U", USER, "-A", "md5", f"--pwfile={secret}", "-E", "UTF8"],
                       check=True, **quiet)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process = subprocess.Popen(
            [self.folder / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(self.port), "-k", self.place,
             "-c", "max_connections=600"], **quiet)
        for _ in range(200):
            if subprocess.run([self.folder / "pg_isready", "-h", "127.0.0.1", "-p", str(self.port)], **quiet).returncode == 0:
                break
            time.sleep(0.1)
        psql(self, "postgres", f"create database {DATABASE}")
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.place, ignore_errors=True)

    def parameters(self, **changes):
        return {"host": "127.0.0.1", "port": self.port, "user": USER, "password": PASSWORD, **changes}


def psql(server, database, text):
    subprocess.run(
        ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", str(server.port), "-U", USER, "-d", database,
         "-c", text], env=dict(os.environ, PGPASSWORD=PASSWORD), check=True, stdout=subprocess.DEVNULL)


def threads(server):
    """Numbers of the threads of the server's process and of those that it has started."""
    found, waiting = [], [server.process.pid]
    while waiting:
        place = pathlib.Path(f"/proc/{waiting.pop()}/task")
        try:
            for thread in place.iterdir():
                found.append(int(thread.name))
                waiting += [int(child) for child in (thread / "children").read_text().split()]
        except (FileNotFoundError, ProcessLookupError):
            pass  # It has ended meanwhile.
    return found


def pin(server, cores):
    """Its threads run on these cores, and so do those that they start."""
    for thread in threads(server):
        try:
            os.sched_setaffinity(thread, cores)
        except ProcessLookupError:
            pass


def busiest_thread(server, work):
    """The thread that had the core longest during the work."""
    def times():
        found = {}
        for thread in threads(server):
            try:
                found[thread] = int(pathlib.Path(f"/proc/{thread}/schedstat").read_text().split()[0])
            except (FileNotFoundError, ProcessLookupError):
                pass
        return found
    before = times()
    work()
    after = times()
    return max(after, key=lambda thread: after[thread] - before.get(thread, 0))


def core_of(thread):
    """Where it ran last."""
    return int(pathlib.Path(f"/proc/{thread}/stat").read_text().rsplit(")", 1)[1].split()[36])


def status(process, field):
    """A number of /proc/<pid>/status, such as VmRSS in kB or Threads."""
    text = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(rf"{field}:\s+(\d+)", text).group(1))


def descriptors(process):
    return len(os.listdir(f"/proc/{process.pid}/fd"))
