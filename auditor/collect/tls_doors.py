"""Which of some ports are open: one short connection to each."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from auditor.collect import Limit
from auditor.collect.dial import Connection, Deadline, Unreached
from auditor.model.fact import Why

PATIENCE = 2.0
"""Seconds that a port may take to accept."""
AT_ONCE = 8


class Doors(NamedTuple):
    """Ports that accepted, ports that refused, and why the others gave no answer."""

    open: list[int]
    closed: list[int]
    mute: list[Why]


def knock(ip: str, ports: Sequence[int], limit: Limit) -> Doors:
    """Try each port, a few at a time."""

    def answer(port: int) -> Why | None:
        try:
            with Connection(ip, port, Deadline(limit, PATIENCE)):
                return None
        except Unreached as error:
            return error.why

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(answer, ports))
    doors = Doors([], [], [])
    for port, why in zip(ports, answers, strict=True):
        if why is None:
            doors.open.append(port)
        elif why is Why.REFUSED:
            doors.closed.append(port)
        else:
            doors.mute.append(why)
    return doors
