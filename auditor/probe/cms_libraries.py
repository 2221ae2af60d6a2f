"""Script libraries that a page loads, by the addresses of its scripts and style sheets."""

import re
from collections.abc import Iterator

import msgspec

from auditor.model.base import Value

LIBRARIES = 30
"""Libraries of one page that are told."""
_V = r"(?P<v>\d{1,3}(?:\.\d{1,3}){0,3})"
_END = r"(?:[-.]min)?"
_FILES = {
    "jQuery": rf"jquery(?:[-.]{_V})?(?:[-.]slim)?{_END}\.js",
    "jQuery UI": rf"jquery[-.]ui(?:[-.]{_V})?(?:\.custom)?{_END}\.js",
    "Bootstrap": rf"bootstrap(?:[-.]{_V})?(?:\.bundle)?{_END}\.(?:js|css)",
    "AngularJS": rf"angular(?:[-.]{_V})?{_END}\.js",
    "Vue": rf"vue(?:[-.]{_V})?(?:\.runtime)?(?:\.global)?(?:\.prod)?{_END}\.js",
}
_FOLDERS = {
    "jQuery": "jquery",
    "jQuery UI": "jqueryui|jquery-ui|jquery\\.ui",
    "Bootstrap": "bootstrap|twitter-bootstrap",
    "AngularJS": "angularjs|angular\\.js|angular",
    "Vue": "vue",
}
_BY_FILE = {name: re.compile(pattern) for name, pattern in _FILES.items()}
_BY_FOLDER = {
    name: re.compile(rf"(?:^|/)(?:{folder})[@/-]v?{_V}(?:/|$)") for name, folder in _FOLDERS.items()
}
_CORE = re.compile(r"/wp-includes/js/jquery/jquery(?:\.min)?\.js\?ver=(\d{1,2}(?:\.\d{1,3}){1,2})")
_BANNERS = {
    "jQuery": re.compile(rb"jQuery(?: JavaScript Library)? v(\d{1,2}(?:\.\d{1,3}){1,2})"),
    "jQuery UI": re.compile(rb"jQuery UI(?: -)? v?(\d{1,2}(?:\.\d{1,3}){1,2})"),
    "Bootstrap": re.compile(rb"[Bb]ootstrap(?:\.js)? v(\d{1,2}(?:\.\d{1,3}){1,2})"),
    "AngularJS": re.compile(rb"AngularJS v(\d{1,2}(?:\.\d{1,3}){1,2})"),
    "Vue": re.compile(rb"Vue(?:\.js)? v(\d{1,2}(?:\.\d{1,3}){1,2})"),
}


class Library(Value, frozen=True):
    """A library, its version ("" where the address does not tell), and its address.

    `where` is the address without query and version, so that it stays the same; with its version
    where the page loads two of them.
    """

    name: str
    version: str
    link: str
    where: str


def libraries(links: tuple[str, ...]) -> tuple[Library, ...]:
    """Return the libraries that a page loads, each address once, in the order of the page."""
    found: dict[tuple[str, str], Library] = {}
    for library in _known(links):
        before = found.setdefault((library.name, library.where), library)
        if before.version != library.version:
            where = _bare(library.link)
            found[library.name, where] = msgspec.structs.replace(library, where=where)
    return tuple(found.values())[:LIBRARIES]


def banner(name: str, start: bytes) -> str:
    """Return the version that a library's first bytes tell, "" for none."""
    match = _BANNERS[name].search(start[:2000])
    return match[1].decode() if match else ""


def _known(links: tuple[str, ...]) -> Iterator[Library]:
    for link in links:
        path = _bare(link.lower())
        file = path.rpartition("/")[2]
        for name, pattern in _BY_FILE.items():
            by_file, by_folder = pattern.fullmatch(file), _BY_FOLDER[name].search(path)
            bare = by_folder is not None and by_folder.end() == len(path)
            if by_file is None and not bare:
                continue
            version = (by_file["v"] if by_file else None) or (by_folder["v"] if by_folder else "")
            if name == "jQuery" and (core := _CORE.search(link)):
                version = core[1]
            where = _bare(link).replace(version, "*") if version else _bare(link)
            yield Library(name=name, version=version, link=link, where=where)


def _bare(link: str) -> str:
    return link.partition("?")[0].partition("#")[0]
