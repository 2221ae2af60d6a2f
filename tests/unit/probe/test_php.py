import pytest

from auditor.model.fact import Why
from auditor.probe import php, texts
from tests.unit.probe.asking import frame, parse, text_files, why

INI = "/etc/php/8.2/fpm/php.ini"


def asked(setting, files, **more):
    args = php.PhpArgs(setting=setting, **more)
    return parse(php, None, args=args, frames=text_files(files))["settings"]


def one(setting, text):
    (row,) = asked(setting, {INI: text})
    return row


def test_no_php_is_a_fact():
    assert "/etc/php/*/fpm/php.ini" in php.PROBE.reads(())
    found = parse(php, None, args=php.PhpArgs(setting="expose_php"), frames=text_files({}))

    assert found == {"installed": False, "settings": []}


@pytest.mark.parametrize("setting", php.DEFAULTS)
def test_what_is_not_written_is_the_default(setting):
    row = one(setting, "")

    assert (row["value"], row["place"]) == (php.DEFAULTS[setting], "default")


@pytest.mark.parametrize(
    ("text", "value", "on", "number"),
    [
        ("memory_limit = 8M", "8M", False, 8 * 2**20),
        ("memory_limit = -1", "-1", False, -1),
        ('memory_limit="1g" ; much', "1g", False, 2**30),
        ("memory_limit='2K'", "2K", False, 2048),
        ("memory_limit = 5 ; five", "5", False, 5),
        ("memory_limit = 1\nmemory_limit = On", "On", True, None),
        (";memory_limit = 1", "128M", False, 128 * 2**20),
        ("[PHP]\nmemory_limit = 1\n[HOST=x.id]\nmemory_limit = 2", "1", True, 1),
        ("[PATH=/srv]\nmemory_limit = 2\n[Session]\nmemory_limit = 3", "3", False, 3),
        ("memory_limit !", "128M", False, 128 * 2**20),
        ("memory_limit =", "", False, None),
    ],
)
def test_values_are_read_as_php_does(text, value, on, number):
    row = one("memory_limit", text)

    assert (row["value"], row["on"], row.get("number")) == (value, on, number)


def test_folders_beside_php_ini_and_pools_have_the_last_word():
    files = {
        INI: "display_errors = On\ndisable_functions = exec",
        "/etc/php/8.2/fpm/conf.d/90-x.ini": "display_errors = Off",
        "/etc/php/8.2/fpm/pool.d/a.conf": "[global]\n;x\nlog = x\nphp_flag[display_errors] = on\n"
        "[www]\nphp_admin_value[disable_functions] = system, popen\n"
        "[opd]\nphp_flag[display_errors]=on",
        "/etc/php/8.2/cli/php.ini": "display_errors = On",
        "/etc/php.d/x.ini": "display_errors = On",
        "/etc/php83/php.ini": "",
        "/etc/php7/php-fpm.d/www.conf": "[web]\nlisten = x\n",
        "/opt/lampp/etc/php.ini": "",
    }

    rows = asked("display_errors", files)
    assert [(row["sapi"], row["version"], row["on"]) for row in rows] == [
        ("7 web", "7", True),
        ("8.2/fpm www", "8.2", False),
        ("8.2/fpm opd", "8.2", True),
        ("8.3", "8.3", True),
        ("lampp", "", True),
        ("php", "", True),
    ]
    assert rows[1]["place"] == "/etc/php/8.2/fpm/conf.d/90-x.ini:1"
    assert rows[2]["place"] == "/etc/php/8.2/fpm/pool.d/a.conf:8"
    functions = {row["sapi"]: row["items"] for row in asked("disable_functions", files)}
    assert functions["8.2/fpm www"] == ["exec", "system", "popen"]
    assert functions["8.2/fpm opd"] == ["exec"]
    with_cli = asked("display_errors", files, cli=True)
    assert "8.2/cli" in [row["sapi"] for row in with_cli]


def test_a_file_that_may_not_be_read_is_not_taken_for_absent():
    hidden = frame(texts.KEY, f"! {INI}\n")
    args = php.PhpArgs(setting="expose_php")

    assert why(php, None, args=args, frames=hidden) is Why.NEEDS_ROOT
