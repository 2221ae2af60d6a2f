"""Pages that would keep the parser busy: measured, lexbor needs quadratic time for two things.

Thousands of blocks inside each other (100,000 take 14 s), and thousands of attributes at one
element (85,000 take 11 s), all of it with the interpreter locked. Such a page is not parsed.
"""

import re

MOST_ELEMENTS = 20_000
"""At this bound the worst page takes half a second."""
MOST_ATTRIBUTES = 2_000
_OVERLAP = 10
"""Times that a page is scanned over at most: where "<" stands within tags, scans overlap."""
_START = re.compile(r"<[A-Za-z]")
_TAG = re.compile(
    r"<[A-Za-z][^\s/>]*+"
    r"(?:[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"?+|'[^']*+'?+|[^\s>]*+))?+)"
    rf"{{0,{MOST_ATTRIBUTES}}}+"
)
_END = re.compile(r"[\s/]*+(?:>|\Z)")


def bomb(html: str) -> str:
    """Return why a page is not to be parsed, "" where it may be.

    Every "<" before a letter is taken for a tag, also in comments and scripts: rather one too many.
    """
    starts = [match.start() for match in _START.finditer(html)]
    if len(starts) > MOST_ELEMENTS:
        return f"a page of more than {MOST_ELEMENTS} elements"
    left = _OVERLAP * len(html)
    for start in starts:
        tag = _TAG.match(html, start)
        closed = _END.match(html, tag.end() if tag else start)
        left -= closed.end() - start if closed else 0
        if left < 0 or not closed:
            return f"a page with an element of more than {MOST_ATTRIBUTES} attributes"
    return ""
