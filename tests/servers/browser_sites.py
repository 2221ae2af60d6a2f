"""Origins on loopback for the browser's tests: a few sites of a city, and those who follow."""

import http.server
import ssl
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

TRACKER = "www.google-analytics.com"
REPLAY = "www.clarity.ms"
ADS = "iklan.example"
FRAME = "bingkai.example"
OUTSIDE = "luar.example"
STRANGERS = (TRACKER, REPLAY, ADS, FRAME)
"""Names of others that the letter of the tests covers: they lead to loopback."""
TEXT = (
    "<p>" + "Layanan warga dibuka pada hari kerja, pukul delapan sampai empat sore. " * 8 + "</p>"
)
SET = "Secure; SameSite=None; Path=/; Max-Age="


@dataclass
class Page:
    body: bytes
    kind: str = "text/html; charset=utf-8"
    fields: tuple[tuple[str, str], ...] = ()
    status: int = 200


@dataclass
class World:
    """Pages by (host, path); what was asked, as "METHOD host path"."""

    pages: dict[tuple[str, str], Page]
    asked: list[str] = field(default_factory=list)
    clear: int = 0
    secure: int = 0


def page(body, head="", *, lang="id", title="Dinas Contoh"):
    return Page(
        (
            f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>'
            f'<meta name="viewport" content="width=device-width">{head}</head><body>'
            f"<main><h1>{title}</h1>{body}</main></body></html>"
        ).encode()
    )


def script(text, *fields):
    return Page(text.encode(), "text/javascript", tuple(fields))


def banner(accept="Setuju", refuse="Tolak", *, style="", ticked="", cover=False, again=False):
    """A banner whose choice is kept in a cookie, unless it is asked `again` each time."""
    place = "inset:0;background:#fff" if cover else "bottom:0;left:0;right:0;background:#eee"
    button = "padding:8px;min-width:120px;background:#036;color:#fff;border:0"
    no = (
        f'<button type="button" style="{style or button}" id="n">{refuse}</button>'
        if refuse
        else ""
    )
    box = '<label><input type="checkbox" checked> Statistik</label>' if ticked else ""
    keep = "" if again else 'document.cookie = "pilihan=" + v + "; Max-Age=2592000; Path=/";'
    return f"""
    <div id="tanya" role="dialog" aria-label="Kuki" style="position:fixed;{place};padding:8px">
      <p>Situs ini memakai kuki untuk statistik.</p>{box}
      <button type="button" style="{button}" id="y">{accept}</button> {no}
    </div>
    <script>
      const pilih = (v) => {{ {keep} document.getElementById("tanya").remove(); jalan(v); }};
      const load = (u) => {{
        const s = document.createElement("script"); s.src = u; document.head.append(s);
      }};
      var jalan = (v) => {{}};
      addEventListener("DOMContentLoaded", () => {{
        const kept = /pilihan=(\\w+)/.exec(document.cookie);
        if (kept) {{ document.getElementById("tanya").remove(); jalan(kept[1]); }}
      }});
      document.getElementById("y").onclick = () => pilih("ya");
      document.getElementById("n") && (document.getElementById("n").onclick = () => pilih("tidak"));
    </script>"""


