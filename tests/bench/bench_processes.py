"""How many processes a visit starts on a target, and how much travels."""

import tempfile
from pathlib import Path

from auditor.probe.script import compile_script, new_nonce
from tests.bench.fleet import fleet
from tests.probes.overlay import frames, run


def main() -> dict[str, int]:
    """Return figures of one visit by the whole policy without the walk, in an overlay."""
    with fleet(1) as measured:
        (task,) = measured.tasks
        checks = sum(bound.excluded is None for bound in measured.plan.checks[task.targets[0].id])
    script = compile_script(task.probes, new_nonce())
    with tempfile.TemporaryDirectory() as folder:
        visit = run(Path(folder), "dash", "-s", text=script.text)
    if "end" not in frames(visit, script):
        raise AssertionError("the script did not come to its end")
    return {
        "checks": checks,
        "probes": len(task.probes),
        "sections": len(script.sections),
        "processes on the target": visit.processes,
        "bytes sent": len(script.text),
        "bytes that came": len(visit.output),
    }


if __name__ == "__main__":
    for what, figure in main().items():
        print(f"{what:25} {figure}")
