"""Each probe against what real targets sent (see capture.py), against formats that manuals of other
systems document (documented-*.json, each case with its source), and against any text at all.
"""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.shape import misfits
from auditor.probe.base import Frame, Unseen, Via
from auditor.probe.catalogue import CATALOGUE
from tests.probes.capture import frame_keys, frames_of, probes, understood

FILES = sorted(Path(__file__).parent.glob("*.json"))
CASES = [(path.stem, one) for path in FILES for one in json.loads(path.read_text())]
BY_KEY = {probe.key: probe for probe in probes()}


@pytest.mark.parametrize(
    ("system", "one"), CASES, ids=[f"{system}-{one['probe']}" for system, one in CASES]
)
def test_what_a_real_target_sent_is_understood(system, one):
    probe = BY_KEY[one["probe"]]
    expected = {key: one[key] for key in ("record", "unseen") if key in one}

    seen = understood(probe, frames_of(one["frames"]))

    assert seen == expected
    assert list(misfits(seen.get("record", {}), probe.type.gives)) == []


def test_every_ssh_probe_has_a_case():
    asked = {probe.type.name for probe in probes()}
    known = {name for name, kind in CATALOGUE.items() if kind.via is Via.SSH} - {"session"}

    assert asked == known


@pytest.mark.parametrize("probe", probes(), ids=lambda probe: probe.key)
@given(data=st.data())
def test_any_text_gives_a_record_of_the_right_shape_or_none(probe, data):
    keys = frame_keys(probe)
    words = st.text(max_size=60) | st.sampled_from(
        [
            line
            for _, one in CASES
            for f in one["frames"].values()
            for line in f["text"].splitlines()
        ]
    )
    frames = {
        key: Frame(
            key=key,
            text="\n".join(data.draw(st.lists(words, max_size=8))),
            rc=data.draw(st.sampled_from([0, 0, 0, 1, 124, 127, 255])),
            cut=data.draw(st.sampled_from([False, False, False, True])),
        )
        for key in keys
    }

    try:
        record = probe.type.parse(probe.args, frames)
    except Unseen:
        return
    assert list(misfits(record, probe.type.gives)) == []
