"""Colours as style sheets write them, and how well one is read on the other (WCAG 2)."""

import re

Colour = tuple[int, int, int]
_HEX = re.compile(r"#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})")
_RGB = re.compile(
    r"rgba?\(\s*([\d.]{1,6}%?)[\s,]+([\d.]{1,6}%?)[\s,]+([\d.]{1,6}%?)"
    r"(?:\s*[,/]\s*([\d.]{1,6}%?))?\s*\)"
)
_NAMED = {
    "black": 0x000000,
    "silver": 0xC0C0C0,
    "gray": 0x808080,
    "grey": 0x808080,
    "white": 0xFFFFFF,
    "maroon": 0x800000,
    "red": 0xFF0000,
    "purple": 0x800080,
    "fuchsia": 0xFF00FF,
    "magenta": 0xFF00FF,
    "green": 0x008000,
    "lime": 0x00FF00,
    "olive": 0x808000,
    "yellow": 0xFFFF00,
    "navy": 0x000080,
    "blue": 0x0000FF,
    "teal": 0x008080,
    "aqua": 0x00FFFF,
    "cyan": 0x00FFFF,
    "orange": 0xFFA500,
    "pink": 0xFFC0CB,
    "gold": 0xFFD700,
    "brown": 0xA52A2A,
    "lightgray": 0xD3D3D3,
    "lightgrey": 0xD3D3D3,
    "darkgray": 0xA9A9A9,
    "darkgrey": 0xA9A9A9,
    "dimgray": 0x696969,
    "whitesmoke": 0xF5F5F5,
    "lightblue": 0xADD8E6,
    "skyblue": 0x87CEEB,
    "darkblue": 0x00008B,
    "lightgreen": 0x90EE90,
    "darkgreen": 0x006400,
    "tomato": 0xFF6347,
    "crimson": 0xDC143C,
}
_SHORT = 4


def colour(text: str) -> Colour | None:
    """Return an opaque colour, None for another or for what is not known here."""
    if text in _NAMED:
        number = _NAMED[text]
        return number >> 16, number >> 8 & 255, number & 255
    if match := _HEX.fullmatch(text):
        return _of_hex(match[1])
    match = _RGB.fullmatch(text)
    if match is None:
        return None
    try:
        red, green, blue = (_part(one) for one in match.groups()[:3])
        opaque = (
            match[4] is None
            or float(match[4].rstrip("%")) / (100 if match[4].endswith("%") else 1) >= 1
        )
    except ValueError:
        return None
    return (red, green, blue) if opaque else None


def _of_hex(digits: str) -> Colour | None:
    if len(digits) <= _SHORT:
        digits = "".join(2 * digit for digit in digits)
    if digits[6:] not in {"", "ff"}:
        return None
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def _part(text: str) -> int:
    number = float(text.rstrip("%"))
    return min(255, round(number * 2.55 if text.endswith("%") else number))


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast ratio, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (
        part / 255 / 12.92 if part / 255 <= 0.03928 else ((part / 255 + 0.055) / 1.055) ** 2.4  # noqa: PLR2004
        for part in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
