"""Personal data in pages: wherever a page can hold a number, and where words say it is none."""

import time

import pytest

from auditor.model.fact import Why
from auditor.probe.base import Unseen
from auditor.probe.crawl import Sheet
from auditor.probe.personal_find import Finder
from auditor.probe.personal_page import read_page
from auditor.probe.site_url import Place
from tests.unit.probe.crawled import page, raw
from tests.unit.probe.personal_made import KKS, NIKS, TODAY

N, W, B = NIKS[:3]
K = KKS[0]


def look(body, answer=None):
    finder = Finder(TODAY)
    read_page(Sheet(Place(secure=True, name="x"), answer or page(body)), finder)
    finder.settle()
    return finder


@pytest.mark.parametrize(
    "body",
    [
        f"<p>NIK: {N}</p>",
        f"<p>Budi, {N}</p>",
        f"<p>NIK: {N[:4]}<b>{N[4:8]}</b><i>{N[8:12]}</i><span>{N[12:]}</span></p>",
        f"<p>{N[:4]}<wbr>{N[4:8]}<wbr>{N[8:]}</p>",
        f"<p>{N[:6]}&nbsp;{N[6:12]}&nbsp;{N[12:]}</p>",
        f"<p>{N[:6]}&shy;{N[6:]}</p>",
        f"<p>{N[:6]}&#8203;{N[6:]}</p>",
        "<p>NIK " + "".join(f"&#{ord(c)};" for c in N) + "</p>",
        "<p>NIK " + "".join(f"&#x{ord(c):x};" for c in N) + "</p>",
        f"<div>NIK</div><div>{N}</div>",
        f"<dl><dt>NIK<dd>{N[:4]} {N[4:8]} {N[8:12]} {N[12:]}</dl>",
        f"<p>NIK<br>{N}</p>",
        f"<table><tr><th>NIK<th>Nama<tr><td>{N}<td>Budi</table>",
        f"<table><tr><td>NIK<td>{N}</table>",
        f"<table><thead><tr><th>No<th>Nama<th>NIK</thead><tbody><tr><td>1<td>A<td>{N}</table>",
        f"<table><tr><th colspan=2>Nama<th>NIK<tr><td>A<td>B<td>{N[:8]} {N[8:]}</table>",
        f"<table><tr><td><table><tr><th>NIK<tr><td>{N}</table></table>",
        f"<table><tr> <th>No</th> <th>NIK</th> </tr> <tr> <td>1</td> <td>{N}</td> </tr></table>",
        f"<ul><li>a<li>{N}</ul>",
        f"<input name=nik value={N}>",
        f"<input type=hidden id=no_ktp value='{N}'>",
        f"<select><option value={N}>Budi</option></select>",
        f"<a data-nik={N}>x</a>",
        f"<a title='NIK {N}'>x</a>",
        f"<img src=x alt='KTP {N}'>",
        f"<meta name=description content='NIK {N}'>",
        f"<a href='/cek?nik={N}'>x</a>",
        f"<a href='/ktp/{N}.pdf'>x</a>",
        f"<a href='/cek?q=nik%3D{N}'>x</a>",
        f'<script>var d={{"nik":"{N}","nama":"Budi"}}</script>',
        f'<script type=application/json>[{{"no_ktp":{N}}}]</script>',
        f"<script>const x = ['{N}', 'Budi']</script>",
        f"<!-- NIK {N} -->",
        f"<!-- <td>NIK</td><td>{N}</td> -->",
        f"<template><tr><td>NIK</td><td>{N}</td></template>",
        f"<noscript><p>NIK {N}</p></noscript>",
        f"<textarea>NIK {N}</textarea>",
        f"<svg><text>NIK {N}</text></svg>",
        f"<td>NIK {N}",
        f"<p style='display:none'>NIK {N}</p>",
        f"<iframe srcdoc='&lt;p&gt;NIK {N}&lt;/p&gt;'></iframe>",
    ],
)
def test_every_place_of_a_page(body):
    assert look(body).niks == {N}


@pytest.mark.parametrize(
    "body",
    [
        f"<table><tr><th>No Rekening<th>Nama<tr><td>{N}<td>Budi</table>",
        f"<p>Nomor Rekening: {N}</p>",
        f"<input name=no_rekening value={N}>",
        f"<input name=nik placeholder='{N}'>",
        f"<a href='/resi/{N[:15]}'>x</a>",
        f"<script>var resi='{N}'</script>",
        f"<style>.a{{width:{N}px}}</style>",
        f"<p class='{N}'>x</p>",
        "<p>123</p><p>4567890123456</p>",
        f"<table><tr><td>{N[:4]}<td>{N[4:8]}<td>{N[8:12]}<td>{N[12:]}</table>",
        f"<p>{N[:8]}</p><p>{N[8:]}</p>",
    ],
)
def test_what_is_none(body):
    assert not look(body).niks


def test_columns_tell_what_a_number_is():
    finder = look(
        "<table><tr><th>No<th>No KK<th>NIK<th>No Rekening<th>HP"
        f"<tr><td>1<td>{K}<td>{N}<td>{W}<td>081234567890</table>"
    )

    assert finder.kks == {K}
    assert finder.niks == {N}
    assert finder.mobiles == {"81234567890"}


def test_specific_data_stand_near():
    assert look(f"<p>Pasien dengan diagnosa TBC, NIK {N}</p>").specific == {"health"}
    assert look(f"<p>Stunting</p>{'<p>x</p>' * 400}<p>NIK {N}</p>").specific == set()
    assert look(f"<table><tr><th>Nama siswa<th>NIK<tr><td>A<td>{N}</table>").specific == {"child"}
    assert look(f"<p>NIK {B}</p>").minors == {B}
    assert look(f"<p>NIK {N}</p>").minors == set()


def test_a_number_in_an_address():
    assert look(f"<a href='/cek?nik={N}'>x</a>").in_address
    assert not look(f"<p>NIK {N}</p>").in_address


def test_contacts_are_counted_once():
    finder = look(
        "<p>WA 0812-3456-7890</p><a href='tel:+6281234567890'>x</a> "
        "<a href='mailto:budi@gmail.com'>Budi@Gmail.com</a>"
        "<p>dinas@batukota.go.id (0341) 512345</p>"
    )

    assert finder.mobiles == {"81234567890"}
    assert finder.mails == {"budi@gmail.com"}


def test_what_is_no_page_is_unseen():
    with pytest.raises(Unseen) as unseen:
        look("", raw(b"{}", "application/json"))
    assert unseen.value.why is Why.UNREADABLE


@pytest.mark.parametrize(
    "body",
    [
        "<b>1" * 19_000,
        "<div>1" * 19_000,
        "<table><tr>" + "<td>1" * 15_000,
        "<table>" + "<tr><td colspan=1000>NIK" * 9_000,
        "<td>" * 15_000,
        f"<a title='NIK {N}'>" * 9_000,
        "<p>3579 0101 0190 0001 " * 9_000,
        f"<table>{'<tr><td>NIK<td>' + N}" * 4_000,
        "<!--" + "3579010101900001 " * 50_000 + "-->",
        "<template>" * 300 + "1" * 300_000,
        "<td colspan=99999999999999999999>x<td colspan=-1>y<td colspan=a>z",
    ],
)
def test_hostile_pages_cost_little(body):
    begun = time.process_time()

    look(body)

    assert time.process_time() - begun < 15
