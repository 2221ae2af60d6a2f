# ruff: noqa: RUF001 - letters that look alike are what it is about
"""How gambling spam hides from word lists: name → a piece of a page's body that advertises.

`HEADS` are pieces of a head. Each must be found.
"""

ZWSP, ZWNJ, ZWJ, WJ, SHY = "\u200b", "\u200c", "\u200d", "\u2060", "\u00ad"
RLO, PDF = "\u202e", "\u202c"


def _mathematical(text: str, start: int) -> str:
    return "".join(chr(start + ord(c) - 97) if c.isalpha() else c for c in text)


def _boxed(text: str, start: int) -> str:
    return "".join(chr(start + ord(c) - 97) if c.isalpha() else c for c in text)


EVASIONS = {
    "plain": "<p>Main Slot Gacor Hari Ini</p>",
    "capitals in turn": "<p>sLoT gAcOr</p>",
    "digits for letters": "<p>5l0t g4c0r h4r1 1n1</p>",
    "one for l": "<p>s1ot gacor</p>",
    "one for i": "<p>s1tus jud1 onl1ne</p>",
    "signs for letters": "<p>$l0t g@cor</p>",
    "exclamation mark for i": "<p>s!tus jud! onl!ne</p>",
    "bar for l": "<p>s|ot gacor</p>",
    "plus for t": "<p>slo+ gacor</p>",
    "digits behind": "<p>SLOT88 GACOR777</p>",
    "brand with digits": "<p>Selamat datang di togel4d dan toto88</p>",
    "leet and digits behind": "<p>g4c0r88 mudah menang sl0t</p>",
    "spaces": "<p>s l o t g a c o r</p>",
    "wide spaces": "<p>s&nbsp;l&nbsp;o&nbsp;t&nbsp;&nbsp;g&#8195;a&#8195;c&#8195;o&#8195;r</p>",
    "dots": "<p>s.l.o.t g.a.c.o.r</p>",
    "hyphens": "<p>s-l-o-t g-a-c-o-r</p>",
    "underscores and stars": "<p>s_l_o_t g*a*c*o*r</p>",
    "leet with spaces": "<p>5 l 0 t g 4 c 0 r</p>",
    "torn apart": "<p>sl ot ga cor</p>",
    "torn by dots": "<p>sl.ot ga.cor</p>",
    "glued": "<p>situsslotgacorterpercaya</p>",
    "camel case": "<p>SitusJudiOnline</p>",
    "letters repeated": "<p>sllooot gacooooorrr</p>",
    "zero width space": f"<p>s{ZWSP}l{ZWSP}o{ZWSP}t g{ZWSP}acor</p>",
    "zero width joiners": f"<p>sl{ZWJ}ot{ZWNJ} ga{WJ}cor</p>",
    "soft hyphens": f"<p>slo{SHY}t ga{SHY}cor</p>",
    "soft hyphen entity": "<p>sl&shy;ot ga&shy;cor</p>",
    "entities": "<p>&#115;&#108;&#111;&#116; &#x67;&#x61;&#x63;&#x6f;&#x72;</p>",
    "entities twice": "<p>&amp;#115;lot &amp;#103;acor</p>",
    "cyrillic": "<p>ѕlоt gасоr</p>",
    "greek": "<p>slοτ gαcοr</p>",
    "greek capitals": "<p>SLΟΤ GΑCΟR</p>",
    "armenian and latin looks": "<p>ѕłօt ցacօr</p>",
    "small capitals": "<p>ꜱʟᴏᴛ ɢᴀᴄᴏʀ</p>",
    "full width": "<p>ｓｌｏｔ ｇａｃｏｒ</p>",
    "mathematical bold": f"<p>{_mathematical('slot gacor', 0x1D41A)}</p>",
    "mathematical script": f"<p>{_mathematical('slot gacor', 0x1D4EA)}</p>",
    "circled": f"<p>{_mathematical('slot gacor', 0x24D0)}</p>",
    "squared": f"<p>{_boxed('slot gacor', 0x1F130)}</p>",
    "negative squared": f"<p>{_boxed('slot gacor', 0x1F170)}</p>",
    "regional indicators": f"<p>{_boxed('slot gacor', 0x1F1E6)}</p>",
    "combining marks": "<p>s\u0336l\u0336o\u0336t\u0336 g\u0301a\u0301c\u0327o\u0308r</p>",
    "accents": "<p>slót gâçõr</p>",
    "emoji between letters": "<p>s🎰l🎰o🎰t g🎰a🎰c🎰o🎰r</p>",
    "emoji inside": "<p>sl🔥ot ga🔥cor</p>",
    "turned by control characters": f"<p>{RLO}rocag tols{PDF}</p>",
    "turned by bdo": '<p><bdo dir="rtl">rocag tols</bdo></p>',
    "turned by a style": '<p><span style="unicode-bidi:bidi-override;direction:rtl">'
    "rocag tols</span></p>",
    "split over tags": "<p><b>sl</b>ot <i>ga</i><u>cor</u></p>",
    "a tag for each letter": "<p>" + "".join(f"<span>{c}</span>" for c in "slot gacor") + "</p>",
    "comment inside": "<p>sl<!-- x -->ot ga<!-- y -->cor</p>",
    "hidden letters inside": '<p>sl<span style="display:none">xyz</span>ot '
    'ga<span style="font-size:0">qq</span>cor</p>',
    "hidden letters by a class": "<style>.q{display:none}</style>"
    '<p>sl<i class="q">abc</i>ot ga<i class="q">d</i>cor</p>',
    "hidden text": '<div style="display:none">Situs judi online terpercaya maxwin</div>',
    "off the screen": '<div style="position:absolute;left:-9999px">bandar togel</div>',
    "marquee": '<marquee width="1" height="1">depo 10k scatter hitam</marquee>',
    "noscript": "<noscript>Agen slot gacor link alternatif</noscript>",
    "link text": '<a href="https://contoh-lain.example/">Slot Gacor Maxwin</a>',
    "link address": '<a href="https://mitra.example/sl0t-g4c0r/">Informasi</a>',
    "percent signs in the address": '<a href="/berita/%73%6c%6f%74-%67%61%63%6f%72">Baca</a>',
    "percent signs twice": '<a href="/berita/%2573lot-%2567acor">Baca</a>',
    "parameter": '<a href="/?page=slot-gacor-hari-ini">Baca</a>',
    "host": '<a href="https://slot88-gacor.example/">Mitra</a>',
    "punycode": '<a href="https://xn--slt-gcor-4bjg.example/slot-gacor">Mitra</a>',
    "institution's address": '<a href="https://ppid.lain.go.id/slot-gacor/">Mitra</a>',
    "alternative text": '<img src="/a.png" alt="bandar togel">',
    "title of an element": '<span title="demo slot pragmatic play">.</span>',
    "words of games together": "<h2>Judi, Poker, Slot, Kasino, Taruhan Bola</h2>",
    "unblocked": "<p>Slot online anti blokir dan anti nawala, gampang menang</p>",
    "a warning far away": "<p>Polisi mengimbau warga.</p>" + "<p>kata lain </p>" * 60
    + "<p>Situs slot gacor maxwin bandar togel</p>",
    "one warning among many promises": "<p>polisi slot gacor, bandar togel, maxwin, depo 10k, "
    "scatter hitam, rtp slot, sbobet, gates of olympus</p>",
    "structured data": '<script type="application/ld+json">{"@type": "Product", '
    '"name": "\\u0053lot Gacor"}</script>',
    "script": "<script>document.body.innerHTML += '<h1>\\x53itus Judi Online</h1>';</script>",
}  # fmt: skip

HEADS = {
    "title": "<title>Slot Gacor Hari Ini</title>",
    "disguised title": f"<title>S{ZWSP}L0T G4C0R</title>",
    "description": '<title>Dinas</title><meta name="description" content="Agen slot gacor">',
    "keywords": '<title>Dinas</title><meta name="keywords" content="togel hari ini, rtp slot">',
    "social networks": '<title>Dinas</title><meta property="og:title" content="Depo 10k maxwin">',
}
