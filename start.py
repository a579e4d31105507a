"""Set up segkit and start it: `python start.py`. Needs Python 3.11 or newer and nothing else.

    python start.py          set everything up (once), then give a tour
    python start.py lab      open the course in the browser
    python start.py test     run every test
    python start.py WORD ..  any other word goes to the segkit command: try `python start.py --help`

Everything is installed into the folder .venv beside this file. Delete that folder and nothing is left.
"""

# A Python too old for segkit must still be able to read this file, to say so: no f-strings here.
from __future__ import print_function

import hashlib
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(HERE, ".venv")
STAMP = os.path.join(VENV, "segkit-setup.txt")
LOG = os.path.join(VENV, "segkit-setup.log")
LOCK = os.path.join(HERE, "requirements.lock")
SPARK_LOCK = os.path.join(HERE, "requirements-spark.lock")
BIN = os.path.join(VENV, "Scripts" if os.name == "nt" else "bin")
PYTHON = os.path.join(BIN, "python.exe" if os.name == "nt" else "python")
SEGKIT = os.path.join(BIN, "segkit.exe" if os.name == "nt" else "segkit")
OLDEST = (3, 11)
NEEDED_MB = 3000
NO_VENV = (
    "This Python comes without venv or ensurepip, which make a separate place to install into.\n"
    "On Debian or Ubuntu type:  sudo apt install python%d.%d-venv\n"
    "Then type the same command again." % tuple(sys.version_info[:2])
)
UNFINISHED = "unfinished\n"


class SetupProblem(Exception):
    """Set-up cannot go on; the message says why and what to do."""


def main(words):
    """Set up if needed, then run what `words` ask for; return the exit code."""
    try:
        check_python(sys.version_info, sys.executable)
        if not is_ready():
            set_up()
        return run(words)
    except SetupProblem as problem:
        print("\n" + str(problem), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Type the same command again to go on.", file=sys.stderr)
        return 130


def check_python(version, executable):
    """Refuse a Python that is too old, and name a newer one if this machine has one."""
    if tuple(version[:2]) >= OLDEST:
        return
    text = "segkit needs Python 3.11 or newer; this is %d.%d (%s).\n" % (version[0], version[1], executable)
    newer = newer_python()
    if newer:
        raise SetupProblem(text + "A newer one is here too. Type:  %s start.py" % newer)
    raise SetupProblem(text + "Install a newer one from python.org, then type the same command with it.")


def newer_python():
    """Return the name of a new enough Python on the PATH, or None."""
    for minor in range(20, OLDEST[1] - 1, -1):
        name = "python3.%d" % minor
        for folder in os.environ.get("PATH", "").split(os.pathsep):
            program = os.path.join(folder, name)
            if not os.access(program, os.X_OK):
                continue
            with open(os.devnull, "w") as nowhere:  # a version manager leaves names that do not run
                if subprocess.call([program, "-c", ""], stdout=nowhere, stderr=nowhere) == 0:
                    return name
    return None


def fingerprint():
    """Describe what .venv must have been made from: this folder, this Python, these two files."""
    digest = hashlib.sha256()
    for path in (LOCK, os.path.join(HERE, "pyproject.toml")):
        with open(path, "rb") as file:
            digest.update(file.read().replace(b"\r\n", b"\n"))
    return "%s\nPython %d.%d\n%s\n" % (digest.hexdigest(), sys.version_info[0], sys.version_info[1], HERE)


def stamp():
    """Return what is written in .venv about itself, or None when start.py did not make it."""
    try:
        with open(STAMP, encoding="utf-8") as file:
            return file.read()
    except (OSError, UnicodeDecodeError):
        return None


def write_stamp(text):
    """Write what .venv was made from; the last thing set-up does."""
    with open(STAMP, "w", encoding="utf-8") as file:
        file.write(text)


def is_ready():
    """Whether .venv is whole and made from what is here now."""
    return os.path.exists(PYTHON) and stamp() == fingerprint()


def set_up():
    """Make .venv anew and install the lock and the project into it."""
    prepare_folder()
    print("Setting up segkit in %s. This is done once and takes a few minutes." % VENV)
    make_venv()
    install("the libraries", ["--require-hashes", "-r", LOCK], count_packages(LOCK))
    install("segkit itself", ["--no-deps", "--no-build-isolation", "--editable", HERE])
    write_stamp(fingerprint())
    print("Set-up is complete.\n")


def prepare_folder():
    """Clear away an older or half-made .venv of ours; never a folder that someone else made."""
    from importlib.util import find_spec

    if not (find_spec("venv") and find_spec("ensurepip")):
        raise SetupProblem(NO_VENV)
    made_from = stamp()
    if os.path.isdir(VENV) and os.listdir(VENV):
        if made_from is None:
            raise SetupProblem(
                "The folder %s was not made by start.py, so it is left alone.\n"
                "Rename or delete it, then type the same command again." % VENV
            )
        unfinished = made_from == UNFINISHED
        print("The last set-up did not finish." if unfinished else "What segkit needs has changed.", end=" ")
    try:
        if not os.path.isdir(VENV):
            os.mkdir(VENV)
        write_stamp(UNFINISHED)  # first, and kept: whatever happens now, the folder stays ours
        for entry in os.scandir(VENV):
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path)
            elif entry.path != STAMP:
                os.remove(entry.path)
    except OSError as error:
        raise SetupProblem(explain(str(error), "Cannot write in %s." % VENV))  # noqa: B904
    free_mb = shutil.disk_usage(HERE).free // 10**6
    if free_mb < NEEDED_MB:
        raise SetupProblem(
            "The disk is too full: %d MB are free and about %d MB are needed.\n"
            "Free some space, then type the same command again." % (free_mb, NEEDED_MB)
        )


