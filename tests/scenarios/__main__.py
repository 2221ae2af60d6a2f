"""Run a folder of scenarios: `python -m tests.scenarios [DIR] [--map FILE] [--jobs N]`, as root.

DIR holds NAME/CASE.{pass,fail,not_applicable}.sh. NAME is the id of a check, or a foreign name
that the map (YAML) explains: `name: check-id` or `name: {check: id, params: {…}}`. Foreign scripts
may fail on the way; ours may not. Exit 1 where a verdict differs.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from auditor.load.yaml import read_yaml
from auditor.model.fact import Json
from tests.scenarios.runner import (
    HERE,
    Scenario,
    Verdict,
    known,
    read_scenario,
    run,
    scenarios,
)
from tests.scenarios.stage import Stage


def main() -> int:
    """Run, print every disagreement and the agreement in percent."""
    options = _options()
    names = _names(options.map) if options.map else {}
    chosen = list(_chosen(options.folder, names, options.only))
    begun = time.monotonic()
    with closing(Stage()) as stage, ThreadPoolExecutor(options.jobs) as pool:
        found = list(pool.map(lambda one: run(one, stage, strict=not options.map), chosen))
    _tell(found, time.monotonic() - begun)
    return 0 if all(verdict.right for verdict in found) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.scenarios")
    parser.add_argument("folder", type=Path, nargs="?", default=HERE, metavar="DIR")
    parser.add_argument("--map", type=Path, help="YAML: foreign name → check id, or with params")
    parser.add_argument("--jobs", type=int, default=2, help="scenarios at once (2)")
    parser.add_argument("--only", default="", metavar="TEXT", help="paths that contain TEXT")
    return parser.parse_args()


def _names(path: Path) -> Mapping[str, tuple[str, Mapping[str, Json]]]:
    """Return the check and the parameters of each foreign name; null leaves a name out."""
    raw = read_yaml(path).value
    return {
        name: (entry, {}) if isinstance(entry, str) else (entry["check"], entry.get("params", {}))
        for name, entry in raw.items()
        if entry
    }


def _chosen(
    folder: Path, names: Mapping[str, tuple[str, Mapping[str, Json]]], only: str
) -> Iterator[Scenario]:
    without = Counter()
    for path in scenarios(folder):
        foreign = path.parent.name
        if only not in str(path):
            continue
        if names.get(foreign) or known(foreign):
            yield read_scenario(path, *names.get(foreign, (foreign, {})))
        else:
            without[foreign] += 1
    for foreign, number in without.items():
        print(f"left out: {foreign} ({number}): no check of that name")


def _tell(found: list[Verdict], seconds: float) -> None:
    wrong = [verdict for verdict in found if not verdict.right]
    for verdict in wrong:
        print(f"{verdict.scenario.name} [{verdict.scenario.check}]\n  {verdict.words}")
    right = len(found) - len(wrong)
    share = f"{100 * right / len(found):.1f} %" if found else "-"
    each = f"{seconds / len(found):.2f} s each" if found else ""
    print(f"{len(found)} scenarios, {right} agree: {share} ({seconds:.0f} s, {each})")


if __name__ == "__main__":
    sys.exit(main())
