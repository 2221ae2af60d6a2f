"""What error pages give away, and how to know a page that nobody made for citizens."""

import re

_EXCERPT = 262_144
LEAKS: dict[str, re.Pattern[str]] = {
    "stack-trace": re.compile(
        r"Traceback \(most recent call last\)|Stack trace:|\n[ \t]{1,20}at [\w.$<>]{1,200}\("
        r"|at (?:java|javax|org|com|jakarta)\.[\w.$]{1,200}\(|System\.Web\.\w{1,80}Exception"
        r"|#0 [^\n<]{1,300}\.php\(\d+\)|goroutine \d+ \[",
    ),
    "debug-page": re.compile(
        r"Whoops, looks like something went wrong|Whoops! There was an error"
        r"|You're seeing this error because you have <code>DEBUG = True"
        r"|A PHP Error was encountered|Symfony Exception|Werkzeug Debugger|window\.ignite\("
        r"|laravel-ignition|Ignition::|CodeIgniter Rev|Action Controller: Exception caught"
        r"|Runtime Error</title>|Server Error in '[^']{0,80}' Application",
        re.IGNORECASE,
    ),
    "script-error": re.compile(
        r"(?:Fatal error|Parse error|Warning|Notice|Deprecated)(?:</b>)?:\s[^\n]{1,400}"
        r" on line (?:<b>)?\d+",
        re.IGNORECASE,
    ),
    "database-error": re.compile(
        r"SQLSTATE\[|You have an error in your SQL syntax|\bORA-\d{5}\b|mysqli?_\w{1,40}\(\)"
        r"|pg_(?:query|connect)\(\)|PDOException|Unclosed quotation mark after",
        re.IGNORECASE,
    ),
    "path": re.compile(
        r"(?:/var/www/|/home/[\w.-]{1,64}/|/usr/share/nginx/|/usr/local/apache|/srv/www/"
        r"|/opt/lampp/|[A-Z]:\\(?:inetpub|xampp|wamp|laragon|Users)\\)[\w./\\-]{1,200}",
        re.IGNORECASE,
    ),
    "version": re.compile(
        r"\b(?:nginx|openresty|Apache(?:-Coyote)?|Apache Tomcat|PHP|lighttpd|LiteSpeed|Jetty"
        r"|WildFly|JBoss|gunicorn|Werkzeug|Express|OpenSSL|mod_\w{1,20})[/ (]{1,2}\d{1,4}\.\d",
        re.IGNORECASE,
    ),
}
"""Class of a leak → how it reads. All are linear: no repetition inside another."""

_LISTING = re.compile(r"<title>\s{0,20}(?:Index of /|Directory listing)", re.IGNORECASE)
_DEFAULT = re.compile(
    r"Welcome to nginx!|Apache2 (?:Debian|Ubuntu) Default Page|<h1>It works!</h1>"
    r"|IIS Windows Server|<title>IIS\d|Test Page for the (?:Apache|Nginx|HTTP)"
    r"|HTTP Server Test Page|Default Web Site Page|Default Parallels Plesk Page"
    r"|Welcome to XAMPP|Apache Tomcat/\d"
    r"|Welcome to OpenResty!|Web Server's Default Page|Selamat datang di server baru",
    re.IGNORECASE,
)


def leaks(body: bytes) -> list[str]:
    """Return the classes of what a page gives away, sorted."""
    text = body[:_EXCERPT].decode("utf-8", "replace")
    return sorted(name for name, pattern in LEAKS.items() if pattern.search(text))


def made_by_nobody(body: bytes) -> str:
    """Say what a page is that no one wrote: "default", "listing", or "" for any other."""
    text = body[:_EXCERPT].decode("utf-8", "replace")
    if _LISTING.search(text):
        return "listing"
    return "default" if _DEFAULT.search(text) else ""
