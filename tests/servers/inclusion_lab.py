"""Pages with one fault each, and their sound twins, for the rules of accessibility.

A name says what the page shows; `page` makes a sound page around a fragment.
"""

import base64
import io
import wave


def _sound(seconds: int = 5) -> str:
    """Return silence as an address that holds it."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(1)
        out.setframerate(2000)
        out.writeframes(b"\x80" * (2000 * seconds))
    return "data:audio/wav;base64," + base64.b64encode(file.getvalue()).decode()


SOUND = _sound()
DOT = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"


def page(
    body: str = "",
    *,
    head: str = "",
    html: str = 'lang="id"',
    title: str = "<title>Dinas Contoh</title>",
    frame: str = '<main id="isi"><h1>Dinas Contoh</h1>{}</main>',
) -> str:
    """Return a page that is sound but for what is put in."""
    return (
        f'<!doctype html><html {html}><head><meta charset="utf-8">{title}{head}</head>'
        f"<body>{frame.format(body)}</body></html>"
    )


PAGES = {
    "sound": page("<p>Layanan warga kota.</p>"),
    "no lang": page(html=""),
    "blank lang": page(html='lang="  "'),
    "lang that is none": page(html='lang="indonesia"'),
    "two letters that are no language": page(html='lang="xx"'),
    "lang with region": page(html='lang="id-ID"'),
    "part in a language": page('<p lang="en">Good morning</p>'),
    "part in no language": page('<p lang="zz9">Good morning</p>'),
    "no title": page(title=""),
    "blank title": page(title="<title>  </title>"),
    "title of a drawing": page("<svg><title>Peta</title></svg>", title=""),
    "picture without alt": page(f'<img src="{DOT}">'),
    "picture with alt": page(f'<img src="{DOT}" alt="Balai kota">'),
    "decoration": page(f'<img src="{DOT}" alt="">'),
    "alt of spaces": page(f'<img src="{DOT}" alt="  ">'),
    "picture with a title": page(f'<img src="{DOT}" title="Balai kota">'),
    "picture labelled by a text": page(f'<p id="k">Balai</p><img src="{DOT}" aria-labelledby="k">'),
    "picture labelled by nothing": page(f'<img src="{DOT}" aria-labelledby="tiada">'),
    "picture of no meaning": page(f'<img src="{DOT}" role="presentation">'),
    "picture that is hidden": page(f'<div style="display:none"><img src="{DOT}"></div>'),
    "picture hidden from readers": page(f'<div aria-hidden="true"><img src="{DOT}"></div>'),
    "picture hidden by a sheet": page(
        f'<div class="sembunyi"><img src="{DOT}"></div>',
        head="<style>.sembunyi { display: none }</style>",
    ),
    "drawing without a name": page('<svg role="img" width="9" height="9"><path d="M0 0"/></svg>'),
    "drawing with a name": page('<svg role="img" width="9" height="9"><title>Peta</title></svg>'),
    "role of a picture": page('<span role="img">*</span>'),
    "role of a picture, named": page('<span role="img" aria-label="Bintang">*</span>'),
    "picture button without alt": page(f'<form><input type="image" src="{DOT}"></form>'),
    "picture button with alt": page(f'<form><input type="image" src="{DOT}" alt="Cari"></form>'),
    "map without alt": page(
        f'<img src="{DOT}" alt="Peta" usemap="#m" width="50" height="50">'
        '<map name="m"><area href="#a" shape="rect" coords="0,0,9,9"></map>'
    ),
    "map with alt": page(
        f'<img src="{DOT}" alt="Peta" usemap="#m" width="50" height="50">'
        '<map name="m"><area href="#a" alt="Bumiaji" shape="rect" coords="0,0,9,9"></map>'
    ),
    "object without a name": page(f'<object data="{DOT}"></object>'),
    "object with a name": page(f'<object data="{DOT}" title="Peta"></object>'),
    "field without a label": page('<form><input name="nama"></form>'),
    "field with a label": page('<form><label for="a">Nama</label><input id="a"></form>'),
    "field in a label": page("<form><label>Nama <input></label></form>"),
    "field with an empty label": page('<form><label for="a"></label><input id="a"></form>'),
    "label of another field": page('<form><label for="b">Nama</label><input id="a"></form>'),
    "field with aria-label": page('<form><input aria-label="Nama"></form>'),
    "field pointing to a text": page('<p id="t">Nama</p><input aria-labelledby="t">'),
    "field pointing to nothing": page('<input aria-labelledby="tiada">'),
    "field with a title": page('<input title="Nama">'),
    "field with a placeholder": page('<input placeholder="Nama">'),
    "field that is hidden": page('<input type="hidden" name="t">'),
    "field with a hidden label": page('<label for="a" hidden>Nama</label><input id="a">'),
    "text area without a label": page("<textarea></textarea>"),
    "choice without a label": page("<select><option>Batu</option></select>"),
    "choice with a label": page('<label for="k">Kota</label><select id="k"><option>B</select>'),
    "choice in an empty label": page("<label><select><option>Batu</option></select></label>"),
    "button without a name": page("<button></button>"),
    "button with a text": page("<button>Kirim</button>"),
    "button with a picture": page(f'<button><img src="{DOT}" alt="Cari"></button>'),
    "button with a decoration": page(f'<button><img src="{DOT}" alt=""></button>'),
    "button with an icon": page('<button><i class="fa" aria-hidden="true">x</i></button>'),
    "button with aria-label": page('<button aria-label="Tutup"><i></i></button>'),
    "button of input without a value": page('<input type="button">'),
    "button of input with a value": page('<input type="button" value="Kirim">'),
    "send button by default": page('<form><input type="submit"></form>'),
    "send button without words": page('<form><input type="submit" value=""></form>'),
    "link without a name": page('<a href="/a"></a>'),
    "link with a text": page('<a href="/a">Profil</a>'),
    "link with a picture": page(f'<a href="/a"><img src="{DOT}" alt="Profil"></a>'),
    "link with a decoration": page(f'<a href="/a"><img src="{DOT}" alt=""></a>'),
    "link with an icon": page('<a href="/a"><i class="fa" aria-hidden="true">x</i></a>'),
    "link with a title": page('<a href="/a" title="Profil"><i></i></a>'),
    "link with a drawing": page('<a href="/a"><svg><title>Profil</title></svg></a>'),
    "anchor without href": page('<a id="x"></a>'),
    "frame without a title": page('<iframe srcdoc="x"></iframe>'),
    "frame with a title": page(
        '<iframe title="Peta" srcdoc="<!doctype html><html lang=id><title>x</title>'
        '<main><h1>P</h1></main></html>"></iframe>'
    ),
    "viewport that cannot grow": page(
        head='<meta name="viewport" content="width=device-width, user-scalable=no">'
    ),
    "viewport that grows little": page(
        head='<meta name="viewport" content="width=device-width, maximum-scale=1.5">'
    ),
    "viewport that grows enough": page(
        head='<meta name="viewport" content="width=device-width, maximum-scale=5">'
    ),
    "viewport by number": page(head='<meta name="viewport" content="user-scalable=0">'),
    "viewport that may": page(head='<meta name="viewport" content="user-scalable=yes">'),
    "refresh": page(head='<meta http-equiv="refresh" content="600; url=/a">'),
    "redirect": page(head='<meta http-equiv="refresh" content="0; url=#isi">'),
    "no first heading": page(frame="<main><h2>Dinas</h2>{}</main>"),
    "first heading by role": page(
        frame='<main><div role="heading" aria-level="1">Dinas</div>{}</main>'
    ),
    "skipped level": page("<h3>Layanan</h3>"),
    "levels in order": page("<h2>Layanan</h2><h3>Izin</h3><h2>Data</h2>"),
    "begins at the second level": page(frame="<main><h2>Menu</h2><h1>Dinas</h1>{}</main>"),
    "empty heading": page("<h2></h2>"),
    "heading with a picture": page(f'<h2><img src="{DOT}" alt="Layanan"></h2>'),
    "no way around the menu": page('<a href="/a">Profil</a>', frame="<div>{}</div>"),
    "a link around the menu": page('<a href="#b">Isi</a><p id="b">B</p>', frame="<div>{}</div>"),
    "no main part": page(frame="<div><h1>Dinas</h1>{}</div>"),
    "main part by role": page(frame='<div role="main"><h1>Dinas</h1>{}</div>'),
    "ids twice": page('<p id="a">A</p><p id="a">B</p>'),
    "ids of controls twice": page(
        '<label for="a">A</label><input id="a"><input id="a" aria-label="B">'
    ),
    "tab order": page('<button tabindex="3">Kirim</button>'),
    "tab order of the page": page('<div tabindex="0" role="button">Kirim</div>'),
    "list with a stray": page("<ul><li>A</li><div>B</div></ul>"),
    "list with a text": page("<ul>Daftar<li>A</li></ul>"),
    "list with roles": page('<ul role="menu"><li role="menuitem">A</li></ul>'),
    "list in order": page("<ol><li>A<ul><li>B</li></ul></li></ol>"),
    "item astray": page("<div><li>A</li></div>"),
    "terms": page("<dl><dt>Alamat</dt><dd>Jalan Contoh</dd></dl>"),
    "terms in groups": page("<dl><div><dt>Alamat</dt><dd>Jalan Contoh</dd></div></dl>"),
    "terms with a stray": page("<dl><dt>Alamat</dt><dd>Jalan</dd><p>x</p></dl>"),
    "description before its term": page("<dl><dd>Jalan</dd><dt>Alamat</dt></dl>"),
    "description astray": page("<div><dd>Jalan</dd></div>"),
    "headers of nowhere": page(
        '<table><tr><th id="h">A</th></tr><tr><td headers="tiada">1</td></tr></table>'
    ),
    "headers of the table": page(
        '<table><tr><th id="h">A</th></tr><tr><td headers="h">1</td></tr></table>'
    ),
    "headings without cells": page("<table><tr><th>A</th><th>B</th></tr></table>"),
    "data without headings": page(
        "<table><tr><td>Pasar</td><td>Kios</td><td>Tahun</td></tr>"
        + "<tr><td>Batu</td><td>9</td><td>2026</td></tr>" * 3
        + "</table>"
    ),
    "moving text": page("<marquee>Selamat datang</marquee>"),
    "blinking text": page("<blink>Selamat datang</blink>"),
    "sound that plays by itself": page(f'<audio autoplay src="{SOUND}"></audio>'),
    "sound that can be stopped": page(f'<audio autoplay controls src="{SOUND}"></audio>'),
    "film without captions": page("<video controls></video>"),
    "film with captions": page(
        '<video controls><track kind="captions" src="data:text/vtt,WEBVTT"></video>'
    ),
    "film without sound": page("<video muted controls></video>"),
    "faint text": page('<p style="color:#999;background:#fff">Pucat</p>'),
    "strong text": page('<p style="color:#555;background:#fff">Jelas</p>'),
    "large faint text": page('<p style="color:#888;background:#fff;font-size:24px">Besar</p>'),
    "large too faint text": page('<p style="color:#aaa;background:#fff;font-size:24px">Besar</p>'),
    "bold faint text": page(
        '<p style="color:#888;background:#fff;font-size:14pt;font-weight:bold">Tebal</p>'
    ),
    "faint by a sheet": page(
        '<p class="samar">Pucat</p>',
        head="<style>body{background:#fff;color:#111} .samar{color:#aaa}</style>",
    ),
    "faint by inheritance": page(
        '<div style="background:#004;color:#224"><p>Gelap</p></div>',
    ),
    "faint on the browser's own ground": page('<p style="color:#ccc">Pucat</p>'),
    "faint link": page('<a href="/a" style="color:#9cf;background:white">Profil</a>'),
    "faint and switched off": page(
        '<button disabled style="color:#999;background:#fff">Kirim</button>'
    ),
    "faint on a picture": page(
        f'<p style="color:#999;background:#fff url({DOT})">Pucat</p>',
    ),
    "faint by a sheet of two steps": page(
        '<div class="kotak"><p>Pucat</p></div>',
        head="<style>body{background:#fff;color:#111} .kotak p{color:#bbb}</style>",
    ),
}
