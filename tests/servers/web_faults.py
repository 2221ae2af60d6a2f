"""Web sites on loopback with every fault that the probe `exposed` looks for: nginx and Apache."""

import sqlite3
import subprocess
from contextlib import contextmanager
from pathlib import Path

from tests.servers.certificates import issue
from tests.servers.tls_servers import _wait_for, free_port, free_ports, nginx_server

APACHE = "/usr/sbin/apache2"
MODULES = "/usr/lib/apache2/modules"
FRONT = """<!doctype html><html lang=id><head><title>Dinas Contoh</title>
<meta name="generator" content="{generator}"><link rel=stylesheet href="/css/gaya.css">
{scripts}</head><body><h1>Dinas Contoh Kota Uji</h1><p>Layanan warga setiap hari kerja.</p>
</body></html>"""
GOOD_FRONT = FRONT.format(
    generator="WordPress 6.9",
    scripts='<script src="/wp-includes/js/jquery/jquery.min.js?ver=3.7.1"></script>',
)
BAD_FRONT = FRONT.format(
    generator="Joomla! - Open Source Content Management",
    scripts='<script src="/media/jui/js/jquery.min.js"></script>'
    '<script src="https://cdn.test/ajax/libs/twitter-bootstrap/3.3.7/js/bootstrap.min.js"></script>'
    '<script src="/js/angular-1.5.8.min.js"></script>',
)
LEAKS = {
    ".env": "APP_NAME=Layanan\nAPP_KEY=base64:cmFoYXNpYQ==\nDB_PASSWORD=rahasia-sekali\n",
    ".git/HEAD": "ref: refs/heads/main\n",
    "backup.sql": "-- MySQL dump 10.13  Distrib 8.0.36\nCREATE TABLE warga (nik char(16));\n",
    "database.sql": "-- phpMyAdmin SQL Dump\n-- version 5.2.1\n",
    "configuration.php.bak": "<?php\nclass JConfig { public $password = 'rahasia-sekali'; }\n",
    ".vscode/sftp.json": '{"name": "x", "host": "10.0.0.1", "password": "rahasia-sekali"}',
    "error_log": "[24-Nov-2026 07:00:00 Asia/Jakarta] PHP Warning:  Undefined variable\n",
    "phpinfo.php": "<!DOCTYPE html><html><head><style>body {}</style>"
    "<title>PHP 7.4.33 - phpinfo()</title></head><body></body></html>",
    "phpmyadmin/index.html": "<!doctype html><html><head><title>phpMyAdmin</title></head></html>",
    "adminer.php": "<!DOCTYPE html><html><title>Login - Adminer</title></html>",
    "composer.lock": '{\n    "_readme": ["x"],\n    "content-hash": "0"\n}',
    "api/documentation": "<!doctype html><html><head><title>L5 Swagger UI</title></head></html>",
    "administrator/index.html": "<html><form><input name=option value=com_login></form></html>",
    "media/jui/js/jquery.min.js": "/*! jQuery v1.12.4 | (c) jQuery Foundation */",
    "images/foto.jpg": "x",
    "server-status": "<html><head><title>Apache Status</title></head></html>",
}
BINARIES = {
    "backup.zip": b"PK\x03\x04" + bytes(4000),
    ".DS_Store": b"\x00\x00\x00\x01Bud1" + bytes(100),
}
EXPECTED_OPEN = {
    ("secrets", "/.env"): "KEY=VALUE lines",
    ("vcs", "/.git/HEAD"): "ref: refs/",
    ("secrets", "/configuration.php.bak"): "PHP source",
    ("listing", "/images/"): "listing",
    ("login", "/administrator/"): "Joomla login",
    ("dump", "/backup.sql"): "MySQL dump",
    ("dump", "/database.sql"): "phpMyAdmin dump",
    ("dump", "/bocor.sql"): "SQLite format 3",
    ("backup", "/backup.zip"): "zip",
    ("editor", "/.vscode/sftp.json"): "SFTP settings",
    ("log", "/error_log"): "PHP error log",
    ("debug", "/phpinfo.php"): "phpinfo()",
    ("admin", "/phpmyadmin/"): "phpMyAdmin",
    ("admin", "/adminer.php"): "Adminer",
    ("status", "/server-status"): "Apache status",
    ("editor", "/.DS_Store"): "DS_Store",
    ("editor", "/composer.lock"): "composer.lock",
    ("api_docs", "/api/documentation"): "Swagger UI",
}
"""What must be found on the site bocor.test."""


