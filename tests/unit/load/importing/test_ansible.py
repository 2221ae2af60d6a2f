import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import ConfigError
from auditor.load.importing.ansible import read_ansible
from auditor.load.importing.groups import HOSTS_LIMIT, Groups


def read(tmp_path, text, name="hosts"):
    path = tmp_path / name
    path.write_text(text)
    return read_ansible(path)


def mistake(tmp_path, text, name="hosts"):
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text, name)
    return caught.value


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("[web]\na 'b", 2, "cannot be read: No closing quotation"),
        ("[web]\na b", 2, "'b' is no variable"),
        ("[web]\na[1:99999999999999999999]", 2, "[1:99999999999999999999] is no range"),
        ("[web]\na[1:20000]", 2, "[1:20000] is no range"),
        ("[web]\na[9:1]", 2, "[9:1] is no range"),
        ("[web]\na[z:a]", 2, "[z:a] is no range"),
        ("[web]\na[1:9:0]", 2, "[1:9] is no range"),
        ("[web]\na[1:999][1:999]", 2, "stands for more than 10000 hosts"),
        ("[web]\na ansible_host='{{ ip }}'", 2, "a: ansible_host is a template"),
        ("[web]\na ansible_port=ssh", 2, "'ssh' is no port"),
        ('[web]\na ansible_ssh_common_args="-J \'x"', 2, "its ssh arguments cannot be read"),
        ("[web]\n[a:children]\n'x", 3, "cannot be read"),
    ],
)
def test_an_ini_mistake_is_told_with_its_line(tmp_path, text, line, problem):
    error = mistake(tmp_path, text)

    assert error.line == line
    assert problem in error.problem


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("- a\n", 1, "an Ansible inventory is a mapping"),
        ("all: 5\n", 1, "all is a mapping"),
        ("all:\n  hosts:\n    - a\n", 2, "hosts is a mapping"),
        ("all:\n  host:\n    a:\n", 2, "group all: unknown key 'host'"),
        ("all:\n  hosts:\n    a: 5\n", 3, "a is a mapping"),
        ("all: &x\n  children:\n    b: *x\n", 3, "aliases"),
        ("all: [\n", 2, "the text ends too early"),
    ],
)
def test_a_yaml_mistake_is_told_with_its_line(tmp_path, text, line, problem):
    error = mistake(tmp_path, text, "hosts.yml")

    assert error.line == line
    assert problem in error.problem


def test_hosts_without_end_are_refused():
    groups = Groups("hosts")
    for number in range(HOSTS_LIMIT):
        groups.add_host(f"h{number}", "web", {}, 1)
    groups.add_host("h0", "db", {}, 2)

    with pytest.raises(ConfigError, match="hosts:3: has more than 100000 hosts"):
        groups.add_host("one-more", "web", {}, 3)


def test_groups_that_contain_each_other_end(tmp_path):
    text = "[a]\nx\n[a:children]\nb\n[b:children]\na\n[b:vars]\nansible_user=ops\n"

    (row,) = read(tmp_path, text).rows

    assert row.values["ssh"] == {"user": "ops"}
    assert row.owners == (("a",), ("b",), ("all",))


INI = """\
# the city's servers
lonely.batu.lab
[web]
Web1 ansible_host=10.0.0.1 ansible_user=root  # a comment is no variable
web2:2222 ansible_ssh_host=10.0.0.2
[db]
db[08:10].batu.lab ansible_ssh_private_key_file=~/.ssh/k
x[a:c:2]
[dinkes:children]
web
[dinkes:vars]
ansible_user = "ops"
ansible_ssh_common_args='-o StrictHostKeyChecking=no -o ProxyJump=audit@10.0.0.9:22'
http_port=80
[all:vars]
ansible_user=everyone
"""


def test_an_ini_inventory_is_read(tmp_path):
    rows = {row.values["id"]: row for row in read(tmp_path, INI).rows}

    assert list(rows) == [
        "lonely.batu.lab", "web1", "web2", "db08.batu.lab", "db09.batu.lab", "db10.batu.lab",
        "xa", "xc",
    ]  # fmt: skip
    jump = "audit@10.0.0.9:22"
    assert rows["web1"].values["ssh"] == {"user": "root", "jump": jump}
    assert rows["web1"].values["address"] == "10.0.0.1"
    assert rows["web2"].values["ssh"] == {"user": "ops", "port": 2222, "jump": jump}
    assert rows["db08.batu.lab"].values["ssh"] == {"user": "everyone", "key": "~/.ssh/k"}
    assert rows["db08.batu.lab"].values["address"] == "db08.batu.lab"
    assert rows["lonely.batu.lab"].owners == (("all",),)
    assert rows["web1"].owners == (("web",), ("dinkes",), ("all",))
    assert (rows["web1"].line, rows["xc"].line) == (4, 8)