FINGERPRINT = """
const c = document.createElement("canvas"); c.width = 200; c.height = 50;
const g = c.getContext("2d"); g.font = "14px serif";
g.fillText("Cwm fjordbank glyphs vext quiz", 2, 20);
window.sidik = c.toDataURL();
const w = document.createElement("canvas").getContext("webgl"); w && w.getParameter(37446);
const a = new OfflineAudioContext(1, 44100, 44100), o = a.createOscillator();
o.connect(a.createDynamicsCompressor()).connect(a.destination); o.start(); a.startRendering();
for (let n = 0; n < 60; n++) { g.font = `12px huruf${n}`; g.measureText("mmmw"); }
[navigator.plugins.length, navigator.mimeTypes.length, navigator.hardwareConcurrency,
 navigator.deviceMemory, navigator.maxTouchPoints, navigator.platform, screen.colorDepth];
"""
HARMLESS = """<script>
const c = document.createElement("canvas"), g = c.getContext("2d"); g.fillText("\\u{1F600}", 0, 20);
g.getImageData(0, 0, 40, 40); g.measureText("lebar"); navigator.hardwareConcurrency;
navigator.platform; navigator.maxTouchPoints; document.addEventListener("keydown", () => {});
sessionStorage.setItem("warna", "terang");
</script>"""
STRANGE = {
    (TRACKER, "/analytics.js"): script(
        'document.cookie = "_ga=GA1.1.1; Max-Age=63072000; Path=/";'
        'localStorage.setItem("_ym_uid", "9");'
        f'navigator.sendBeacon("https://{TRACKER}/collect", "v=1");',
        ("Set-Cookie", f"NID=abc; {SET}31536000"),
    ),
    (TRACKER, "/collect"): Page(b""),
    (REPLAY, "/tag.js"): script('document.addEventListener("keydown", () => {});'),
    (ADS, "/sidik.js"): script(FINGERPRINT),
    (ADS, "/p.gif"): Page(b"", "image/gif", (("Set-Cookie", f"id=1; {SET}999999"),)),
    (FRAME, "/"): Page(
        b'<html lang="id"><title>b</title><script>localStorage.setItem("siapa","1")</script>halo'
    ),
}
SITES = {
    ("baik.kota.test", "/"): page(
        TEXT
        + '<p><a href="/pengaduan/">Pengaduan</a></p>'
        + banner()
        + "<script>jalan = (v) => { if (v === 'ya') "
        f"load('https://{TRACKER}/analytics.js'); }}</script>{HARMLESS}"
    ),
    ("baik.kota.test", "/pengaduan/"): page(TEXT, title="Pengaduan"),
    ("lalai.kota.test", "/"): page(
        TEXT
        + '<p><a href="/wbs">Whistleblowing</a></p>'
        + f'<iframe title="peta" src="https://{FRAME}/"></iframe><img alt="" src="https://{ADS}/p.gif">'
        + f'<script src="https://{TRACKER}/analytics.js"></script>'
        + f'<script src="https://{REPLAY}/tag.js"></script><script src="https://{ADS}/sidik.js"></script>'
    ),
    ("lalai.kota.test", "/wbs"): page(
        TEXT + f'<img alt="" src="https://{ADS}/p.gif">', title="WBS"
    ),
    ("ingkar.kota.test", "/"): page(
        TEXT
        + banner("Terima semua", "Tolak", style="border:0;background:none", ticked="ya")
        + f"<script>jalan = () => load('https://{TRACKER}/analytics.js');</script>"
    ),
    ("paksa.kota.test", "/"): page(TEXT + banner("Saya setuju", "", cover=True, again=True)),
    ("lupa.kota.test", "/"): page(
        TEXT
        + banner(again=True)
        + "<script>Array.prototype.push = JSON.stringify = Object.keys = () => { throw 1 };"
        "Object.defineProperty(Object.prototype, 'toJSON', {value: () => { throw 1 }})</script>"
    ),
    ("jelek.kota.test", "/"): page(
        '<p style="color:#bbb;background:#fff">samar</p><img src="/x.png"><div style="width:900px">'
        "lebar</div><div id=isi></div><script>isi.innerText = 'Isi dari skrip. '.repeat(60);"
        "tidakAda()</script>"
    ),
    ("usil.kota.test", "/"): page(
        TEXT + "<script>window.open('https://luar.example/'); alert('hai'); "
        "navigator.geolocation.getCurrentPosition(() => {});"
        "const a = document.createElement('a'); a.href = '/berkas.bin'; a.download = 'b'; "
        "document.body.append(a); a.click();"
        "fetch('http://baik.kota.test/jelas.js').catch(() => {})</script>"
        '<script src="http://usil.kota.test/jelas.js"></script>'
    ),
    ("usil.kota.test", "/berkas.bin"): Page(
        b"x" * 100, "application/octet-stream", (("Content-Disposition", "attachment"),)
    ),
    ("luar.kota.test", "/"): page(
        TEXT
        + f'<script src="https://{OUTSIDE}/a.js"></script><img alt="" src="https://{OUTSIDE}/b.gif">'
        f'<link rel="preconnect" href="https://sambung.{OUTSIDE}"><link rel="dns-prefetch" '
        f'href="//nama.{OUTSIDE}"><link rel="prefetch" href="https://awal.{OUTSIDE}/">'
        f"<script>new WebSocket('wss://soket.{OUTSIDE}/'); fetch('https://{OUTSIDE}/c', "
        "{method: 'POST', body: 'x'}).catch(() => {}); try { new RTCPeerConnection({iceServers: "
        f"[{{urls: 'stun:{OUTSIDE}:3478'}}]}}) }} catch {{}} fetch('/kirim', {{method: 'POST'}})"
        ".catch(() => {}); fetch('https://127.0.0.1:9/').catch(() => {});"
        f"setTimeout(() => {{ location = 'https://pergi.{OUTSIDE}/'; }}, 100)</script>"
    ),
}


KINDS = {".html": "text/html; charset=utf-8", ".css": "text/css", ".svg": "image/svg+xml"}


def folder_of(host, folder: Path):
    """Return the pages of a folder as a web server would serve them."""
    pages = {}
    for file in folder.rglob("*"):
        if file.is_file():
            path = f"/{file.relative_to(folder)}".removesuffix("index.html")
            kind = KINDS.get(file.suffix, "application/octet-stream")
            pages[host, path] = Page(file.read_bytes(), kind)
    return pages


def serve(world):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            host = self.headers["Host"].partition(":")[0]
            path = self.path.partition("?")[0]
            world.asked.append(f"{self.command} {host} {path}")
            found = world.pages.get((host, path)) or Page(b"", status=404)
            if callable(found):
                found(self)
                return
            self.send_response(found.status)
            self.send_header("Content-Type", found.kind)
            self.send_header("Content-Length", str(len(found.body)))
            for name, value in found.fields:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(found.body)

        do_POST = do_PUT = do_HEAD = do_GET  # noqa: N815 - names of the library

        def log_message(self, *_args):
            pass

    return http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)


@contextmanager
def world_of(pages, certificate: Path, key: Path):
    """Serve pages in clear and over TLS with one certificate that nobody knows."""
    world = World(pages)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    servers = [serve(world), serve(world)]
    for server in servers:
        server.handle_error = lambda *_args: None
        server.daemon_threads = True
    servers[1].socket = context.wrap_socket(
        servers[1].socket, server_side=True, do_handshake_on_connect=False
    )
    world.clear, world.secure = (server.server_port for server in servers)
    for server in servers:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield world
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()
