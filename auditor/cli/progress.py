"""Show how a run goes: live on a terminal, quiet lines elsewhere."""

import sys
import time
from types import TracebackType
from typing import Self

import click
from rich.console import Console
from rich.live import Live
from rich.text import Text as RichText

from auditor.model.base import Lang, Text
from auditor.model.inventory import Inventory
from auditor.model.result import Run, Status, TargetState, Visit
from auditor.model.text import inert

_STATES = {
    TargetState.SEEN: Text(id="terperiksa", en="examined"),
    TargetState.PARTLY: Text(id="sebagian", en="partly"),
    TargetState.UNREACHABLE: Text(id="tak terjangkau", en="unreachable"),
    TargetState.REFUSED: Text(id="menolak login", en="login refused"),
    TargetState.HOST_KEY: Text(id="kunci host", en="host key"),
    TargetState.TIMEOUT: Text(id="tidak menjawab", en="no answer"),
    TargetState.INTERRUPTED: Text(id="terputus", en="interrupted"),
}


class Progress:
    """A watcher of a run; a context manager, so that the terminal is given back."""

    def __init__(self, inventory: Inventory, lang: Lang, *, quiet: bool) -> None:
        self._lang = lang
        self._quiet = quiet
        self._opds = {target.id: target.opd for target in inventory.targets}
        self._console = Console(stderr=True)
        self._live: Live | None = None
        self._since = time.monotonic()
        self._total = self._done = self._failed = self._unseen = 0

    def __enter__(self) -> Self:
        """Take the terminal over, if there is one."""
        if sys.stderr.isatty() and not self._quiet:
            self._live = Live(console=self._console, transient=True, get_renderable=self._line)
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the terminal back."""
        if self._live:
            self._live.stop()

    def begun(self, run: Run, total: int, left: int) -> None:
        """Say that a run begins."""
        self._total, self._done = total, total - left
        self._say(
            Text(
                id=f"Audit {run.id}: {left} dari {total} target akan diperiksa",
                en=f"Audit {run.id}: {left} of {total} targets to examine",
            )
        )

    def visited(self, visit: Visit) -> None:
        """Say how one target went; under cron only what did not go well."""
        self._done += 1
        failed = sum(result.status is Status.FAIL for result in visit.results)
        self._failed += failed
        if visit.state is not TargetState.SEEN:
            self._unseen += 1
        elif self._live is None:
            return
        state = _STATES[visit.state]
        reason = " ".join(inert(visit.reason).split())[:120]
        tail = f": {reason}" if reason else ""
        opd = self._opds.get(visit.target, "")
        self._say(
            Text(
                id=f"  {opd}/{visit.target}  {failed} gagal, {state.id} ({visit.ms} ms){tail}",
                en=f"  {opd}/{visit.target}  {failed} failed, {state.en} ({visit.ms} ms){tail}",
            )
        )

    def _say(self, text: Text) -> None:
        if self._quiet:
            return
        line = text.in_(self._lang)
        if self._live:
            self._console.print(RichText(line))
        else:
            click.echo(line, err=True)

    def _line(self) -> RichText:
        spent = int(time.monotonic() - self._since)
        words = Text(
            id=f"{self._done}/{self._total} target · {self._failed} kegagalan · "
            f"{self._unseen} tidak utuh · {spent} d",
            en=f"{self._done}/{self._total} targets · {self._failed} failures · "
            f"{self._unseen} not whole · {spent} s",
        )
        return RichText(words.in_(self._lang), style="bold")
