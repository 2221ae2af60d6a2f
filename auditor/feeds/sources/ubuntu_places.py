"""What Ubuntu's feeds call a release and the pocket that a fix is in."""

import re
from functools import cache

from auditor.feeds.releases import shipped_releases

_LABEL = re.compile(r"[?&]distro=([^&#]+)")
_NUMBER = re.compile(r"[0-9]{2}\.[0-9]{2}")
_NO_POCKET = {"ubuntu", "pro", "lts", "kernel", "for", "nvidia"}


def place_of_label(purl: str) -> tuple[str, str]:
    """Return release and pocket that a package URL's `distro` names; ("", "") where it has none.

    "jammy" is the release itself; "esm-infra/jammy" and, of the oldest releases, "trusty/esm" are
    pockets of one.
    """
    found = _LABEL.search(purl)
    if not found:
        return "", ""
    parts = [part.lower() for part in re.split(r"/|%2[Ff]", found[1])]
    release = next((part for part in parts if part in _codenames().values()), parts[-1])
    pocket = "-".join(part for part in parts if part != release)
    return release, "esm-infra" if pocket == "esm" else pocket


def place_of_ecosystem(ecosystem: str, availability: str = "") -> tuple[str, str]:
    """Return release and pocket of an OSV ecosystem such as "Ubuntu:Pro:FIPS-updates:22.04:LTS".

    "" for a release that the shipped calendar does not know. Of Ubuntu Pro's two parts the one that
    `availability` names; "esm" where it names none.
    """
    parts = ecosystem.lower().split(":")
    release = next((_codenames().get(part, "") for part in parts if _NUMBER.fullmatch(part)), "")
    service = [p for p in parts if p not in _NO_POCKET and not _NUMBER.fullmatch(p)]
    if service or "pro" not in parts:
        return release, "-".join(service).removeprefix("nvidia-")
    told = availability.lower()
    if "infra" in told:
        return release, "esm-infra"
    return release, "esm-apps" if "ubuntu pro" in told else "esm"


@cache
def _codenames() -> dict[str, str]:
    return {r.version: r.codename for r in shipped_releases() if r.distribution == "ubuntu"}
