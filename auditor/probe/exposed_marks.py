"""By what the first bytes of a file or page are recognised; nothing of them is kept.

A mark is a pattern over at most a few kilobytes. Its name says what was recognised, never a value.
"""

import re
from collections.abc import Iterable, Mapping

HTML = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<!--|<\?xml|<!doctype html|<html|<head|<body|<script)",
    re.IGNORECASE,
)
"""The beginning of a page."""
_ASSIGNED = re.compile(rb"^(?:export )?[A-Z][A-Z0-9_]{1,60}[ \t]*=", re.MULTILINE)
_ENOUGH = 2
"""Assignments that make an environment file."""
_ONE_IS_ENOUGH = re.compile(
    rb"^(?:export )?(?:APP_KEY|APP_ENV|DB_PASSWORD|DB_HOST|SECRET_KEY|MAIL_PASSWORD)[ \t]*=",
    re.MULTILINE,
)

Marks = tuple[tuple[str, re.Pattern[bytes]], ...]


def _marks(*pairs: tuple[str, bytes]) -> Marks:
    return tuple(
        (name, re.compile(pattern, re.IGNORECASE | re.MULTILINE)) for name, pattern in pairs
    )


MARKS: Mapping[str, Marks] = {
    "git": _marks(
        ("ref: refs/", rb"\Aref: refs/"),
        ("commit id", rb"\A[0-9a-f]{40}\s*\Z"),
    ),
    "env": (),
    "php": _marks(("PHP source", rb"\A\s*<\?php")),
    "sftp": _marks(
        ("SFTP settings", rb'\A\s*[\[{][^\0]{0,400}"(?:host|password|username|privateKeyPath)"\s*:')
    ),
    "dump": _marks(
        ("MySQL dump", rb"^-- (?:MySQL|MariaDB) dump|^/\*!\d{5} "),
        ("phpMyAdmin dump", rb"^-- phpMyAdmin SQL Dump"),
        ("PostgreSQL dump", rb"^-- PostgreSQL database dump|\APGDMP"),
        ("SQLite format 3", rb"\ASQLite format 3\0"),
        (
            "SQL statements",
            rb"^(?:CREATE TABLE|INSERT INTO|DROP TABLE|SET SQL_MODE|CREATE DATABASE)\b",
        ),
        ("gzip", rb"\A\x1f\x8b\x08"),
        ("zip", rb"\APK\x03\x04"),
    ),
    "archive": _marks(
        ("zip", rb"\APK(?:\x03\x04|\x05\x06)"),
        ("gzip", rb"\A\x1f\x8b\x08"),
        ("RAR", rb"\ARar!\x1a\x07"),
        ("7-Zip", rb"\A7z\xbc\xaf\x27\x1c"),
        ("bzip2", rb"\ABZh[1-9]"),
        ("xz", rb"\A\xfd7zXZ\0"),
        ("tar", rb"\A[\s\S]{257}ustar"),
    ),
    "log": _marks(
        ("PHP error log", rb"^\[\d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d"),
        (
            "Laravel log",
            rb"^\[\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d[^\]\n]{0,20}\] \w{1,40}\.\w{1,20}: ",
        ),
        (
            "web server error log",
            rb"^\[\w{3} \w{3} \d\d \d\d:\d\d:\d\d|^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d \[",
        ),
        ("access log", rb"^[0-9a-f.:]{3,45} \S{1,60} \S{1,60} \[\d\d/[A-Z][a-z]{2}/\d{4}:"),
        ("log of an application", rb"^(?:DEBUG|INFO|ERROR|WARNING) - \d{4}-\d\d-\d\d"),
    ),
    "ds_store": _marks(("DS_Store", rb"\A\0\0\0\x01Bud1")),
    "composer": _marks(
        ("composer.lock", rb'\A\s*\{[^\0]{0,300}"(?:content-hash|packages|_readme)"\s*:')
    ),
    "phpinfo": _marks(("phpinfo()", rb"<title>[^<]{0,60}phpinfo\(\)</title>|>PHP Version [4-9]\.")),
    "status": _marks(
        ("Apache status", rb"<title>Apache Status</title>|Apache Server Status for"),
        ("nginx status", rb"\AActive connections: \d"),
    ),
    "database_admin": _marks(
        ("phpMyAdmin", rb"<title>[^<]{0,60}phpMyAdmin|name=[\"']pma_username"),
        ("Adminer", rb"<title>[^<]{0,80}Adminer"),
    ),
    "api": _marks(
        ("Swagger UI", rb"<title>[^<]{0,60}Swagger|swagger-ui"),
        ("OpenAPI document", rb'\A\s*\{[^\0]{0,200}"(?:swagger|openapi)"\s*:\s*"'),
    ),
    "telescope": _marks(("Laravel Telescope", rb"<title>[^<]{0,60}Telescope|vendor/telescope/")),
    "actuator": _marks(("Spring actuator", rb'\A\s*\{\s*"_links"\s*:\s*\{\s*"self"')),
    "listing": _marks(
        ("listing", rb"<title>\s*Index of /"),
        ("listing", rb"<title>Directory listing (?:for|of) /"),
        ("listing", rb"\[To Parent Directory\]"),
    ),
    "login": _marks(
        ("WordPress login", rb"id=[\"']loginform|name=[\"']wp-submit"),
        ("Joomla login", rb"com_login|mod-login-username"),
    ),
    "default_page": _marks(
        ("Apache on Debian or Ubuntu", rb"<title>Apache2 (?:Debian|Ubuntu) Default Page"),
        (
            "Apache",
            rb"<h1>It works!</h1>|Test Page for the (?:Apache )?HTTP Server|HTTP Server Test Page",
        ),
        ("nginx", rb"<title>Welcome to (?:nginx|OpenResty)[^<]{0,40}</title>"),
        (
            "IIS",
            rb"<title>(?:IIS Windows(?: Server)?|IIS[78]|Microsoft Internet Information Services)",
        ),
        ("XAMPP", rb"<title>Welcome to XAMPP|<title>XAMPP"),
        ("WampServer", rb"<title>WAMPSERVER"),
        ("Tomcat", rb"<title>Apache Tomcat/"),
        (
            "cPanel",
            rb"<title>[^<]{0,40}(?:Default Web ?Site Page|Default Web Page|Website is ready)",
        ),
        ("Plesk", rb"<title>(?:Domain Default page|Web Server's Default Page)"),
        ("Laravel", rb"<title>Laravel</title>"),
        ("CodeIgniter", rb"<title>Welcome to CodeIgniter"),
        ("Caddy", rb"<title>Caddy works!"),
        ("LiteSpeed", rb"Installed LiteSpeed Web Server|OpenLiteSpeed[^<]{0,30}</title>"),
    ),
    "debug": _marks(
        (
            "Laravel Ignition",
            rb"ignition-docs|window\.ignite\b|facade/ignition|spatie/laravel-ignition",
        ),
        ("Whoops", rb"<title>[^<]{0,20}Whoops! There was|Whoops\\Run|class=[\"']Whoops container"),
        ("Django debug page", rb"DEBUG\s*=\s*True|Using the URLconf defined in"),
        ("Symfony exception", rb"symfony-exception|Symfony\\Component\\[^<]{0,80}Exception"),
        ("CodeIgniter error", rb"A PHP Error was encountered|CodeIgniter\\Exceptions"),
        ("PHP error", rb"<b>(?:Fatal error|Parse error|Warning)</b>:[^\n]{1,300} on line <b>\d"),
        ("Werkzeug debugger", rb"<title>[^<]{0,80}Werkzeug Debugger|__debugger__"),
        ("ASP.NET error", rb"\[HttpException"),
        ("stack trace", rb"^Stack trace:|^Traceback \(most recent call last\)"),
    ),
    "firewall": _marks(
        (
            "Cloudflare",
            rb"<title>(?:Just a moment|Attention Required! \| Cloudflare)|cf-chl-|_cf_chl_opt",
        ),
        ("Imperva", rb"Incapsula incident ID"),
        ("Sucuri", rb"Sucuri WebSite Firewall"),
        ("F5", rb"The requested URL was rejected\. Please consult"),
        ("Imunify360 or BitNinja", rb"<title>[^<]{0,60}(?:Imunify360|BitNinja)"),
        ("ModSecurity", rb"generated by Mod_Security"),
    ),
}
"""Marks by name; of each, the first that fits counts."""


def recognise(data: bytes, names: Iterable[str]) -> str:
    """Return by what `data` is recognised as one of `names`, "" where it is not."""
    for name in names:
        if name == "env" and _is_env(data):
            return "KEY=VALUE lines"
        for told, pattern in MARKS[name]:
            if pattern.search(data):
                return told
    return ""


def is_html(data: bytes, content_type: str) -> bool:
    """Tell whether an answer is a page: it looks like one, whatever its type says."""
    return HTML.match(data) is not None or (
        content_type.lower().startswith("text/html") and b"<" in data[:2000]
    )


def _is_env(data: bytes) -> bool:
    if HTML.match(data):
        return False
    found = len(_ASSIGNED.findall(data))
    return found >= _ENOUGH or _ONE_IS_ENOUGH.search(data) is not None
