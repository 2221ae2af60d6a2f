from auditor.model.policy import Standing
from auditor.report.law import answers, controls_behind, is_question
from tests.unit.law import check, control, framework, question

TLS, SSH, ASKED = check("tls.version", "B-1:1"), check("ssh.root"), question("attest.x", "A-1:2")
CHECKS = (TLS, SSH, ASKED)


def test_a_control_names_the_check_or_the_check_the_control():
    law = framework(
        "a",
        control("A-1:1", checks=("ssh.*",)),
        control("A-1:2", checks=("tls.version", "tls.none")),
        control("A-1:3"),
    )

    assert answers([law], CHECKS) == {
        "A-1:1": ("ssh.root",),
        "A-1:2": ("tls.version", "attest.x"),
        "A-1:3": (),
    }


def test_a_check_that_is_named_twice_counts_once():
    law = framework("b", control("B-1:1", checks=("tls.*", "tls.version")))

    assert answers([law], CHECKS) == {"B-1:1": ("tls.version",)}


def test_what_the_check_itself_names_comes_first_and_revoked_norms_last():
    law = (
        framework("old", control("O-1:1", checks=("tls.*",), status=Standing.REVOKED)),
        framework("a", control("A-1:1", checks=("*",))),
        framework("b", control("B-1:1")),
    )

    behind = controls_behind(law, CHECKS)

    assert behind["tls.version"] == ("B-1:1", "A-1:1", "O-1:1")
    assert behind["ssh.root"] == ("A-1:1",)


def test_a_check_without_law_is_absent():
    assert controls_behind([framework("a", control("A-1:1"))], CHECKS) == {}


def test_a_question_is_what_people_alone_answer():
    both = check("x.both")
    both = type(both)(
        **{name: getattr(both, name) for name in both.__struct_fields__ if name != "probe"},
        probe={"a": {"attestation": {}}, "b": {"world": {}}},
    )

    assert [is_question(one) for one in (*CHECKS, both)] == [False, False, True, False]
