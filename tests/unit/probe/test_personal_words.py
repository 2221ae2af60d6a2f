"""What the words around a number say of it."""

import pytest

from auditor.probe.personal_words import Word, announced, categories, columns, heading

N = "3579010101900001"


@pytest.mark.parametrize(
    ("before", "word"),
    [
        ("", None),
        ("Saudara Budi ", None),
        ("NIK: ", Word.NIK),
        ("N.I.K. ", Word.NIK),
        ("No. KTP ", Word.NIK),
        ("e-KTP ", Word.NIK),
        ("Nomor Induk Kependudukan (NIK) ", Word.NIK),
        ('{"nik":"', Word.NIK),
        ('{"nomorNik":"', Word.NIK),
        ("nik_ayah=", Word.NIK),
        ("No. Kartu Keluarga: ", Word.KK),
        ("Nomor Kartu Tanda Penduduk ", Word.NIK),
        ("NIK Budi, No. KK ", Word.KK),
        ("No. KK 3579010502150003 NIK ", Word.NIK),
        ("No Rek ", Word.OTHER),
        ("NIK dan No. Rekening ", Word.OTHER),
        ("NIK, No HP: ", Word.NIK),
        ("No HP ", Word.PHONE),
        ("piknik ", None),
        ("teknik", None),
        ("Rekening 1234567890, ", None),
        ("Rekening 1234567890123456, ", Word.OTHER),
        ("NIK 3579010101900002; 3579010101900003, ", Word.NIK),
        ("nik " + "x " * 40, None),
    ],
)
def test_the_nearest_word_before_counts(before, word):
    text = before + N

    assert announced(text, len(before), len(text)) is word


def test_a_word_behind_counts_where_there_is_none_before():
    assert announced(f"{N} (NIK)", 0, 16) is Word.NIK
    assert announced(f"{N} rekening", 0, 16) is None
    assert announced(f"HP {N} KTP", 3, 19) is Word.NIK
    assert announced(f"{N}\nNIK", 0, 16) is None


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("NIK / No. HP", Word.NIK),
        ("No. Rek / NIK", Word.NIK),
        ("Telepon", Word.PHONE),
        ("Nama", None),
        ("no_kk", Word.KK),
        ("Kode", Word.OTHER),
    ],
)
def test_headings(text, word):
    assert heading(text) is word


def test_specific_data_and_columns():
    assert categories("Diagnosa: TBC, nama siswa, No. Rekening") == {"health", "child", "finance"}
    assert categories("Dinas Kesehatan Kota Batu") == set()
    assert columns("Nama Ibu Kandung") == {"mother", "name"}
    assert columns("Tempat/Tgl Lahir") == {"birth"}
    assert columns("Uraian") == set()