def make_venv():
    """Make the virtual environment."""
    made = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True, errors="replace")
    if made.returncode:
        raise SetupProblem(explain(made.stdout + made.stderr, "Python could not make the folder .venv."))


def count_packages(lock):
    """How many packages a lock names for every computer: those with a condition may not be needed here."""
    with open(lock, encoding="utf-8") as file:
        return sum(line[0].isalnum() and " ; " not in line for line in file)


def install(what, arguments, count=None):
    """Run pip, show how far it is, keep its whole output in a log, and explain a failure in words."""
    pip = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar=off"]
    environment = dict(os.environ, PYTHONUNBUFFERED="1", PIP_USER="0")
    channels = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "errors": "replace"}
    process = subprocess.Popen(pip + arguments, env=environment, **channels)
    output = []
    seen = 0
    try:
        with open(LOG, "a", encoding="utf-8") as log:
            show("Installing %s" % what)
            for line in process.stdout:
                log.write(line)
                output.append(line)
                if count and line.startswith(("Collecting ", "Processing ")):
                    seen += 1
                    show("Downloading %s: %d of about %d" % (what, seen, count), every=40, number=seen)
                elif count and line.startswith("Installing collected"):
                    show("Unpacking %s: the longest part" % what)
        code = process.wait()
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()
    show("Installing %s: %s" % (what, "failed" if code else "done"))
    if sys.stdout.isatty():
        print()
    if code:
        raise SetupProblem(explain("".join(output), "Installing %s failed." % what))


def show(text, every=1, number=0):
    """Show progress: over the same line on a screen, now and then as a line of its own in a log."""
    if sys.stdout.isatty():
        width = max(20, shutil.get_terminal_size().columns - 1)
        print("\r" + text[:width].ljust(width), end="", flush=True)
    elif number % every == 0:
        print(text, flush=True)


CAUSES = (
    (
        r"No space left on device|Errno 28|not enough space on the disk",
        "The disk is full.",
        "Free about %d MB, then type the same command again." % NEEDED_MB,
    ),
    (r"ensurepip is not available|No module named .?ensurepip", NO_VENV, ""),
    (
        r"THESE PACKAGES DO NOT MATCH THE HASHES",
        "A downloaded package is not the one that was tested, so it was not installed.",
        "Try again; if it stays, something between you and the package index changes the files.",
    ),
    (
        r"Name or service not known|Temporary failure in name resolution|getaddrinfo failed"
        r"|nodename nor servname|NewConnectionError|NameResolutionError|Network is unreachable"
        r"|Connection refused|ConnectTimeout|Read timed out|Connection broken|ProxyError|Connection reset",
        "The package index cannot be reached: no network, or a firewall or proxy in between.",
        "Connect to the network (behind a proxy, set HTTPS_PROXY), then type the same command again.",
    ),
    (
        r"SSLError|CERTIFICATE_VERIFY_FAILED",
        "The connection to the package index is not trusted by this computer (certificate).",
        "A company network often needs its own certificate: ask for it and set PIP_CERT to its file.",
    ),
    (
        r"Permission denied|Errno 13|Access is denied|WinError 5",
        "A file cannot be written.",
        "Close what uses this folder, or move it to a place of your own, then type the same command again.",
    ),
    (
        r"No matching distribution found|Could not find a version",
        "The package index in use does not have a package for this computer and this Python.",
        "Python 3.11, 3.12 and 3.13 on Linux, macOS and Windows are known to work.",
    ),
)


def explain(output, otherwise):
    """Say in words why a step failed, from what it printed."""
    where = "\nAll that was printed is in %s" % LOG if os.path.exists(LOG) else ""
    for pattern, cause, cure in CAUSES:
        if re.search(pattern, output):
            return cause + "\n" + cure + where
    last = "\n".join(output.strip().splitlines()[-5:])
    return otherwise + " Its last words:\n" + last + "\nType the same command again to retry." + where


def run(words):
    """Run the tour, the tests, or the segkit command, and return its exit code."""
    if words[:1] == ["test"]:
        install_spark_for_java()
        return call([PYTHON, os.path.join(HERE, "tests", "run.py")] + words[1:], cwd=HERE)
    return call([SEGKIT] + (words or ["tour"]))


def install_spark_for_java():
    """Add Spark for the tests where there is Java to run it: 450 MB that a course machine does not need."""
    with open(SPARK_LOCK, "rb") as file:
        made_from = hashlib.sha256(file.read().replace(b"\r\n", b"\n")).hexdigest()
    note = os.path.join(VENV, "segkit-spark.txt")
    if os.path.exists(note):
        with open(note) as file:
            if file.read() == made_from:
                return
    java = os.path.join(os.environ.get("JAVA_HOME", ""), "bin", "java")
    if not (os.path.exists(java) or shutil.which("java")):
        print("No Java on this computer: Spark is not installed and its tests will be skipped.")
        return
    install("Spark for its tests (450 MB)", ["--require-hashes", "--no-build-isolation", "-r", SPARK_LOCK])
    with open(note, "w") as file:
        file.write(made_from)


def call(command, cwd=None):
    """Run a command with our own keyboard and screen; Ctrl-C goes to it, and we wait for its answer."""
    process = subprocess.Popen(command, cwd=cwd)
    while True:
        try:
            code = process.wait()
        except KeyboardInterrupt:
            continue
        return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
