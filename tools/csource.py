"""What the checks of C sources share: which files there are, and their text without comments and strings."""
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent

_TOKEN = re.compile(r"""
    /\*.*?\*/ | //[^\n]*                       # comments
  | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*'  # strings and characters
""", re.VERBOSE | re.DOTALL)


def files(*patterns):
    """Paths, relative to the root, of the project's files that match the patterns of git."""
    listing = subprocess.run([ROOT / "tools" / "lint", "files", *patterns],
                             capture_output=True, text=True, check=True)
    return listing.stdout.splitlines()


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


def code_of(text):
    """The text with comments and the insides of strings blanked; lines and columns stay."""
    return _TOKEN.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def report(problems):
    """Prints the problems and returns the exit code."""
    for problem in problems:
        print(problem)
    return 1 if problems else 0
