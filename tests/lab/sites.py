"""Sites of a target: nginx or Apache with TLS, well or badly configured."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.lab.files import HOSTILE, write
from tests.lab.identity import SiteKey
from tests.lab.pages import MODEL, NEGLECTED, ROBOT, TYPES, write_model, write_neglected
from tests.lab.spec import DOMAIN, Fault, TargetSpec

NGINX = """\
user www-data; pid /run/nginx.pid; error_log /dev/null; worker_processes 1;
events {{ worker_connections 64; }}
http {{
  access_log off; server_tokens {tokens}; default_type text/html; {types}
  map $http_user_agent $shown {{ default {neglected}; ~*Googlebot {robot}; }}
  {headers}
  server {{ listen 80; {clear} }}
  {servers}
}}
"""
NGINX_SITE = """server {{
    listen 443 ssl; server_name {name};
    ssl_certificate /etc/ssl/lab/{name}.pem; ssl_certificate_key /etc/ssl/lab/{name}.key;
    ssl_protocols {protocols}; ssl_ciphers {ciphers};
    {extra}{page}
  }}"""
NGINX_PAGE = 'location / { return 200 "<!doctype html><title>Laman</title>"; }'
NGINX_OPEN = "location / { root /var/www/open; autoindex on; }"
NGINX_KEPT = """\
location = /.well-known/security.txt {{ default_type text/plain; return 200
      "Contact: mailto:csirt@{domain}\\nExpires: {expires}\\n"; }}
    location / {{ root {model}; index index.html; error_page 404 /404.html; }}
"""
NGINX_NEGLECTED = "location / { root $shown; index index.html; }"
HSTS = 'add_header Strict-Transport-Security "max-age=31536000" always;'
KEPT_POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
KEPT_HEADERS = f"""{HSTS}
  add_header Content-Security-Policy "{KEPT_POLICY}" always;
  add_header Cache-Control no-store always;
  add_header X-Content-Type-Options nosniff always;
  add_header X-Frame-Options DENY always;
  add_header Referrer-Policy strict-origin-when-cross-origin always;
  add_header Permissions-Policy "geolocation=(), camera=(), microphone=()" always;"""
OPEN_HEADERS = """add_header X-Powered-By "PHP/7.4.33";
  add_header Set-Cookie "PHPSESSID=0123456789abcdef; path=/";"""
NGINX_REDIRECT = "location / { return 301 https://$host$request_uri; }"
APACHE = """\
ServerName {first}
PidFile /run/apache2.pid
ErrorLog /dev/null
ServerTokens Prod
Listen 80
Listen 443
User www-data
Group www-data
DocumentRoot /var/www/html
{modules}
<VirtualHost *:80>
  {clear}
</VirtualHost>
{servers}
"""
APACHE_SITE = """<VirtualHost *:443>
  ServerName {name}
  SSLEngine on
  SSLCertificateFile /etc/ssl/lab/{name}.pem
  SSLCertificateKeyFile /etc/ssl/lab/{name}.key
  SSLProtocol {protocols}
  SSLCipherSuite {ciphers}
  Header always set Strict-Transport-Security "max-age=31536000"
</VirtualHost>"""
APACHE_MODULES = (
    *("mpm_event", "authn_core", "authz_core", "alias", "dir", "headers"),
    *("socache_shmcb", "ssl"),
)
STRONG_CIPHERS = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384"
OLD_CIPHERS = "ALL:@SECLEVEL=0"


def write_sites(root: Path, spec: TargetSpec, site_keys: Mapping[str, SiteKey]) -> None:
    """Write certificates, keys, a page, and the configuration of the server of the role."""
    for name, pair in site_keys.items():
        write(root / f"etc/ssl/lab/{name}.pem", pair.chain)
        write(root / f"etc/ssl/lab/{name}.key", pair.key, 0o600)
    write(root / "var/www/html/index.html", "<!doctype html><title>Laman</title>\n")
    if spec.has(Fault.OPEN_SITE):
        _open_files(root / "var/www/open")
    if spec.has(Fault.NEGLECTED):
        write_neglected(root)
    if spec.hardened:
        write_model(root, spec.sites[0])
    if "apache" in spec.roles:
        write(root / "etc/apache2/lab.conf", _apache(spec))
    else:
        write(root / "etc/nginx/lab.conf", _nginx(spec))


def _nginx(spec: TargetSpec) -> str:
    old = spec.has(Fault.TLS10)
    page = NGINX_OPEN if spec.has(Fault.OPEN_SITE) else NGINX_PAGE
    page = NGINX_NEGLECTED if spec.has(Fault.NEGLECTED) else page
    page = _kept_page() if spec.hardened else page
    extra = f'add_header X-Powered-By "{HOSTILE}";' if spec.has(Fault.HOSTILE) else ""
    servers = [
        NGINX_SITE.format(
            name=name,
            protocols="TLSv1 TLSv1.1 TLSv1.2" if old else "TLSv1.2 TLSv1.3",
            ciphers=OLD_CIPHERS if old else STRONG_CIPHERS,
            extra=extra,
            page=page,
        )
        for name in spec.sites
    ]
    clear = NGINX_PAGE if spec.has(Fault.NO_REDIRECT) else NGINX_REDIRECT
    headers = KEPT_HEADERS if spec.hardened else HSTS
    headers = OPEN_HEADERS if spec.has(Fault.OPEN_SITE) else headers
    return NGINX.format(
        clear=clear,
        servers="\n  ".join(servers),
        headers=headers,
        tokens="on" if spec.has(Fault.OPEN_SITE) else "off",
        types=TYPES,
        neglected=NEGLECTED,
        robot=ROBOT,
    )


def _kept_page() -> str:
    expires = datetime.now(UTC) + timedelta(days=180)
    return NGINX_KEPT.format(model=MODEL, domain=DOMAIN, expires=f"{expires:%Y-%m-%dT%H:%M:%SZ}")


def _open_files(folder: Path) -> None:
    """Write what nobody should be able to fetch."""
    write(folder / ".git/HEAD", "ref: refs/heads/main\n")
    write(folder / ".env", "APP_ENV=production\nDB_PASSWORD=rahasia-lab\n")
    write(folder / "unggahan.txt", "daftar\n")


def _apache(spec: TargetSpec) -> str:
    old = spec.has(Fault.TLS10)
    servers = [
        APACHE_SITE.format(
            name=name,
            protocols="all -SSLv3" if old else "TLSv1.2 TLSv1.3",
            ciphers=OLD_CIPHERS if old else STRONG_CIPHERS,
        )
        for name in spec.sites
    ]
    modules = [f"LoadModule {m}_module /usr/lib/apache2/modules/mod_{m}.so" for m in APACHE_MODULES]
    first = spec.sites[0]
    return APACHE.format(
        first=first,
        modules="\n".join(modules),
        clear="" if spec.has(Fault.NO_REDIRECT) else f"Redirect permanent / https://{first}/",
        servers="\n".join(servers),
    )
