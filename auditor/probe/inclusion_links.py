"""Words of links that say nothing about where they lead."""

from collections.abc import Iterator

from auditor.probe.inclusion_tree import Element, Page, words_of

_EMPTY_WORDS = frozenset(
    {
        *("klik", "klik di sini", "klik disini", "di sini", "disini", "klik link", "tautan"),
        *("selengkapnya", "baca selengkapnya", "lihat selengkapnya", "info selengkapnya"),
        *("lihat", "lihat detail", "detail", "lebih lanjut", "lanjut", "baca", "baca lagi"),
        *("lanjutkan membaca", "link", "here", "click here", "click", "read more", "more"),
        *("see more", "learn more", "view", "view more", "details", "continue reading", "this"),
    }
)
_AROUND = " .…»\u203a→>:-[]()"
_READ = 60


def empty_words(page: Page) -> Iterator[Element]:
    """Links whose words, read alone, say nothing; a label or title that says more mends it."""
    for element in page.every("a"):
        if not element.has("href") or element.value("aria-labelledby"):
            continue
        label = element.value("aria-label") or element.value("title")
        words = (label or words_of(element, _READ)).strip(_AROUND).lower()
        if words in _EMPTY_WORDS:
            yield element
