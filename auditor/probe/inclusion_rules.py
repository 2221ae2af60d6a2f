"""What a page is judged on: each fact of the record with the rule that finds its faults."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from auditor.probe import inclusion_language as language
from auditor.probe import inclusion_media as media
from auditor.probe import inclusion_names as names
from auditor.probe import inclusion_structure as structure
from auditor.probe import inclusion_tables as tables
from auditor.probe.crawl import Sheet
from auditor.probe.inclusion_contrast import faint_texts
from auditor.probe.inclusion_links import empty_words
from auditor.probe.inclusion_style import Styles
from auditor.probe.inclusion_tree import Element, Page

Rule: TypeAlias = Callable[[Page], Iterable[Element]]

RULES: Mapping[str, Rule] = {
    "language_missing": language.no_language,
    "language_unknown": language.bad_language,
    "language_other": language.other_language,
    "language_parts": language.bad_parts,
    "title_missing": language.no_title,
    "pictures": names.pictures,
    "picture_controls": names.picture_controls,
    "fields": names.unlabelled,
    "placeholders": names.placeholders,
    "buttons": names.buttons,
    "links": names.links,
    "frames": names.frames,
    "link_words": empty_words,
    "heading_first": structure.no_first_heading,
    "heading_order": structure.skipped_levels,
    "heading_empty": structure.empty_headings,
    "bypass": structure.no_bypass,
    "main": structure.no_main,
    "skip_link": structure.no_skip_link,
    "ids": structure.double_ids,
    "tab_order": structure.tab_order,
    "lists": structure.broken_lists,
    "table_headless": tables.headless,
    "table_references": tables.bad_references,
    "zoom": media.no_zoom,
    "refresh": media.refreshes,
    "moving": media.moving,
    "self_playing": media.self_playing,
    "captions": media.uncaptioned,
}
CONTRAST = "contrast"
LACKING = frozenset({"title_missing", "heading_first", "bypass", "main", "skip_link"})
"""Facts about what a page lacks: what was not read of it may hold that."""


def judge(sheet: Sheet) -> tuple[Page, dict[str, list[str]]]:
    """Return a page, and for each fact what its faults are called, the first 200 of them."""
    page = Page(sheet)
    styles = Styles(page)
    page.hide(styles.of)
    faults = {fact: [one.shown for one in rule(page)] for fact, rule in RULES.items()}
    faults[CONTRAST] = [one.shown for one in faint_texts(page, styles)]
    return page, faults
