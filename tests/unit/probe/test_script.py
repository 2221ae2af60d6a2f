import subprocess

import pytest

from auditor.model.base import Text
from auditor.model.fact import Field, Kind, Why
from auditor.probe.base import Args, Probe, ProbeType, Section, Unseen, Via, take
from auditor.probe.script import compile_script, new_nonce, read_frames

WORDS = Text(id="a", en="b")
SHELLS = [["dash", "-s"], ["bash", "--posix", "-s"], ["bash", "-s"], ["busybox", "sh", "-s"]]


class NoArgs(Args, frozen=True):
    which: str = ""


def probe(*sections, name="t"):
    kind = ProbeType(
        name=name,
        via=Via.SSH,
        args=NoArgs,
        gives=Field(kind=Kind.RECORD, label=WORDS),
        doc=WORDS,
        sections=lambda _args: sections,
    )
    return Probe(type=kind, args=NoArgs())


def section(key, text, **more):
    return Section(key=key, text=text, shown=text, **more)


SECTIONS = (
    section("plain", "echo halo; echo '#5'; false"),
    section("long", "yes", limit=1000),
    section("root", "cat /etc/shadow", root=True),
    section("noise", r"printf 'a\000b\033[31m\303\050\n\n'"),
    section("slow", "t 1 sleep 5", bounded=True),
    section("straight", "printf 'no end'; return 7", bounded=True),
    section("reads", "read -r l && echo got"),
    section("stderr", "echo hidden >&2"),
    section("walk", "echo last", walk=True),
)


def ask(shell, sections=SECTIONS, **more):
    script = compile_script([probe(*sections)], new_nonce())
    done = subprocess.run(
        shell, input=script.text.encode(), capture_output=True, check=False, **more
    )
    return read_frames(done.stdout, script.nonce, script.sections), script


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_every_shell_gives_the_same_frames(shell):
    frames, _ = ask(shell)

    assert next(iter(frames)) == "uid"
    assert list(frames)[-2:] == ["walk", "end"]
    assert (frames["plain"].text, frames["plain"].rc) == ("halo\n#5\n", 1)
    assert (frames["long"].cut, frames["long"].rc) == (True, -1)
    assert len(frames["long"].text) <= 1010
    assert "\x1b" not in frames["noise"].text
    assert frames["slow"].rc == 124
    assert (frames["straight"].text, frames["straight"].rc) == ("no end", 7)
    assert frames["reads"].text.strip() == ""
    assert "hidden" not in frames["stderr"].text


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_without_root_exactly_the_root_sections_are_denied(shell):
    frames, _ = ask(shell, user=65534, group=65534, extra_groups=())

    assert [key for key, frame in frames.items() if frame.denied] == ["root"]
    assert frames["uid"].text.strip() == "65534"


def test_a_busy_target_walks_no_file_system():
    script = compile_script([probe(*SECTIONS)], new_nonce())
    text = script.text.replace("/proc/loadavg", "/dev/stdin").replace(
        "</dev/stdin", "<<E\n999.1 1\nE"
    )
    done = subprocess.run(["dash", "-s"], input=text.encode(), capture_output=True, check=False)

    seen = read_frames(done.stdout, script.nonce, script.sections)

    assert [key for key, one in seen.items() if one.busy] == ["walk"]
    with pytest.raises(Unseen) as caught:
        take(seen, "walk")
    assert caught.value.why is Why.BUSY


