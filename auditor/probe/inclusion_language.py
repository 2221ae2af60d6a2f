"""In which language a page says that it is, and in which its words are."""

import re
from collections.abc import Iterator

from auditor.probe.inclusion_tree import Element, Page

_READ = 60_000
_WORD = re.compile(r"[a-z]{2,20}")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_COMMON = {
    "id": _words(
        "yang dan di dengan untuk pada ini itu dari dalam adalah atau oleh sebagai akan tidak telah"
        " juga dapat kami anda kepada serta bahwa karena lebih para secara agar bagi setiap sudah"
        " tentang hingga menjadi tersebut masyarakat layanan informasi kota dinas daerah"
    ),
    "en": _words(
        "the and of to in for is that with this from are was were have has been which their will"
        " not you your our more about there these those would can should what when where"
    ),
}
_LEAST = 12
"""Common words that make a language certain."""
_TIMES = 3
_TAG = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]{1,8}){0,5}", re.IGNORECASE)
_TWO = _words(
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy"
    " da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu"
    " hy hz ia id ie ig ii ik in io is it iu iw ja ji jv jw ka kg ki kj kk kl km kn ko kr ks ku kv"
    " kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mo mr ms mt my na nb nd ne ng nl nn no nr"
    " nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq"
    " sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi"
    " yo za zh zu"
)
_INDONESIAN = frozenset({"id", "in", "ind"})


def primary(text: str) -> str:
    """Return the language of a tag in lower case ("id" of "id-ID"), "" where it is none."""
    match = _TAG.fullmatch(text.strip()[:60])
    language = match[1].lower() if match else ""
    return language if len(language) != 2 or language in _TWO else ""  # noqa: PLR2004


def language_of(text: str) -> str:
    """Return "id" or "en" where the words of a text leave no doubt, else ""."""
    words = _WORD.findall(text[:_READ].lower())
    counts = {name: sum(word in common for word in words) for name, common in _COMMON.items()}
    first, second = sorted(counts, key=lambda name: -counts[name])
    certain = counts[first] >= _LEAST and counts[first] >= _TIMES * counts[second]
    return first if certain else ""


def declared(page: Page) -> str:
    """Return what the page says its language is, as written."""
    return page.root.value("lang") or page.root.value("xml:lang")


def no_language(page: Page) -> Iterator[Element]:
    """axe: html-has-lang."""
    if not page.root.value("lang"):
        yield page.root


def bad_language(page: Page) -> Iterator[Element]:
    """axe: html-lang-valid."""
    if any(page.root.value(name) and not primary(page.root.value(name)) for name in _NAMES):
        yield page.root


_NAMES = ("lang", "xml:lang")


def other_language(page: Page) -> Iterator[Element]:
    """Pages whose words are in another language than they say."""
    said, found = primary(declared(page)), language_of(page.sheet.text)
    if said and found and said != found and not (found == "id" and said in _INDONESIAN):
        yield page.root


def bad_parts(page: Page) -> Iterator[Element]:
    """axe: valid-lang."""
    for element in page.heard:
        if element is not page.root and any(
            element.value(name) and not primary(element.value(name)) for name in _NAMES
        ):
            yield element


def no_title(page: Page) -> Iterator[Element]:
    """axe: document-title."""
    if not title_of(page):
        yield page.root


def title_of(page: Page) -> str:
    """Return the title that browsers show, "" where there is none."""
    titles = [one for one in page.raw("title") if not one.svg]
    texts = [child for child in titles[0].children if isinstance(child, str)] if titles else []
    return " ".join("".join(texts)[:500].split())
