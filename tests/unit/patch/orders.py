"""Orders of versions as data, and what dpkg and rpm themselves say of pairs."""

import subprocess
from pathlib import Path

VECTORS = Path(__file__).parent / "vectors"


def vectors(family):
    """Return (rule, one, sign, other) for each line of a family's file."""
    found = []
    rule = ""
    for line in (VECTORS / f"{family}.txt").read_text().splitlines():
        if line.startswith("#"):
            rule = line.removeprefix("# ")
        else:
            found.append((rule, *line.split(" ")))
    return found


def sign(one, other):
    """Return how two keys compare: <, = or >."""
    return "<" if one < other else ">" if one > other else "="


def said_by_dpkg(pairs):
    """Return <, = or > for each pair; one shell, at most two processes of dpkg a pair."""
    script = "\n".join(
        f"if dpkg --compare-versions '{a}' lt '{b}'; then echo '<'\n"
        f"elif dpkg --compare-versions '{a}' eq '{b}'; then echo '='\n"
        "else echo '>'; fi"
        for a, b in pairs
    )
    done = subprocess.run(["sh"], input=script, text=True, capture_output=True, check=True)
    return done.stdout.split()


def said_by_rpm(pairs):
    """Return <, = or > for each pair, of one process of rpm."""
    calls = " ".join(f"print(rpm.vercmp('{a}', '{b}'), '')" for a, b in pairs)
    done = subprocess.run(
        ["rpm", "--eval", f"%{{lua:{calls}}}"], text=True, capture_output=True, check=True
    )
    return [{"-1": "<", "0": "=", "1": ">"}[word] for word in done.stdout.split()]