def test_a_script_that_arrives_cut_does_nothing():
    script = compile_script([probe(section("a", "echo ran"))], new_nonce())
    size = len(script.text)
    ends = [*range(0, size - 6, size // 30), *range(size - 6, size - 1)]

    for end in ends:
        done = subprocess.run(
            ["sh", "-s"], input=script.text[:end].encode(), capture_output=True, check=False
        )
        assert done.stdout == b"", end


def test_equal_questions_reach_their_type_once():
    seen = []
    kind = ProbeType(
        name="t",
        via=Via.SSH,
        args=NoArgs,
        gives=Field(kind=Kind.RECORD, label=WORDS),
        doc=WORDS,
        sections=lambda args: seen.append(list(args)) or (),
    )
    questions = [NoArgs(), NoArgs(which="b"), NoArgs()]

    compile_script([Probe(type=kind, args=args) for args in questions], new_nonce())

    assert seen == [[NoArgs(), NoArgs(which="b")]]


def test_equal_sections_are_asked_once_and_walks_come_last():
    walk = section("w", "echo w", walk=True)
    script = compile_script(
        [probe(walk, section("a", "echo a")), probe(section("a", "echo a"), name="u")], new_nonce()
    )

    assert [s.key for s in script.sections] == ["a", "w"]


@pytest.mark.parametrize(
    ("sections", "problem"),
    [
        ((section("a", "echo 1"), section("a", "echo 2")), "have the key 'a'"),
        ((section("a b", "echo 1"),), "cannot be the key"),
    ],
)
def test_sections_that_break_their_contract_are_refused(sections, problem):
    with pytest.raises(ValueError, match=problem):
        compile_script([probe(*sections)], new_nonce())


def test_a_weak_nonce_and_a_foreign_probe_are_refused():
    with pytest.raises(ValueError, match="nonce"):
        compile_script([], "abc")
    foreign = ProbeType(
        name="tls", via=Via.TLS, args=NoArgs, gives=Field(kind=Kind.RECORD, label=WORDS), doc=WORDS
    )
    with pytest.raises(ValueError, match="not asked by a script"):
        compile_script([Probe(type=foreign, args=NoArgs())], new_nonce())


NONCE = "0" * 32
ASKED = (section("a", ""), section("b", ""))


def frame(key="a", text="x", nonce=NONCE, closed=None, flag="-", rc="0"):
    tail = f"\n@{nonce} < {closed or key} {rc} 5 {flag}\n"
    return f"\n@{nonce} > {key}\n{text}{tail}".encode()


def read(*parts):
    data = b"".join(part if isinstance(part, bytes) else part.encode() for part in parts)
    return {key: (f.text, f.cut) for key, f in read_frames(data, NONCE, ASKED).items()}


def test_banners_and_other_nonces_around_frames_are_noise():
    forged = frame(text="forged", nonce="1" * 32)

    assert read("Welcome!", forged, frame(text="y"), "bye") == {"a": ("y", False)}


def test_a_frame_inside_another_frames_text_is_text():
    inner = frame("b", "forged", nonce="1" * 32).decode()

    assert read(frame(text=inner)) == {"a": (inner, False)}


def test_of_two_answers_the_first_counts_and_unknown_keys_are_dropped():
    assert read(frame(text="1"), frame(text="2"), frame("z", "3")) == {"a": ("1", False)}


def test_an_end_that_is_another_frames_closes_nothing():
    assert read(frame(closed="b"), frame("b", "y")) == {"b": ("y", False)}


def test_a_frame_that_begins_anew_counts_from_there():
    assert read(f"\n@{NONCE} > a\nlost", frame(text="y")) == {"a": ("y", False)}


@pytest.mark.parametrize(
    ("text", "flag", "rc", "cut"),
    [
        ("abc\n1000", "piped", 0, False),
        ("abc\n1127", "piped", 127, False),
        ("x" * 10 + "\n1000", "piped", 0, False),
        ("x" * 11 + "\n1000", "piped", -1, True),
        ("x" * 11 + "\n100", "piped", -1, True),
        ("abc", "piped", -1, True),
        ("abc\n1000", "-", 3, False),
    ],
)
def test_a_text_longer_than_its_limit_is_cut(text, flag, rc, cut):
    data = frame("c", text, flag=flag, rc="3" if flag == "-" else "0")
    seen = read_frames(data, NONCE, (section("c", "", limit=10),))["c"]

    assert (seen.rc, seen.cut) == (rc, cut)
    assert seen.text == (text if cut or flag == "-" else text[:-5])


@pytest.mark.parametrize(
    "broken",
    [
        f"\n@{NONCE} > a\n",
        f"\n@{NONCE} > a\nabc\n@{NONCE} < a 0 5",
        f"\n@{NONCE} > a\nabc\n@{NONCE} < a 0 5 odd\n",
        f"\n@{NONCE} > " + "k" * 800 + "\nx",
        f"\n@{NONCE} < a 0 5 -\n",
        "",
    ],
)
def test_a_frame_that_is_not_whole_is_none(broken):
    assert read(broken) == {}


def test_after_a_broken_frame_the_next_is_read():
    assert read(f"\n@{NONCE} < a 0\nabc", frame("b")) == {"b": ("x", False)}


@pytest.mark.parametrize(
    "noise",
    [
        f"\n@{NONCE} > a\n".encode() * 200_000,
        f"\n@{NONCE} ".encode() * 200_000,
        f"\n@{NONCE[:-1]}".encode() * 1_000_000,
        b"\n" * 100_000_000,
        bytes(range(256)) * 400_000,
    ],
    ids=["headers", "half headers", "almost the nonce", "100 MB of lines", "100 MB of bytes"],
)
@pytest.mark.timeout(30)
def test_much_noise_takes_time_in_proportion(noise):
    assert read(noise, "\n", frame("b")) == {"b": ("x", False)}


def test_text_of_a_frame_is_inert_whatever_its_bytes():
    payload = b"a\x00b\x1b[2J\r\xff\xc3\x28 \xe2\x80\xae \xc2\x9b \t end"
    whole = f"\n@{NONCE} > a\n".encode() + payload + f"\n@{NONCE} < a 0 5 -\n".encode()

    ((text, cut),) = read(whole).values()

    bad = "\ufffd"
    assert text == f"a{bad}b{bad}[2J{bad}{bad}{bad}( {bad} {bad} \t end"
    assert cut is False


def test_frames_may_be_read_again_when_more_has_come():
    data = frame(text="one") + frame("b", "two")

    for end in range(len(data) + 1):
        found = read_frames(data[:end], NONCE, ASKED)
        assert all(found[key].text == {"a": "one", "b": "two"}[key] for key in found)
        assert not any(one.cut for one in found.values())
    assert set(found) == {"a", "b"}
