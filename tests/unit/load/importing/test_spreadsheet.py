import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import ConfigError
from auditor.load.importing.spreadsheet import read_spreadsheet


def sheet(tmp_path, text):
    path = tmp_path / "daftar.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_spreadsheet(path)


def mistake(tmp_path, text):
    with pytest.raises(ConfigError) as caught:
        sheet(tmp_path, text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "problem", "hint"),
    [
        ("", "has no row with known headings", "Nama Server; Alamat IP; OPD"),
        ("a;b;c\n1;2;3\n", "has no row with known headings", "Nama Server"),
        ("Nama Server\nx\n", "has no row with known headings", "Nama Server"),
        ("Nama Server;OPD\nx;y\n", "has no column with addresses", "alamat ip"),
        ("Nama Server;Alamat IP\nx;\n", "x: has no address", ""),
        ("Nama;IP;Port SSH\nx;10.0.0.1;ssh\n", "'ssh' is no port", ""),
        ("Nama;IP\n" + "x" * 200_000 + ";1\n", "is no CSV: field larger", "CSV UTF-8"),
        (b"Nama;IP\n\xff\xfe;1\n", "is not UTF-8 text", "UTF-8"),
    ],
)
def test_what_cannot_be_read_is_told(tmp_path, text, problem, hint):
    error = mistake(tmp_path, text)

    assert problem in error.problem
    assert hint in error.hint


def test_headings_are_looked_for_below_titles_only_so_far(tmp_path):
    text = "\n" * 40 + "Nama Server;Alamat IP\nx;10.0.0.1\n"

    assert "no row with known headings" in mistake(tmp_path, text).problem


LIST = """\ufeffDAFTAR SERVER KOTA BATU;;;;;
;;;;;
No;Nama Server;Alamat IP ;OPD;Penanggung Jawab;Situs
1;Server Web  Utama;10.0.0.1;Dinkes;Budi (0812-000);https://web1.batu.lab/beranda
;;;;;
2;"Basis Data;
utama";10.0.0.2;Kominfo;;"a.batu.lab, B.batu.lab:8443"
"""


def test_an_office_s_own_list_is_read(tmp_path):
    web, data = sheet(tmp_path, LIST).rows

    assert web.values == {
        "id": "server-web-utama",
        "address": "10.0.0.1",
        "name": "Server Web Utama",
        "sites": ["web1.batu.lab"],
    }
    assert (web.owners, web.line) == ([["Dinkes"]], 4)
    assert data.values["name"] == "Basis Data; utama"
    assert data.values["sites"] == ["a.batu.lab", "b.batu.lab"]
    assert data.line == 7


def test_people_in_a_list_are_not_copied(tmp_path):
    assert "Budi" not in str(sheet(tmp_path, LIST))


FULL = (
    "Kode,Nama,IP,OPD,Zona,Peran,Port,User SSH,Port SSH,Jump,Kategori SE\n"
    'srv-1,Web,10.0.0.1,dinkes,DMZ Luar,"Web, Basis Data","22; 443/TCP 53/udp",'
    "ops,2222,b.lab,Tinggi\n"
)


def test_every_known_column_has_its_key(tmp_path):
    (row,) = sheet(tmp_path, FULL).rows

    assert row.values == {
        "id": "srv-1",
        "address": "10.0.0.1",
        "name": "Web",
        "zone": "dmz-luar",
        "roles": ["web", "basis", "data"],
        "ports": ["22/tcp", "443/tcp", "53/udp"],
        "ssh": {"user": "ops", "port": 2222, "jump": "b.lab"},
        "tags": {"kategori_se": "tinggi"},
    }


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_the_delimiter_is_found(tmp_path, delimiter):
    text = delimiter.join(["Nama", "IP", "OPD"]) + "\n" + delimiter.join(["a", "10.0.0.1", "x"])

    (row,) = sheet(tmp_path, text).rows

    assert (row.values["id"], row.owners) == ("a", [["x"]])


def test_without_a_name_the_address_names_the_target(tmp_path):
    (row,) = sheet(tmp_path, "alamat ip;opd\n10.0.0.1;x\n").rows

    assert row.values == {"id": "10.0.0.1", "address": "10.0.0.1"}


def test_a_short_row_lacks_its_last_cells(tmp_path):
    (row,) = sheet(tmp_path, "IP;Nama;OPD\n10.0.0.1\n").rows

    assert row.owners == [[""]]


def test_control_characters_are_made_inert(tmp_path):
    (row,) = sheet(tmp_path, "IP;Nama\n10.0.0.1;a\x1b[31mb\u202ec\n").rows

    assert row.values["name"] == "a\ufffd[31mb\ufffdc"


@given(st.binary(max_size=200) | st.text('Nama;IPOPD,\n\t"1. 0', max_size=80).map(str.encode))
def test_any_bytes_give_rows_or_a_mistake(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(b"Nama;IP;OPD\n" + data)

    try:
        rows = read_spreadsheet(path).rows
    except ConfigError:
        rows = ()

    assert all(row.values["address"] for row in rows)
