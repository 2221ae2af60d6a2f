"""What the sites of the lab show: the exemplary pages, and those of an office that let go."""

from datetime import UTC, datetime
from pathlib import Path

from tests.lab.files import write
from tests.servers.page_sites import filled, model

MODEL = "/var/www/model"
NEGLECTED = "/var/www/terbengkalai"
ROBOT = "/var/www/robot"
"""What a search engine's robot is shown in place of the neglected front page."""
TYPES = """types { text/html html; text/css css; text/plain txt; text/csv csv; application/xml xml;
    image/svg+xml svg; }"""
NEGLECTED_FRONT = """<!doctype html>
<html><head><title>Arsip</title>
<meta name="viewport" content="width=device-width, user-scalable=no">
<script src="https://www.google-analytics.com/analytics.js"></script>
<script src="https://connect.facebook.net/id_ID/fbevents.js"></script></head>
<body><img src="logo.png"><h3>Arsip Lama</h3>
<p>Lorem ipsum dolor sit amet. Diperbarui 3 Februari 2021. Hubungi arsip.lama@gmail.com</p>
<p><a href="/data/penerima.csv">Daftar penerima bantuan</a> <a href="/layanan.html">Layanan</a></p>
<div style="display:none"><a href="https://gacor-maxwin.example.net/">slot gacor maxwin hari ini</a>
<a href="https://togel4d.example.org/">situs togel resmi</a></div>
<p>&copy; 2020</p></body></html>
"""
NEGLECTED_FORM = """<!doctype html>
<html><head><title>Layanan</title></head><body>
<form action="https://docs.google.com/forms/d/e/1/formResponse" method="get">
<input name="nama"> NIK <input name="nik"> Nama ibu kandung <input name="ibu_kandung">
<input type="checkbox" name="setuju" checked> Saya setuju
<button>Kirim</button></form></body></html>
"""
ROBOT_FRONT = """<!doctype html>
<html lang="id"><head><title>SLOT GACOR MAXWIN - Situs Slot Resmi Terpercaya</title></head>
<body><h1>Slot gacor maxwin, RTP live tertinggi</h1><p>Daftar situs judi slot online, depo 10k,
scatter hitam, link alternatif.</p><a href="https://gacor-maxwin.example.net/">Daftar</a></body></html>
"""


def write_model(root: Path, site: str) -> None:
    """Write the exemplary site, its dates those of today."""
    for path, content in model().items():
        text = filled(content, site, datetime.now(UTC)) if isinstance(content, str) else content
        write(root / f"{MODEL}{path}".lstrip("/"), text)


def write_neglected(root: Path) -> None:
    """Write a site with injected gambling, trackers, personal data and a foreign form."""
    write(root / f"{NEGLECTED}/index.html".lstrip("/"), NEGLECTED_FRONT)
    write(root / f"{NEGLECTED}/layanan.html".lstrip("/"), NEGLECTED_FORM)
    rows = "".join(f"{n},3579014503850{n:03},Penerima {n}\n" for n in range(1, 21))
    write(root / f"{NEGLECTED}/data/penerima.csv".lstrip("/"), f"No,NIK,Nama\n{rows}")
    write(root / f"{ROBOT}/index.html".lstrip("/"), ROBOT_FRONT)
