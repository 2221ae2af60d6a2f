"""Text that a target sent, made safe to show and to store."""

import re
import unicodedata

_KEPT = frozenset("\n\t")
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Categories: control, format (bidirectional overrides among them), surrogate, separators."""
_UNSAFE_ASCII = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
REPLACEMENT = "\ufffd"


def inert(text: str) -> str:
    """Replace every character that could steer a terminal or reorder text, one by one.

    Newline and tab stay; markup stays too: who writes HTML escapes it. The length in characters
    does not change. Costs one pass however hostile the text is.
    """
    if text.isascii():
        return _UNSAFE_ASCII.sub(REPLACEMENT, text)
    unsafe = {char for char in set(text) if unicodedata.category(char) in _UNSAFE} - _KEPT
    if not unsafe:
        return text
    return re.sub(f"[{re.escape(''.join(sorted(unsafe)))}]", REPLACEMENT, text)
