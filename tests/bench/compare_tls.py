"""Write docs/comparison-tls.md: our verdicts on a fleet of faulty TLS servers, and others'.

Run: `python -m tests.bench.compare_tls`. testssl.sh looks at every server: this takes ten minutes.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tests.servers import peers
from tests.servers.peers import TESTSSL_ALL, Verdicts
from tests.servers.sslyze_oracle import sslyze
from tests.servers.test_tls_compare import settings
from tests.servers.tls_compare import Difference, all_ours, compared, differences
from tests.servers.tls_differences import EXPLAINED
from tests.servers.tls_faults import Server, fleet

PAGE = Path(__file__).parents[2] / "docs" / "comparison-tls.md"
AT_ONCE = 2

TABLES = {
    "Versions and suites": (
        "versions",
        "suites",
        "weak suites",
        "forward secrecy",
        "DH bits",
        "groups",
        "curves",
        "order of the server",
    ),
    "Certificates": ("days left", "name", "trusted", "order", "key", "signature", "OCSP staple"),
    "Behaviour": (
        "compression",
        "secure renegotiation",
        "fallback refused",
        "heartbleed",
    ),
}


def main() -> int:
    """Return 1 when a difference has no explanation, or an explanation no difference."""
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(AT_ONCE) as pool:
        folder = Path(name)
        with fleet(folder) as (root, servers):
            ours = all_ours(servers, settings(root))
            names = [server.name for server in servers]
            theirs = {
                "sslyze": sslyze(servers, root),
                "sslscan": dict(zip(names, pool.map(peers.sslscan, servers), strict=True)),
                "testssl.sh": dict(zip(names, _by_testssl(pool, servers, root), strict=True)),
            }
    found = list(differences(ours, theirs))
    PAGE.write_text("\n".join(_page(names, ours, theirs, found)), encoding="utf-8")
    used = {difference.explained for difference in found}
    left = [known for known in EXPLAINED if known not in used]
    unknown = [difference for difference in found if not difference.explained]
    for what in (*unknown, *left):
        print(
            "unexplained" if isinstance(what, Difference) else "left over", *what, file=sys.stderr
        )
    return 1 if unknown or left else 0


def _by_testssl(
    pool: ThreadPoolExecutor, servers: Sequence[Server], root: Path
) -> Iterator[Verdicts]:
    def look(server: Server) -> Verdicts:
        said = peers.testssl(server, root, root.parent, TESTSSL_ALL)
        print(f"testssl.sh: {server.name}", file=sys.stderr)
        return said

    return pool.map(look, servers)


def _page(
    names: Sequence[str],
    ours: Mapping[str, Verdicts],
    theirs: Mapping[str, Mapping[str, Verdicts]],
    found: Sequence[Difference],
) -> Iterator[str]:
    yield "# TLS: our verdicts and those of others"
    yield ""
    yield f"Written by `python -m tests.bench.compare_tls` on {datetime.now(UTC):%Y-%m-%d}, against"
    yield f"{_versions()}, on the {len(names)} servers of"
    yield "`tests/servers/tls_faults.py`. `tests/servers/test_tls_compare.py` compares the same in"
    yield "CI (testssl.sh on a few servers)."
    yield ""
    yield from _counts(theirs, compared(ours, theirs), found)
    notes = [known for known in EXPLAINED if any(one.explained is known for one in found)]
    yield "## Servers"
    yield ""
    yield "A cell holds our verdict (of suites, groups, curves: how many) and, behind `=`, how many"
    yield "tools say the same; `≠` leads to the note on a tool that does not. A tool that says"
    yield "nothing on a question is not counted; `-`: no verdict of ours."
    for title, questions in TABLES.items():
        yield from ("", f"### {title}", "")
        yield from _table(
            ("server", *questions),
            (
                (
                    name,
                    *(_cell(name, question, ours, theirs, found, notes) for question in questions),
                )
                for name in names
            ),
        )
    yield from ("", "## Differences", "")
    for number, known in enumerate(notes, 1):
        where = sorted({f"{one.peer} on {one.server}" for one in found if one.explained is known})
        yield f"{number}. {known.reason} ({'; '.join(where)}: `{known.question}`)"
    unknown = [one for one in found if not one.explained]
    for one in unknown:
        yield f"- NOT EXPLAINED: {one.peer} on {one.server}, {one.question}: {one.words}"
    yield ""


def _versions() -> str:
    def said(*command: str) -> str:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout

    package = said("dpkg-query", "-W", "-f", "${Package} ${Version}, ", "sslscan", "testssl.sh")
    return f"{package}sslyze {version('sslyze')}"


def _counts(
    theirs: Mapping[str, object],
    compared_: Mapping[str, Mapping[str, int]],
    found: Sequence[Difference],
) -> Iterator[str]:
    def cell(peer: str, question: str) -> str:
        count = compared_[peer][question]
        differ = sum(one.peer == peer and one.question == question for one in found)
        return f"{count - differ} of {count}" if count else "-"

    yield "Servers on which a tool agrees with us, of those on which both have a verdict:"
    yield ""
    yield from _table(
        ("question", *theirs),
        (
            (question, *(cell(peer, question) for peer in theirs))
            for questions in TABLES.values()
            for question in questions
        ),
    )
    yield ""


def _cell(
    name: str,
    question: str,
    ours: Mapping[str, Verdicts],
    theirs: Mapping[str, Mapping[str, Verdicts]],
    found: Sequence[Difference],
    notes: Sequence[object],
) -> str:
    if question not in ours[name]:
        return "-"
    differ = [one for one in found if (one.server, one.question) == (name, question)]
    said = sum(question in verdicts.get(name, {}) for verdicts in theirs.values())
    numbers = [notes.index(one.explained) + 1 if one.explained else "?" for one in differ]
    marks = f" ≠{','.join(map(str, sorted(set(numbers), key=str)))}" if numbers else ""
    return f"{_short(question, ours[name][question])} ={said - len(differ)}{marks}"


def _short(question: str, value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case set() if question == "versions":
            return " ".join(sorted(one.removeprefix("TLSv") for one in value))
        case set():
            return str(len(value))
    return str(value)


def _table(heads: Sequence[str], rows: Iterator[Sequence[str]]) -> Iterator[str]:
    for row in (heads, ("---",) * len(heads), *rows):
        yield f"| {' | '.join(row)} |"


if __name__ == "__main__":
    raise SystemExit(main())