YAML = """\
all:
  vars: {ansible_user: everyone, secret: !vault "66"}
  hosts:
    lonely: {}
  children:
    dinkes:
      vars: {ansible_port: 2222}
      children:
        web:
          hosts:
            web1: {ansible_host: 10.0.0.1, ansible_password: !vault x}
            web2:
    kominfo:
      hosts:
        web2: {ansible_user: ops, http_ports: [80]}
"""


def test_a_yaml_inventory_is_read(tmp_path):
    sheet = read(tmp_path, YAML, "hosts.yaml")

    lonely, web1, web2 = sheet.rows
    assert lonely.values == {"id": "lonely", "address": "lonely", "ssh": {"user": "everyone"}}
    assert web1.values["ssh"] == {"user": "everyone", "port": 2222}
    assert web1.owners == (("web",), ("dinkes",), ("all",))
    assert web2.values["ssh"] == {"user": "ops", "port": 2222}
    assert web2.owners == (("web", "kominfo"), ("dinkes",), ("all",))
    assert web1.line == 11


def test_a_group_said_twice_counts_once(tmp_path):
    (row,) = read(tmp_path, "[a:children]\nb\nb\n[b]\nx\nx ansible_user=ops\n").rows

    assert row.owners == (("b",), ("a",), ("all",))
    assert row.values["ssh"] == {"user": "ops"}


def test_passwords_are_never_copied(tmp_path):
    sheet = read(tmp_path, "[w]\na ansible_password=geheim\nb ansible_become_pass='{{ x }}'\n")

    assert "geheim" not in str(sheet)
    assert sheet.notes == ("passwords were not copied: use --ask-password or AUDITOR_PASSWORD",)


@pytest.mark.parametrize(
    ("arguments", "jump"),
    [
        ("-o ProxyJump=a@b:22", "a@b:22"),
        ("-oProxyJump=b", "b"),
        ("-o 'ProxyJump b'", "b"),
        ("-o proxyjump=b,c", "b,c"),
        ("-J b", "b"),
        ("-Jb", "b"),
        ("-C -o X=1 -J b", "b"),
        ("-o StrictHostKeyChecking=no", None),
        ("-o", None),
        ("", None),
    ],
)
def test_the_jump_host_is_found_in_ssh_s_arguments(tmp_path, arguments, jump):
    (row,) = read(tmp_path, f'[w]\na ansible_user=x ansible_ssh_common_args="{arguments}"\n').rows

    assert row.values["ssh"].get("jump") == jump


def test_a_proxy_command_is_not_carried_and_said(tmp_path):
    text = "[w]\na ansible_ssh_extra_args='-o ProxyCommand=\"ssh -W %h:%p b\"'\n"

    sheet = read(tmp_path, text)

    assert "ssh" not in sheet.rows[0].values
    assert sheet.notes == ("a: its ProxyCommand was not copied; write ssh.jump instead",)


def test_the_machine_that_ansible_runs_on_is_left_out(tmp_path):
    sheet = read(tmp_path, "[w]\nlocalhost ansible_connection=local\n")

    assert sheet.rows == ()
    assert "localhost was left out" in sheet.notes[0]


def test_what_is_not_reached_by_ssh_is_not_visited(tmp_path):
    sheet = read(tmp_path, "[w]\na ansible_connection=winrm\nb ansible_connection=ssh\n")

    assert [row.values.get("ssh", "default") for row in sheet.rows] == [None, "default"]
    assert sheet.notes == ("a is not visited: its connection is winrm",)


SIGNS = st.text("[]:=\n ab01'\"#{}-,", max_size=60)


@given(SIGNS, st.sampled_from(["hosts", "hosts.yml"]))
def test_any_text_gives_rows_or_a_mistake(tmp_path_factory, text, name):
    path = tmp_path_factory.getbasetemp() / name
    path.write_text(text)

    try:
        rows = read_ansible(path).rows
    except ConfigError:
        rows = ()

    assert all(row.owners for row in rows)
