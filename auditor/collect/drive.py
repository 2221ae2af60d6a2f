"""Carry a conversation that a pure generator leads: its questions there, the answers back."""

from collections.abc import Callable, Generator
from typing import TypeVar

A = TypeVar("A")
H = TypeVar("H")
R = TypeVar("R")


def drive(talk: Generator[A, H, R], hear: Callable[[A], H]) -> R:
    """Return what a conversation comes to; `hear` asks one thing and gives the answer."""
    try:
        asked = next(talk)
        while True:
            asked = talk.send(hear(asked))
    except StopIteration as end:
        result: R = end.value
        return result