def write_leaks(root: Path) -> None:
    for name, text in LEAKS.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    for name, data in BINARIES.items():
        (root / name).write_bytes(data)
    (root / "index.html").write_text(BAD_FRONT)
    database = sqlite3.connect(root / "bocor.sql")
    database.execute("create table warga (nik text)")
    database.commit()
    database.close()


def write_page(root: Path, text: str) -> None:
    root.mkdir(parents=True, exist_ok=True)
    (root / "index.html").write_text(text)


@contextmanager
def nginx_sites(folder: Path):
    """Serve the sites; yield the ports in clear and over TLS."""
    write_leaks(folder / "bocor")
    for name, text in (("baik", GOOD_FRONT), ("spa", BAD_FRONT.replace("Joomla", "Vite"))):
        write_page(folder / name, text)
    (folder / "spa" / ".git").mkdir()
    (folder / "spa" / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    clear, secure = free_ports()
    certificate, key = issue().write(folder, "site")
    here = (
        f"listen 127.0.0.1:{clear}; listen 127.0.0.1:{secure} ssl; listen [::1]:{clear};"
        f"listen [::1]:{secure} ssl; ssl_certificate {certificate}; ssl_certificate_key {key};"
    )
    types = "types { text/html html; text/plain txt; application/zip zip; image/jpeg jpg; }"
    servers = f"""{types} default_type application/octet-stream;
        server {{ {here} server_name baik.test default; root {folder}/baik;
            access_log {folder}/baik.log; add_header X-Powered-By "PHP/8.4.2";
            location ~ /\\. {{ return 403; }} }}
        server {{ {here} server_name bocor.test; root {folder}/bocor; autoindex on;
            location = /adminer.php {{ default_type text/html; }}
            add_header X-Powered-By "PHP/7.4.33"; }}
        server {{ {here} server_name spa.test; root {folder}/spa;
            location / {{ try_files $uri /index.html; }} }}
        server {{ {here} server_name alih.test; location = / {{ default_type text/html;
            return 200 "<html><title>x</title></html>"; }} location / {{ return 302 /; }} }}
        server {{ {here} server_name tolak.test; return 403; }}
        server {{ {here} server_name pelan.test; add_header Retry-After 60 always; return 429; }}
        server {{ {here} server_name awal.test; location = / {{ default_type text/html;
            return 200 "<html><title>Welcome to nginx!</title></html>"; }} }}
    """
    with nginx_server(folder, servers):
        yield clear, secure


@contextmanager
def apache_site(folder: Path):
    """Serve Apache as Debian installs it, with listings and its status open to all."""
    root = folder / "html"
    (root / "uploads").mkdir(parents=True)
    (root / "uploads" / "surat.pdf").write_text("x")
    default = Path("/usr/share/apache2/default-site/index.html")
    (root / "index.html").write_bytes(default.read_bytes())
    port = free_port()
    modules = ["mpm_event", "authz_core", "dir", "autoindex", "mime", "status", "alias"]
    loads = "\n".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in modules)
    config = folder / "apache.conf"
    config.write_text(
        f"""ServerRoot {folder}
{loads}
Listen 127.0.0.1:{port}
ServerName apache.test
PidFile {folder}/apache.pid
ErrorLog {folder}/error.log
TypesConfig /etc/mime.types
Mutex posixsem
DocumentRoot {root}
DirectoryIndex index.html
<Directory {root}>
  Options +Indexes
  Require all granted
</Directory>
<Location /server-status>
  SetHandler server-status
</Location>
"""
    )
    command = [APACHE, "-X", "-f", str(config)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_for(folder / "apache.pid", process)
            yield port
        finally:
            process.terminate()
