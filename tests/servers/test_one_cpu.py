"""Threads that are held on one CPU, and let go again."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from auditor.collect.one_cpu import one_cpu


@pytest.fixture
def allowed():
    """The CPUs that this thread may use."""
    found = os.sched_getaffinity(0)
    yield found
    os.sched_setaffinity(0, found)


def test_threads_that_are_started_within_share_one_cpu_until_the_end(allowed):
    with one_cpu(), ThreadPoolExecutor(1) as pool:
        held = os.sched_getaffinity(0)
        theirs = pool.submit(os.sched_getaffinity, 0).result()

    assert held == theirs == {min(allowed)}
    assert os.sched_getaffinity(0) == allowed


def test_a_fault_lets_go_as_well(allowed):
    with pytest.raises(ValueError, match="fault"), one_cpu():
        raise ValueError("fault")

    assert os.sched_getaffinity(0) == allowed


@pytest.mark.parametrize("known", [True, False])
def test_without_a_choice_nothing_is_done(monkeypatch, known):
    if known:
        monkeypatch.setattr(os, "sched_getaffinity", lambda _: {3})
    else:
        monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.delattr(os, "sched_setaffinity")

    with one_cpu():
        pass
