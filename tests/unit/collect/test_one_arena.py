"""One heap for all threads, where the C library can."""

import ctypes
from types import SimpleNamespace

from auditor.collect.one_arena import share_one_arena


def test_asks_once_for_one(monkeypatch):
    asked = []
    library = SimpleNamespace(mallopt=lambda *args: asked.append(args))
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: library)
    share_one_arena()
    assert asked == [(-8, 1)]


def test_another_library_is_left_alone(monkeypatch):
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: SimpleNamespace())
    share_one_arena()


def test_the_real_one():
    share_one_arena()
