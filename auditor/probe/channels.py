"""Channels of complaint and openness: whether a citizen finds them, and whether they are safe."""

from auditor.model.base import Text
from auditor.model.fact import GAP, Why
from auditor.probe.base import Args, ProbeType, Record, Via
from auditor.probe.channels_fields import GIVES
from auditor.probe.channels_find import CHANNEL_TOPICS, Leads, broken, insecure, rows, unofficial
from auditor.probe.channels_said import said
from auditor.probe.channels_strict import strict
from auditor.probe.crawl import Crawl, Missed, Topic


class ChannelsArgs(Args, frozen=True):
    """Takes no arguments."""


_TRANSIENT = frozenset(
    {Why.TIMEOUT, Why.UNREACHABLE, Why.UNREADABLE, Why.BUSY, Why.REFUSED, Why.DENIED}
)
"""Reasons for which a link may be dead or not."""


def read(_args: ChannelsArgs, crawl: Crawl) -> Record:
    """Return the record of a site; what the front page hides is no absence."""
    leads = Leads(crawl)
    record: Record = {
        "channels": rows(leads),
        "strict": strict(crawl),
        "broken": broken(crawl),
        "insecure": insecure(leads),
        "unofficial": unofficial(leads),
        **said(crawl),
    }
    hidden = [one for one in crawl.missed if Topic.OTHER in one.topics and len(one.topics) > 1]
    unsure = [one for one in crawl.missed if _tried(one) and one.why in _TRANSIENT]
    if hidden:
        gap = {"why": hidden[0].why, "detail": hidden[0].detail}
        lists = ("strict", "broken", "insecure", "unofficial")
        return {n: v for n, v in record.items() if v or n not in lists} | {GAP: gap}
    if unsure and not record["broken"]:
        del record["broken"]
        detail = f"{unsure[0].address}: {unsure[0].detail}"[:300]
        return record | {GAP: {"why": unsure[0].why, "detail": detail}}
    return record


def _tried(missed: Missed) -> bool:
    return not (missed.left_out or CHANNEL_TOPICS.isdisjoint(missed.topics))


PROBE = ProbeType(
    name="channels",
    via=Via.PAGES,
    args=ChannelsArgs,
    gives=GIVES,
    read=read,
    doc=Text(
        id="Kanal yang harus ditemukan warga di situs pemerintah (pengaduan, SP4N-LAPOR!, WBS, "
        "gratifikasi, PPID, survei, standar pelayanan, JDIH, LPSE, data terbuka, CSIRT): ada, "
        "hidup, terenkripsi, mutakhir; dan apakah halaman pengaduan dan WBS melindungi pelapor. "
        "Situs lain tidak ditanya: yang dinilai hanya tautannya.",
        en="Channels that a citizen must find on a government's site (complaint, SP4N-LAPOR!, "
        "whistleblowing, gratification, PPID, survey, service standards, JDIH, procurement, open "
        "data, CSIRT): there, alive, encrypted, fresh; and whether the pages of complaint and "
        "whistleblowing protect who reports. Other sites are not asked: their links are judged.",
    ),
)
