"""The fixed paths that are asked of a site, by what runs it: worst first.

The authority letter covers these few; robots.txt binds crawling, and nothing is crawled here. They
are what is found lying about on sites of Indonesian local governments: WordPress and Joomla on
cPanel, CodeIgniter and Laravel, OJS, SLiMS, OpenSID, Moodle.
"""

import re

import msgspec

from auditor.model.base import Value


class Place(Value, frozen=True):
    """A path, what it would be (`kind`), and the marks (see exposed_marks) that show it is there.

    A `file` is read for a few hundred bytes, a `large` one after a HEAD; a page for a few thousand.
    """

    path: str
    kind: str
    marks: tuple[str, ...]
    file: bool = True
    large: bool = False


_LARGE = frozenset({"dump", "backup", "log"})


def _file(path: str, kind: str, *marks: str) -> Place:
    return Place(path=path, kind=kind, marks=marks, large=kind in _LARGE)


def _page(path: str, kind: str, *marks: str) -> Place:
    return Place(path=path, kind=kind, marks=marks, file=False)


_ALWAYS = (
    _file("/.env", "secrets", "env"),
    _file("/.git/HEAD", "vcs", "git"),
    _file("/backup.sql", "dump", "dump"),
    _file("/database.sql", "dump", "dump"),
    _file("/{name}.sql", "dump", "dump"),
    _file("/backup.zip", "backup", "archive"),
    _file("/{name}.zip", "backup", "archive"),
    _file("/.vscode/sftp.json", "editor", "sftp"),
    _file("/error_log", "log", "log"),
    _page("/phpinfo.php", "debug", "phpinfo"),
    _page("/phpmyadmin/", "admin", "database_admin"),
    _page("/adminer.php", "admin", "database_admin"),
    _page("/server-status", "status", "status"),
    _file("/.DS_Store", "editor", "ds_store"),
    _file("/composer.lock", "editor", "composer"),
    _page("/api/documentation", "api_docs", "api"),
)
_OWN = {
    "WordPress": (
        _file("/wp-config.php.bak", "secrets", "php"),
        _file("/wp-content/debug.log", "log", "log"),
        _page("/wp-content/uploads/", "listing", "listing"),
        _page("/wp-login.php", "login", "login"),
    ),
    "Joomla": (
        _file("/configuration.php.bak", "secrets", "php"),
        _page("/images/", "listing", "listing"),
        _page("/administrator/", "login", "login"),
    ),
    "Moodle": (
        _file("/config.php.bak", "secrets", "php"),
        _page("/admin/", "listing", "listing"),
    ),
    "OJS": (
        _file("/config.inc.php.bak", "secrets", "php", "env"),
        _page("/public/", "listing", "listing"),
    ),
    "SLiMS": (
        _page("/files/backup/", "listing", "listing"),
        _page("/repository/", "listing", "listing"),
    ),
    "OpenSID": (
        _page("/desa/upload/", "listing", "listing"),
        _file("/desa/config/database.php.bak", "secrets", "php"),
    ),
}
_OTHER = (
    _file("/storage/logs/laravel.log", "log", "log"),
    _page("/telescope/requests", "debug", "telescope"),
    _page("/actuator", "debug", "actuator"),
    _page("/uploads/", "listing", "listing"),
)
_LABEL = re.compile(r"[a-z0-9-]{1,40}")


def places(site: str, cms: str) -> tuple[Place, ...]:
    """Return what to ask of a site that `cms` runs ("" for none that is known)."""
    name = _name(site)
    chosen = (*_ALWAYS[:2], *_OWN.get(cms, _OTHER), *_ALWAYS[2:])
    return tuple(
        msgspec.structs.replace(place, path=place.path.format(name=name))
        for place in chosen
        if name or "{" not in place.path
    )


def _name(site: str) -> str:
    """Return what people would name a backup of the site after: dinkes.kota.go.id → dinkes."""
    first = site.lower().removeprefix("www.").partition(".")[0]
    known = _LABEL.fullmatch(first) is not None and not first.isdigit()
    return first if known and first not in {"backup", "database"} else ""
