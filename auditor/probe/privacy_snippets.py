"""Calls in a page's own scripts that record visitors or tell their devices apart: a hint.

Which of them run only a browser can show.
"""

import re
from collections.abc import Iterator, Mapping

from auditor.probe.privacy_trackers import Use

_CALLS: Mapping[Use, Mapping[str, re.Pattern[str]]] = {
    Use.REPLAY: {
        "Hotjar": re.compile(r"_hjSettings|\bhj\(\s{0,5}[\"']"),
        "Microsoft Clarity": re.compile(r"\bclarity\(\s{0,5}[\"']"),
        "Smartlook": re.compile(r"\bsmartlook\(\s{0,5}[\"']"),
        "FullStory": re.compile(r"_fs_namespace|\bFS\.(identify|event)\("),
        "LogRocket": re.compile(r"\bLogRocket\.init\("),
        "Mouseflow": re.compile(r"\b_mfq\b"),
        "Inspectlet": re.compile(r"\b__insp\b"),
        "rrweb": re.compile(r"\brrweb(\.record|Record)\b"),
        "OpenReplay": re.compile(r"\bOpenReplay\b"),
    },
    Use.ADVERTISING: {
        "Meta Pixel": re.compile(r"\bfbq\(\s{0,5}[\"']"),
        "TikTok Pixel": re.compile(r"\bttq\.(load|page|track)\("),
    },
    Use.ANALYTICS: {
        "Google Analytics": re.compile(r"\bgtag\(\s{0,5}[\"']config|\bga\(\s{0,5}[\"']create"),
        "Yandex Metrica": re.compile(r"\bym\(\s{0,5}\d{4,12}\s{0,5},"),
        "Matomo": re.compile(r"\b_paq\.push\("),
    },
    Use.FINGERPRINT: {
        "FingerprintJS": re.compile(r"\bFingerprintJS\.load\(|\bFingerprint2\b"),
        "ThumbmarkJS": re.compile(r"\bThumbmarkJS\b"),
        "ClientJS": re.compile(r"\bnew ClientJS\("),
        "WebGL": re.compile(r"WEBGL_debug_renderer_info|UNMASKED_RENDERER_WEBGL"),
    },
}
_DRAWS = re.compile(r"\.fillText\(")
_READS = re.compile(r"\.(toDataURL|getImageData)\(")
_EMOJI = re.compile(r"wp-?emoji-?settings.{0,4000}", re.IGNORECASE | re.DOTALL)
"""WordPress draws and reads a picture on every page, to see whether the browser shows emoji."""
_SOUNDS = re.compile(r"\b(webkit)?OfflineAudioContext\b")


def snippets_of(scripts: str) -> Iterator[tuple[str, Use]]:
    """Yield what the scripts of a page call, by name and use; each once."""
    for use, calls in _CALLS.items():
        yield from ((name, use) for name, call in calls.items() if call.search(scripts))
    other = _EMOJI.sub(" ", scripts)
    if _DRAWS.search(other) and _READS.search(other):
        yield "canvas", Use.FINGERPRINT
    if _SOUNDS.search(scripts):
        yield "audio", Use.FINGERPRINT
