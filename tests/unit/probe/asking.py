"""Ask a parser about a text that a target might have sent."""

import pytest

from auditor.model.shape import misfits
from auditor.probe import texts
from auditor.probe.base import Frame, Unseen


def frame(key, text, **more):
    """Return frames that hold one."""
    return {key: Frame(key=key, text=text, **more)}


def text_files(files):
    """Return the frame of text files as a target sends them: `files` is path → text."""
    marks = "".join(f"+ {path}\n" for path in files)
    return frame(texts.KEY, marks + "".join(map(_sent, files, files.values())))


def _sent(path, text):
    kept = [
        f"{number}:{line}\n"
        for number, line in enumerate(text.split("\n"), 1)
        if line.strip() and not line.strip().startswith("#")
    ]
    return f"@{path}\n{''.join(kept)}"


RUNNING = frame("processes", "init\nsshd\n")


def parse(module, text, *, args=None, frames=None, **more):
    """Return the record that a probe makes of `text` as the answer to its last section.

    A probe that has no section of its own reads `text` as the files' frame, or `frames` alone.
    """
    probe = module.PROBE
    given = args or probe.args()
    keys = [section.key for section in probe.sections([given])] if probe.sections else [texts.KEY]
    own = {} if text is None else frame(keys[-1], text, **more)
    found = probe.parse(given, {**(frames or {}), **own})
    assert list(misfits(found, probe.gives)) == []
    return found


def why(module, text, **more):
    """Return the reason for which a probe makes nothing of `text`."""
    with pytest.raises(Unseen) as caught:
        parse(module, text, **more)
    return caught.value.why
