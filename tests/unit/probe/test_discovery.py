"""Which networks may be searched."""

import pytest

from auditor.model.fact import Why
from auditor.probe.base import Unseen
from auditor.probe.discovery import search_area

SCOPE = ("10.1.0.0/16", "fd00::/64")


def test_networks_inside_the_scope_may_be_searched():
    area = search_area(("10.1.4.0/24", "10.1.0.0/16", "fd00::/112", "10.1.9.9/32"), SCOPE)

    assert [str(network) for network in area][::3] == ["10.1.4.0/24", "10.1.9.9/32"]
    assert search_area((), SCOPE) == ()


@pytest.mark.parametrize(
    ("network", "why"),
    [
        ("10.2.0.0/24", Why.SCOPE),
        ("10.0.0.0/15", Why.UNSUPPORTED),
        ("fd00::/64", Why.UNSUPPORTED),
        ("fd01::/112", Why.SCOPE),
        ("kota", Why.UNSUPPORTED),
        ("10.1.4.7/24", Why.UNSUPPORTED),
    ],
)
def test_others_may_not(network, why):
    with pytest.raises(Unseen) as caught:
        search_area((network,), SCOPE)
    assert caught.value.why is why
