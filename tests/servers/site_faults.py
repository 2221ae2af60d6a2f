"""Web sites with every fault that the probe `site` looks for, and one without, by real servers."""

import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.tls_servers import free_port

GOOD, BAD, LOGIN, GONE = "baik.test", "lalai.test", "masuk.test", "rusak.test"
POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'self'"
)
SECURITY_TXT = "Contact: mailto:csirt@batukota.go.id\\nExpires: 2027-05-01T00:00:00Z\\n"
BAD_PAGE = (
    "<script src=http://cdn.example/a.js></script><script src=https://cdn.example/b.js></script>"
    "<link rel=stylesheet href=https://fonts.example/c.css><img src=http://img.example/d.png>"
    "<form action=http://lalai.test/masuk><input type=password name=sandi></form>"
    "<link rel=canonical href=https://$http_x_forwarded_host/>"
)
LOGIN_FORM = "<form method=post><input type=password name=sandi></form>"


def nginx_sites(clear: int, secure: int, certificate: Path, key: Path) -> str:
    """Return the `server` blocks; the first of a port answers who names nobody."""
    tls = f"ssl_certificate {certificate}; ssl_certificate_key {key};"
    http, https = f"listen 127.0.0.1:{clear}", f"listen 127.0.0.1:{secure} ssl"
    return f"""
    types {{ text/html html; }} default_type text/html; server_tokens off;
    absolute_redirect off;
    server {{ {http} default_server; return 444; }}
    server {{ {https} default_server; ssl_reject_handshake on; }}
    server {{ {http}; server_name {GOOD} {LOGIN} {GONE}; return 301 https://$host$request_uri; }}
    server {{ {http}; server_name {BAD}; location = / {{ return 302 http://$host/web; }}
        location / {{ return 302 https://www.$host/; }} }}
    server {{ {https}; server_name {GOOD}; {tls}
        add_header Strict-Transport-Security "max-age=63072000; includeSubDomains" always;
        add_header Content-Security-Policy "{POLICY}" always;
        add_header X-Content-Type-Options nosniff always;
        add_header Referrer-Policy strict-origin-when-cross-origin always;
        add_header Permissions-Policy "camera=(), microphone=(), geolocation=()" always;
        add_header Set-Cookie "__Host-sesi_login=rahasia; Path=/; Secure; HttpOnly; SameSite=Lax";
        location = / {{ return 200 "<title>Baik</title><p>Halo"; }}
        location = /.well-known/security.txt {{
            default_type text/plain; return 200 "{SECURITY_TXT}"; }}
        location / {{ return 404 "Halaman tidak ditemukan"; }} }}
    server {{ {https}; server_name {BAD} www.{BAD}; {tls} server_tokens on;
        add_header X-Powered-By "PHP/7.4.33" always;
        add_header Access-Control-Allow-Origin $http_origin always;
        add_header Access-Control-Allow-Credentials true always;
        add_header Allow "GET, POST, TRACE" always;
        add_header Content-Security-Policy "script-src * 'unsafe-inline' 'unsafe-eval'" always;
        add_header Referrer-Policy unsafe-url always;
        add_header Set-Cookie "PHPSESSID=rahasia; Domain=lalai.test" always;
        location = / {{ return 200 "{BAD_PAGE}"; }}
        location = /robots.txt {{ return 200 "User-agent: *\\nDisallow: /backup\\n"; }}
        location / {{ return 500 "Traceback (most recent call last): /var/www/app/x.py"; }} }}
    server {{ {https}; server_name {LOGIN}; {tls}
        location = / {{ return 302 /id/; }}
        location = /id/ {{ return 200 "<a href=/login>Masuk</a>"; }}
        location = /login {{ add_header Cache-Control no-store; return 200 "{LOGIN_FORM}"; }}
        location = /robots.txt {{ return 200 "User-agent: *\\nDisallow: /x\\n"; }}
        location / {{ return 404; }} }}
    server {{ {https}; server_name {GONE}; {tls}
        add_header X-Frame-Options DENY always; return 503; }}
    """


@contextmanager
def apache_server(folder: Path) -> Iterator[int]:
    """Run Apache as Debian ships it, chatty, with an empty folder that it lists; yield its port."""
    port = free_port()
    root = folder / "www"
    root.mkdir()
    (root / "berkas.txt").write_text("x")
    modules = Path("/usr/lib/apache2/modules")
    config = folder / "apache.conf"
    names = ("mpm_event", "authz_core", "dir", "autoindex", "mime")
    loads = "\n".join(f"LoadModule {name}_module {modules}/mod_{name}.so" for name in names)
    config.write_text(
        f"ServerRoot {folder}\nServerName localhost\nPidFile {folder}/apache.pid\n{loads}\n"
        f"Listen 127.0.0.1:{port}\nErrorLog {folder}/error.log\nServerTokens Full\n"
        f"ServerSignature On\nDocumentRoot {root}\nTypesConfig /etc/mime.types\n"
        f"<Directory {root}>\nOptions Indexes\nRequire all granted\n</Directory>\n"
    )
    command = [shutil.which("apache2") or "/usr/sbin/apache2", "-DFOREGROUND", "-f", str(config)]
    with subprocess.Popen(command) as process:
        try:
            _wait_for(folder / "apache.pid", process)
            yield port
        finally:
            process.terminate()


def _wait_for(path: Path, process: subprocess.Popen) -> None:
    end = time.monotonic() + 10
    while not (path.exists() and re.fullmatch(r"\d+\n", path.read_text())):
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError("Apache did not start")
        time.sleep(0.02)
