"""Let a server show each of its host keys, and the smallest group of its choice."""

from collections.abc import Callable

from auditor.collect.dial import Unreached
from auditor.collect.ssh_server_talk import Talk, mute
from auditor.model.fact import Why
from auditor.probe.ssh_server_codec import Malformed, Offer
from auditor.probe.ssh_server_exchange import Shown, group_exchange, takes_part
from auditor.probe.ssh_server_facts import Mute
from auditor.probe.ssh_server_keys import KINDS, Key, algorithms

Keys = dict[str, Key | Mute]
"""Key type → the key, or why it was not seen."""


def show_all(talk: Talk, offer: Offer, again: Callable[[], Talk]) -> tuple[Keys, int | Mute]:
    """Return every host key and the bits of the smallest group (0: the server chooses none).

    `talk` is open and has told its offer; each further key costs a conversation of its own.
    """
    wanted = algorithms(offer.host_keys)
    keys: Keys = {}
    group: int | Mute = 0
    chosen = group_exchange(offer.kex)
    kind, algorithm = next(iter(wanted.items()))
    if chosen is None:
        keys[kind] = _key(lambda: _show(talk, offer, algorithm))
    else:
        shown = _attempt(lambda: talk.show(offer, chosen, algorithm, small=True))
        group = shown if isinstance(shown, Mute) else shown.group
        if isinstance(shown, Shown):
            keys[kind] = shown.key
    for kind, algorithm in wanted.items():
        if kind not in keys:
            keys[kind] = _further(keys, algorithm, again)
        if len(keys) > KINDS:
            break
    return keys, group


def _further(keys: Keys, algorithm: str, again: Callable[[], Talk]) -> Key | Mute:
    """Return one more key; a server that has fallen silent is not waited for once more."""
    if len(keys) >= KINDS:
        return Mute(Why.CUT, f"more than {KINDS} kinds of host keys: this and others not asked")
    for key in keys.values():
        if isinstance(key, Mute) and key.why is Why.TIMEOUT:
            return key
    return _key(lambda: _anew(algorithm, again))


def _anew(algorithm: str, again: Callable[[], Talk]) -> Shown:
    with again() as talk:
        talk.greet()
        return _show(talk, talk.offer(), algorithm)


def _show(talk: Talk, offer: Offer, algorithm: str) -> Shown:
    kex = takes_part(offer.kex)
    if kex is None:
        raise Unreached(Why.UNSUPPORTED, "no key exchange that the auditor knows")
    return talk.show(offer, kex, algorithm)


def _key(act: Callable[[], Shown]) -> Key | Mute:
    shown = _attempt(act)
    return shown if isinstance(shown, Mute) else shown.key


def _attempt(act: Callable[[], Shown]) -> Shown | Mute:
    try:
        return act()
    except (Unreached, Malformed) as error:
        return mute(error)
