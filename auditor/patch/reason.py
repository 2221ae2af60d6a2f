"""Why an update is due when it is: one sentence that a head of office can read."""

from collections.abc import Iterator

from auditor.model.base import Text
from auditor.patch.exposure import Exposure, Reach
from auditor.patch.priority import Weighed

_REACH = {
    Reach.INTERNET: Text(id="terpapar ke internet lewat {}", en="exposed to the Internet on {}"),
    Reach.NETWORK: Text(
        id="terjangkau dari jaringan lewat {}", en="reached from the network on {}"
    ),
    Reach.LOOPBACK: Text(
        id="hanya terjangkau dari server itu sendiri", en="reached from itself only"
    ),
    Reach.NONE: Text(id="tidak melayani port apa pun", en="serves no port"),
    Reach.UNKNOWN: Text(
        id="keterpaparan tidak terlihat, dianggap terpapar",
        en="exposure was not seen, taken as exposed",
    ),
}
_ANSWERS = {
    "automatable": {
        True: Text(id="serangan dapat diotomatisasi", en="attacks can be automated"),
        False: Text(id="serangan sulit diotomatisasi", en="attacks are hard to automate"),
        None: Text(
            id="otomatisasi tidak diketahui, dianggap bisa",
            en="automation is not known, taken as possible",
        ),
    },
    "total": {
        True: Text(id="memberi kendali penuh", en="gives full control"),
        False: Text(id="memberi kendali sebagian", en="gives partial control"),
        None: Text(
            id="dampak tidak diketahui, dianggap penuh", en="impact is not known, taken as full"
        ),
    },
}
_EXPLOITED = Text(
    id="sudah dieksploitasi (KEV sejak {})", en="known to be exploited (KEV since {})"
)
_RANSOM = Text(id="dipakai ransomware", en="used by ransomware")
_UNNAMED = Text(id="pembaruan keamanan tanpa nomor CVE", en="a security update without a CVE")
_DERIVED = Text(id="dibaca dari vektor CVSS", en="read from the CVSS vector")


def reason(weighed: Weighed, exposure: Exposure) -> Text:
    """Return the sentence, in both languages."""
    parts = list(_parts(weighed, exposure))
    head = Text(id=weighed.cve, en=weighed.cve) if weighed.cve else _UNNAMED
    return Text(
        id=f"{head.id}: {'; '.join(part.id for part in parts)}",
        en=f"{head.en}: {'; '.join(part.en for part in parts)}",
    )


def _parts(weighed: Weighed, exposure: Exposure) -> Iterator[Text]:
    if weighed.weight.exploited:
        day = weighed.weight.exploited.added.isoformat()
        yield Text(id=_EXPLOITED.id.format(day), en=_EXPLOITED.en.format(day))
        if weighed.weight.exploited.ransomware:
            yield _RANSOM
    ports = ", ".join(exposure.ports)
    words = _REACH[exposure.reach]
    yield Text(id=words.id.format(ports), en=words.en.format(ports))
    if weighed.cve:
        yield _ANSWERS["automatable"][weighed.weight.signals.automatable]
        yield _ANSWERS["total"][weighed.weight.signals.total]
    if weighed.weight.derived:
        yield _DERIVED
