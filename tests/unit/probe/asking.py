"""Ask a parser about a text that a target might have sent."""

import pytest

from auditor.model.shape import misfits
from auditor.probe.base import Frame, Unseen


def frame(key, text, **more):
    """Return frames that hold one."""
    return {key: Frame(key=key, text=text, **more)}


RUNNING = frame("processes", "init\nsshd\n")


def parse(module, text, *, args=None, frames=None, **more):
    """Return the record that a probe makes of `text` as the answer to its last section."""
    probe = module.PROBE
    given = args or probe.args()
    keys = [section.key for section in probe.sections([given])]
    found = probe.parse(given, {**(frames or {}), **frame(keys[-1], text, **more)})
    assert list(misfits(found, probe.gives)) == []
    return found


def why(module, text, **more):
    """Return the reason for which a probe makes nothing of `text`."""
    with pytest.raises(Unseen) as caught:
        parse(module, text, **more)
    return caught.value.why
