"""Which first digits a population number can have: province, then kabupaten or kota.

Codes of the Ministry of Home Affairs as recalled (the facts file verifies 35, 35.73 and 35.79);
ranges are a little wider than what is in use today, since a number keeps the code of the day it
was issued, before provinces and kabupaten were split.
"""

from collections.abc import Mapping

REGENCIES: Mapping[str, tuple[int, int]] = {
    "11": (23, 75),
    "12": (25, 79),
    "13": (13, 77),
    "14": (14, 73),
    "15": (11, 72),
    "16": (14, 74),
    "17": (10, 71),
    "18": (15, 72),
    "19": (7, 71),
    "21": (7, 72),
    "31": (1, 75),
    "32": (22, 79),
    "33": (29, 76),
    "34": (4, 71),
    "35": (29, 79),
    "36": (4, 75),
    "51": (8, 71),
    "52": (8, 72),
    "53": (22, 71),
    "61": (13, 72),
    "62": (13, 71),
    "63": (11, 72),
    "64": (12, 74),
    "65": (5, 71),
    "71": (12, 74),
    "72": (13, 71),
    "73": (27, 73),
    "74": (17, 72),
    "75": (6, 71),
    "76": (6, 71),
    "81": (11, 72),
    "82": (11, 72),
    "91": (29, 71),
    "92": (14, 71),
    "93": (4, 71),
    "94": (36, 71),
    "95": (8, 71),
    "96": (6, 71),
    "97": (8, 71),
}
"""Province → the highest number of a kabupaten (from 01) and of a kota (from 71)."""
FIRST_CITY = 71


def known(region: str) -> bool:
    """Tell whether six digits name a region that exists or existed: kecamatan from 01 to 60."""
    regency, district = int(region[2:4]), int(region[4:6])
    last, last_city = REGENCIES.get(region[:2], (0, 0))
    there = 1 <= regency <= last or FIRST_CITY <= regency <= last_city
    return there and 1 <= district <= _DISTRICTS


_DISTRICTS = 60
