"""Where others go wrong: each trap as a target's facts, and the fact that must come."""

from datetime import date, timedelta

import pytest

from auditor.model.advisory import FixState, Support
from auditor.model.fact import Why
from auditor.model.feed import FeedKind, Release, Trust
from auditor.patch.judge import judge
from auditor.patch.system import Installed, System, kernel_source, units
from auditor.patch.verdict import Verdict
from auditor.probe.base import Unseen
from tests.unit.probe.patching import (
    ALMA,
    JAMMY,
    LISTS,
    NOW,
    OS,
    changed,
    entry,
    feed,
    feeds,
    fix,
    index,
    join,
    package,
    rpm,
    system,
)

SIGNED = "linux-signed-amd64"
IMAGE = "linux-image-6.1.0-40-amd64"


def image(version, name=IMAGE):
    return package(name, version, source=SIGNED, source_version=version.replace("-", "+"))


def debian(listed, *rows, reboot=None, **more):
    held = feeds(*rows, indexes=(index(),), **more)
    return join(listed, held, reboot=reboot or {})


def kernel(version="", names=(IMAGE,), newest=""):
    """Return the fact `reboot` as far as verdicts need it."""
    told = {"running_version": version, "newest_version": newest}
    return {"kernel_packages": list(names), **{k: v for k, v in told.items() if v}}


def open_updates(found):
    return {(row["source"], row["verdict"], *row["cves"]) for row in found["security"]}


class TestKernel:
    """The signed image, the one that runs, those beside it, and what only sounds like one."""

    FIXED = fix("linux", "6.1.192-2", "CVE-2026-1111")

    def test_a_signed_kernel_is_compared_by_its_binary_version(self):
        """6.1.192+1, the source's version, is not older than 6.1.192-2 for dpkg."""
        found = debian([image("6.1.192-1")], self.FIXED, reboot=kernel("6.1.192-1"))

        assert open_updates(found) == {("linux", "update_pending", "CVE-2026-1111")}

    def test_the_mended_signed_kernel_is_fixed(self):
        found = debian([image("6.1.192-2")], self.FIXED, reboot=kernel("6.1.192-2"))

        assert found["security"] == found["restart"] == []
        assert found["verdicts"]["fixed"] == 1

    @pytest.mark.parametrize("installed", [IMAGE, "linux-image-6.1.0-41-amd64"])
    def test_a_mended_kernel_that_does_not_run_waits_for_a_restart(self, installed):
        """The rebuild under the same name is on the disk, or a newer one beside the old."""
        listed = [image("6.1.192-2", installed)]
        if installed != IMAGE:
            listed.append(image("6.1.192-1"))
        told = kernel("6.1.192-1", newest="6.1.192-2")

        found = debian(listed, self.FIXED, reboot=told)

        assert found["security"] == []
        (row,) = found["restart"]
        assert (row["source"], row["verdict"]) == ("linux", "installed_not_running")
        assert (row["have"], row["want"]) == ("6.1.192-1", "6.1.192-2")

    def test_the_parts_of_a_kernel_of_two_sources_are_one(self):
        """Ubuntu's image is of linux-signed, its modules are of linux."""
        names = ("linux-image-6.8.0-45-generic", "linux-modules-6.8.0-45-generic")
        listed = [
            package(names[0], "6.8.0-45.45", source="linux-signed"),
            package(names[1], "6.8.0-45.45", source="linux"),
            package("linux-image-6.8.0-40-generic", "6.8.0-40.40", source="linux-signed"),
        ]
        row = fix("linux", "6.8.0-47.47", "CVE-2026-1", os=JAMMY)
        waiting = entry("linux-image-6.8.0-45-generic", "6.8.0-45.46", "linux-signed")
        held = feeds(row, indexes=(index(waiting, os=JAMMY),))

        found = join(listed, held, JAMMY, reboot=kernel("6.8.0-45.45", names))

        assert open_updates(found) == {("linux", "update_pending", "CVE-2026-1")}
        assert found["verdicts"]["update_pending"] == 1

    @pytest.mark.parametrize(
        ("source", "name"),
        [
            ("linux-signed", "linux"),
            ("linux-signed-arm64", "linux"),
            ("linux-signed-6.1-amd64", "linux-6.1"),
            ("linux-6.1", "linux-6.1"),
            ("linux-signed-hwe-6.8", "linux-hwe-6.8"),
            ("linux-meta-hwe-6.8", "linux"),
            ("linux-aws-fips", "linux-aws-fips"),
            ("linux-fips", "linux-fips"),
            ("linux-firmware", ""),
            ("linux-base", ""),
            ("linux-atm", ""),
            ("linuxptp", ""),
        ],
    )
    def test_kernels_are_told_from_what_only_sounds_like_one(self, source, name):
        assert kernel_source(source) == name

    def test_old_kernels_beside_the_running_one_carry_no_weakness(self):
        listed = [image("6.1.192-2"), image("6.1.100-1", "linux-image-6.1.0-30-amd64")]

        found = debian(listed, self.FIXED, reboot=kernel("6.1.192-2"))

        assert found["security"] == found["restart"] == []

    @pytest.mark.parametrize(
        "listed",
        [
            package("linux-image-amd64", "6.1.99-1", source=SIGNED, source_version="6.1.99+1"),
            package("linux-image-amd64", "5.10.1", source="linux-latest"),
            package("linux-libc-dev", "6.1.99-1", source="linux"),
            package("linux-headers-6.1.0-30-amd64", "6.1.99-1", source="linux"),
            package("linux-kbuild-6.1", "6.1.99-1", source="linux"),
        ],
    )
    def test_metapackages_headers_and_libc_dev_carry_no_weakness(self, listed):
        found = debian([listed, image("6.1.192-2")], self.FIXED, reboot=kernel("6.1.192-2"))

        assert found["security"] == []
        assert found["verdicts"]["fixed"] == 1

    def test_a_container_has_no_kernel_of_its_own(self):
        found = debian([image("6.1.99-1")], self.FIXED, reboot={"kernel_packages": []})

        assert found["security"] == found["restart"] == []

    def test_what_a_live_patch_mends_waits_for_no_restart(self):
        row = fix("linux", "6.1.192-2", "CVE-2026-1111", "CVE-2026-2222")
        held = feeds(row, indexes=(index(),))

        found = join(
            [image("6.1.192-2")],
            held,
            reboot=kernel("6.1.192-1"),
            livepatch={"fixes": ["CVE-2026-1111"]},
        )

        assert [row["cves"] for row in found["restart"]] == [["CVE-2026-2222"]]
        assert found["verdicts"]["fixed"] == 1

    def test_a_live_patch_of_all_leaves_no_restart_and_is_not_remembered_for_others(self):
        held = feeds(self.FIXED, indexes=(index(),))
        told = kernel("6.1.192-1")

        first = join(
            [image("6.1.192-2")], held, reboot=told, livepatch={"fixes": ["CVE-2026-1111"]}
        )
        second = join([image("6.1.192-2")], held, reboot=told)

        assert (len(first["restart"]), len(second["restart"])) == (0, 1)

    def test_an_hwe_kernel_of_ubuntu_has_rows_of_its_own(self):
        listed = package(
            "linux-image-6.8.0-40-generic", "6.8.0-40.40~22.04.3", source="linux-signed-hwe-6.8"
        )
        rows = (
            fix("linux", "5.15.0-120.130", "CVE-2026-1", os=JAMMY),
            fix("linux-hwe-6.8", "6.8.0-45.45~22.04.1", "CVE-2026-2", os=JAMMY),
        )
        held = feeds(*rows, indexes=(index(os=JAMMY),))
        told = kernel("6.8.0-40.40~22.04.3", names=(listed["name"],))

        found = join([listed], held, os=JAMMY, reboot=told)

        assert open_updates(found) == {("linux-hwe-6.8", "update_pending", "CVE-2026-2")}

    def test_of_rpm_kernels_kept_side_by_side_only_the_running_one_counts(self):
        old = "kernel-core-5.14.0-362.8.1.el9_3"
        listed = [
            rpm("kernel-core", "5.14.0-503.1.1.el9_5", "kernel"),
            rpm(old, "5.14.0-362.8.1.el9_3", "kernel"),
        ]
        row = fix("kernel-core", "5.14.0-427.1.1.el9_4", "CVE-2026-3", os=ALMA)
        told = kernel("5.14.0-362.8.1.el9_3", names=(old,), newest="5.14.0-503.1.1.el9_5")

        found = join(listed, feeds(row), os=ALMA, reboot=told)

        assert found["security"] == []
        assert [row["verdict"] for row in found["restart"]] == ["installed_not_running"]

    def test_tools_that_come_with_an_rpm_kernel_are_packages_like_others(self):
        row = fix("bpftool", "7.2.0-427.el9", "CVE-2026-3", os=ALMA)

        found = join([rpm("bpftool", "7.2.0-362.el9", "kernel")], feeds(row), os=ALMA)

        assert open_updates(found) == {("kernel", "update_pending", "CVE-2026-3")}


class TestDebian:
    """Source versions, backports, states of the tracker, holds."""

    def test_the_source_version_is_compared_not_the_binary_one(self):
        """Bsdutils 1:2.38 is made of util-linux 2.38."""
        listed = package("bsdutils", "1:2.38.1-5", source="util-linux", source_version="2.38.1-5")

        found = debian([listed], fix("util-linux", "2.38.1-5+deb12u1"))

        assert found["security"][0]["packages"] == ["bsdutils"]
        assert debian([listed], fix("util-linux", "2.38.1-5"))["security"] == []

    def test_a_rebuild_of_the_mended_version_is_mended(self):
        listed = package("nginx", "1.22.1-9+b1", source="nginx", source_version="1.22.1-9")

        assert debian([listed], fix("nginx", "1.22.1-9"))["verdicts"]["fixed"] == 1

    @pytest.mark.parametrize(
        ("have", "verdict"),
        [("8.9p1-3~bpo12+1", "fixed"), ("8.9p1-2~bpo12+1", "update_pending")],
    )
    def test_a_backport_is_measured_by_the_release_it_comes_from(self, have, verdict):
        stable = fix("openssh", "9.9p1-1")
        unstable = fix("openssh", "8.9p1-3")

        found = debian(
            [package("openssh-server", have, source="openssh")],
            stable,
            unreleased={"openssh": (unstable,)},
        )

        assert found["verdicts"][verdict] == 1

    def test_a_backport_that_nothing_is_known_of_is_no_finding_of_stable(self):
        found = debian([package("openssh", "8.9p1-3~bpo12+1")], fix("openssh", "9.9p1-1"))

        assert found["security"] == []

    @pytest.mark.parametrize(
        ("state", "note", "verdict"),
        [
            (FixState.MINOR, "ignored", "open_minor"),
            (FixState.MINOR, "no-dsa", "open_minor"),
            (FixState.NO_FIX, "fix not shipped", "open_no_fix"),
            (FixState.UNDETERMINED, "", "undetermined"),
        ],
    )
    def test_what_no_update_mends_is_listed_apart(self, state, note, verdict):
        row = fix("zlib", "", "CVE-2023-45853", state=state, note=note)

        found = debian([package("zlib1g", "1:1.2.13", source="zlib")], row, kev=["CVE-2023-45853"])

        assert found["security"] == []
        assert found["verdicts"][verdict] == 1
        (listed,) = found["open"]
        assert (listed["verdict"], listed["note"]) == (verdict, note)
        assert listed["cves"] == listed["kev"] == ["CVE-2023-45853"]

    def test_not_affected_is_evidence_not_a_finding(self):
        found = debian(
            [package("zlib1g", "1", source="zlib")], fix("zlib", state=FixState.NOT_AFFECTED)
        )

        assert (found["security"], found["open"]) == ([], [])
        assert found["verdicts"]["not_affected"] == 1

    def test_a_held_package_is_pending_and_marked(self):
        (row,) = debian([package("openssl", "1", "hi")], fix("openssl", "2"))["security"]

        assert row["held"] is True

    def test_without_the_security_suite_the_remedy_is_another(self):
        held = feeds(fix("openssl", "2"), indexes=(index(entry("openssl", "2")),))

        (row,) = join([package("openssl", "1")], held, updates={"security_suite": False})[
            "security"
        ]

        assert (row["verdict"], row["suite"]) == ("update_not_enabled", "bookworm-security")

    @pytest.mark.parametrize("pattern", ["php-horde*", "php-horde-core"])
    def test_packages_whose_support_ended_early_are_told(self, pattern):
        ended = Support(
            distribution="debian", release="bookworm", package=pattern, ended=date(2025, 1, 1)
        )
        limited = Support(
            distribution="debian",
            release="bookworm",
            package="binutils",
            limited=True,
            note="local",
        )
        listed = [package("php-horde-core", "1"), package("binutils", "1"), package("zlib1g", "1")]

        found = debian(listed, support=(ended, limited))

        assert [(r["source"], r["limited"]) for r in found["unsupported"]] == [
            ("binutils", True),
            ("php-horde-core", False),
        ]
        assert found["verdicts"]["unsupported"] == 1

    def test_without_the_list_of_ended_support_none_is_called_supported(self):
        found = debian([package("zlib1g", "1")], held=LISTS[:2])

        assert "unsupported" not in found
        assert "debian-support" in found["gap"]["detail"]

    def test_what_the_vendor_calls_unsupported_is_told(self):
        row = fix("pdns", "", "CVE-2026-1", state=FixState.UNSUPPORTED, note="end-of-life")

        found = debian([package("pdns-server", "1", source="pdns")], row)

        assert [(r["source"], r["packages"], r["note"]) for r in found["unsupported"]] == [
            ("pdns", ["pdns-server"], "end-of-life")
        ]
        assert found["verdicts"]["unsupported"] == 1

    def test_support_that_ends_later_has_not_ended_and_ended_beats_limited(self):
        def support(name, **more):
            return Support(distribution="debian", release="bookworm", package=name, **more)

        rows = (
            support("pdns", ended=date(2027, 1, 1)),
            support("golang*", limited=True),
            support("golang-1.19", ended=date(2026, 1, 1)),
        )
        listed = [package("pdns", "1"), package("golang-1.19", "1")]

        held = feeds(indexes=(index(),), support=rows)

        for _ in range(2):
            found = join(listed, held)["unsupported"]

        assert [(row["source"], row["ended"][:10]) for row in found] == [
            ("golang-1.19", "2026-01-01")
        ]

    def test_third_party_packages_are_told_where_all_packages_are_known(self):
        main = index(entry("zlib1g", "1"), entry("linux-base", "4"), suite="bookworm")
        held = feeds(indexes=(index(), main))
        listed = [package("zlib1g", "1"), package("docker-ce", "5:20"), image("6.1.1-1")]

        for _ in range(2):
            found = join(listed, held)

        assert [row["name"] for row in found["third_party"]] == ["docker-ce"]
        assert (found["packages"], found["covered"], found["coverage"]) == (3, 2, 66)
        assert "gap" not in found

    def test_without_a_list_of_all_packages_coverage_is_not_known(self):
        found = debian([package("docker-ce", "1")])

        assert "coverage" not in found
        assert "third_party" not in found
        assert found["gap"]["detail"] == "no list of all packages is held"


class TestUbuntu:
    """Pockets: a fix counts where the version shows its line; what must be paid for is told."""

    ESM = fix("curl", "7.81.0-1ubuntu1.20+esm1", "CVE-2026-5", os=JAMMY, pocket="esm-infra")

    def judge(self, have, *rows, pockets=()):
        held = feeds(*rows, indexes=(index(os=JAMMY),))
        return join([package("curl", have)], held, os=JAMMY, updates={"pockets": list(pockets)})

    def test_without_a_list_nothing_is_known_of_what_only_pro_has(self):
        for held in ((), (feed(age=15),)):
            with pytest.raises(Unseen) as caught:
                join([package("curl", "7")], feeds(indexes=(index(os=JAMMY),), held=held), JAMMY)

            assert caught.value.why is (Why.STALE if held else Why.NO_DATA)

    FOCAL = system("ubuntu", "20.04", "focal")

    @pytest.mark.parametrize(
        ("pockets", "dated", "why"),
        [
            (["esm-infra"], 500, None),
            (["esm-infra"], 600, Why.STALE),
            (["esm-apps"], 500, Why.STALE),
            (["esm-apps"], 1, Why.UNSUPPORTED),
            ([], 1, Why.UNSUPPORTED),
        ],
    )
    def test_a_release_that_is_paid_for_is_supported_for_longer(self, pockets, dated, why):
        """Its index is what it was when it was given up; a still older one is stale."""
        end = (NOW - timedelta(days=540)).date()
        life = Release(
            distribution="ubuntu", codename="focal", version="20.04", released=None, eol=end,
            eol_extended=date(2030, 5, 31),
        )  # fmt: skip
        held = feeds(indexes=(index(os=self.FOCAL, age=dated),), releases=(life,))
        told = {"security_suite": True, "pockets": pockets}

        if why:
            with pytest.raises(Unseen) as caught:
                join([package("curl", "7")], held, self.FOCAL, updates=told)
            assert caught.value.why is why
            return
        found = join([package("curl", "7")], held, self.FOCAL, updates=told)
        assert (found["sure"], found["stale"], found["feeds"][0]["state"]) == (True, False, "fresh")

    @pytest.mark.parametrize(("pockets", "verdict"), [((), "update_pending"), (("esm-infra",), "")])
    def test_that_another_pockets_builds_are_not_affected_mends_nothing(self, pockets, verdict):
        rows = (
            fix("curl", "7.81.0-1ubuntu1.20", "CVE-2026-5", os=JAMMY),
            fix("curl", "", "CVE-2026-5", os=JAMMY, state=FixState.NOT_AFFECTED,
                pocket="esm-infra"),
        )  # fmt: skip

        found = self.judge("7.81.0-1ubuntu1.10", *rows, pockets=pockets)

        assert [row["verdict"] for row in found["security"]] == [verdict] * bool(verdict)

    def test_an_installed_esm_build_is_fixed(self):
        found = self.judge("7.81.0-1ubuntu1.20+esm1", self.ESM, pockets=["esm-infra"])

        assert found["verdicts"]["fixed"] == 1
        assert found["security"] == []

    @pytest.mark.parametrize(
        ("pockets", "verdict"),
        [
            ((), "update_not_enabled"),
            (("esm-apps",), "update_not_enabled"),
            (("esm-infra",), "update_pending"),
        ],
    )
    def test_a_fix_in_esm_alone_needs_the_pocket(self, pockets, verdict):
        (row,) = self.judge("7.81.0-1ubuntu1.20", self.ESM, pockets=pockets)["security"]

        assert (row["verdict"], row["suite"]) == (verdict, "esm-infra")

    def test_esm_that_is_not_told_apart_is_enabled_by_either_part(self):
        row = fix("curl", "7.81.0-1ubuntu1.20+esm1", "CVE-2026-5", os=JAMMY, pocket="esm")

        (action,) = self.judge("7.81.0-1ubuntu1.20", row, pockets=["esm-apps"])["security"]

        assert action["verdict"] == "update_pending"

    def test_the_fix_of_the_release_itself_comes_first(self):
        base = fix("curl", "7.81.0-1ubuntu1.21", "CVE-2026-5", os=JAMMY)

        (row,) = self.judge("7.81.0-1ubuntu1.20", self.ESM, base)["security"]

        assert (row["verdict"], row["want"]) == ("update_pending", "7.81.0-1ubuntu1.21")

    def test_a_build_of_another_line_is_no_measure(self):
        """A FIPS build is numbered lower than the release's own, which lacks the fix."""
        fips = fix(
            "curl", "7.81.0-1ubuntu1.10+Fips1", "CVE-2026-5", os=JAMMY, pocket="fips-updates"
        )
        base = fix("curl", "7.81.0-1ubuntu1.21", "CVE-2026-5", os=JAMMY)

        found = self.judge("7.81.0-1ubuntu1.20", fips, base)
        mended = self.judge("7.81.0-1ubuntu1.10+Fips1", fips, base)

        assert found["security"][0]["want"] == "7.81.0-1ubuntu1.21"
        assert mended["verdicts"]["fixed"] == 1

    @pytest.mark.parametrize("state", [FixState.FIXED, FixState.NO_FIX])
    @pytest.mark.parametrize("pocket", ["fips", "realtime", "bluefield"])
    def test_special_builds_say_nothing_of_a_target_without_them(self, pocket, state):
        row = fix("curl", "9", "CVE-2026-5", os=JAMMY, pocket=pocket, state=state)

        without = self.judge("7.81.0-1ubuntu1.20", row)
        attached = self.judge("7.81.0-1ubuntu1.20", row, pockets=[pocket])

        assert (without["security"], without["open"]) == ([], [])
        assert bool(attached["security"]) is (state is FixState.FIXED)

    def test_a_pocket_that_is_not_known_measures_nothing(self):
        row = fix("curl", "9", "CVE-2026-5", os=JAMMY, pocket="other")

        (action,) = self.judge("7", row, pockets=["other"])["security"]

        assert action["suite"] == "other"

    def test_updates_in_two_places_are_two_actions(self):
        base = fix("curl", "7.81.0-1ubuntu1.21", "CVE-2026-6", os=JAMMY)

        found = self.judge("7.81.0-1ubuntu1.20", self.ESM, base)

        assert {row["source"] for row in found["security"]} == {"curl", "curl (esm-infra)"}

    def test_an_advisory_without_a_number_is_told_by_its_name(self):
        row = self.ESM.__class__(
            distribution="ubuntu", release="jammy", package="curl", state=FixState.FIXED,
            version="9", key=b"\xff", pocket="esm-infra", advisory="USN-1-1",
        )  # fmt: skip

        (action,) = self.judge("7.81.0-1ubuntu1.20", row)["security"]

        assert (action["cves"], action["advisories"]) == ([], ["USN-1-1"])


class TestRpm:
    """Module streams, extended updates, vendors."""

    NODE20 = fix("nodejs", "1:20.11.1-1.module_el8.9.0+3765", "CVE-2026-7", os=ALMA)

    def judge(self, have, stream, fixed_stream):
        row = fix(
            "nodejs", "1:20.11.1-1.module_el8.9.0+3765", "CVE-2026-7", os=ALMA, stream=fixed_stream
        )
        return join([rpm("nodejs", have, stream=stream)], feeds(row), os=ALMA)

    @pytest.mark.parametrize(
        ("have", "stream", "fixed", "verdict"),
        [
            ("1:20.10.0-1.module_el8.9.0+3700", "nodejs:20", "nodejs:20", "update_pending"),
            ("1:20.11.1-1.module_el8.9.0+3765", "nodejs:20", "nodejs:20", "fixed"),
            ("1:18.20.0-1.module_el8.9.0+3700", "nodejs:18", "nodejs:20", None),
            ("1:18.20.0-1.module_el8.9.0+3700", "", "nodejs:20", "undetermined"),
            ("1:18.20.0-1.module_el8.9.0+3700", "nodejs:18", "?", "undetermined"),
            ("1:22.1.0-1.module_el8.9.0+3700", "", "nodejs:20", None),
            ("1:16.20.0-1.el9", "", "nodejs:20", None),
            ("1:16.20.0-1.module+el8", "nodejs:16", "", None),
        ],
    )
    def test_an_advisory_counts_within_its_own_stream(self, have, stream, fixed, verdict):
        found = self.judge(have, stream, fixed)

        assert (found["security"] != []) is (verdict == "update_pending")
        counted = {name: n for name, n in found["verdicts"].items() if n}
        assert counted == ({verdict: 1} if verdict else {})

    @pytest.mark.parametrize(
        ("have", "pockets", "verdict"),
        [
            ("3.0.7-18.el9_2.1", ("eus",), "fixed"),
            ("3.0.7-18.el9_2", ("eus",), "update_pending"),
            ("3.0.7-18.el9_2", (), "update_not_enabled"),
            ("3.0.9-20.el9_4", (), "update_not_enabled"),
        ],
    )
    def test_extended_updates_are_told_by_the_minor_release(self, have, pockets, verdict):
        row = fix("openssl", "3.0.7-18.el9_2.1", "CVE-2026-8", os=ALMA, pocket="eus")

        found = join(
            [rpm("openssl", have)], feeds(row), os=ALMA, updates={"pockets": list(pockets)}
        )

        assert found["verdicts"][verdict] == 1

    def test_a_build_that_an_advisory_names_tells_its_stream(self):
        """Without a label; the fix of nodejs:20 is no update of the newest nodejs:18."""
        build = "1:18.20.0-1.module_el8.9.0+3700"
        rows = (
            fix("nodejs", build, "CVE-2026-1", os=ALMA, stream="nodejs:18"),
            fix("nodejs", "1:20.11.1-1.module_el8.9.0+3765", "CVE-2026-2", os=ALMA,
                stream="nodejs:20"),
        )  # fmt: skip

        found = join([rpm("nodejs", build)], feeds(*rows), os=ALMA)

        assert {k: n for k, n in found["verdicts"].items() if n} == {"fixed": 1}

    def test_the_devel_part_of_a_module_belongs_to_it(self):
        version = "8.0-1.module_el8.9.0+1"
        row = fix("libvirt", "8.0-2.module_el8.9.0+2", "CVE-2026-1", os=ALMA, stream="virt:rhel")

        listed = [rpm("libvirt", version, stream="virt-devel:rhel")]

        assert join(listed, feeds(row), os=ALMA)["count"] == 1

    def test_what_is_not_mended_is_told_of_the_source_package(self):
        rows = (
            fix("openssl", "", "CVE-2026-1", os=ALMA, state=FixState.NO_FIX),
            fix("openssl", "9-9", "CVE-2026-2", os=ALMA),
            fix("kernel", "", "CVE-2026-3", os=ALMA, state=FixState.MINOR),
        )
        listed = [
            rpm("openssl-libs", "1:3-1", "openssl"),
            rpm("bpftool", "5.14.0-1.el9", "kernel"),
            rpm("kernel-core", "5.14.0-1.el9", "kernel"),
        ]
        told = kernel("5.14.0-1.el9", names=("kernel-core",))

        found = join(listed, feeds(*rows), os=ALMA, reboot=told)

        assert [(r["source"], r["verdict"], r["cves"]) for r in found["open"]] == [
            ("kernel", "open_minor", ["CVE-2026-3"]),
            ("openssl", "open_no_fix", ["CVE-2026-1"]),
        ]
        assert found["security"] == []
        assert found["verdicts"]["open_minor"] == 1

    @pytest.mark.parametrize(("have", "verdict"), [("1-2", "fixed"), ("1-1", "update_not_enabled")])
    def test_support_that_goes_on_measures_every_version(self, have, verdict):
        row = fix("curl", "1-2", "CVE-2026-1", os=ALMA, pocket="ltss")

        found = join([rpm("curl", have)], feeds(row), os=ALMA)

        assert found["verdicts"][verdict] == 1

    def test_no_epoch_is_zero(self):
        row = fix("bind", "32:9.16.23-18.el9", os=ALMA)

        assert join([rpm("bind", "9.16.23-18.el9")], feeds(row), os=ALMA)["count"] == 1

    def test_an_action_names_the_newest_of_its_fixes(self):
        rows = (
            fix("openssl", "1:3.0.7-25.el9", "CVE-2026-2", os=ALMA, issued=date(2026, 10, 1)),
            fix("openssl-libs", "1:3.0.7-27.el9", "CVE-2026-1", os=ALMA, issued=date(2026, 9, 1),
                advisory="ALSA-2026:1"),
            fix("openssl", "1:3.0.7-27.el9", "CVE-2026-1", os=ALMA, issued=date(2026, 11, 1)),
        )  # fmt: skip
        listed = [
            rpm("openssl", "1:3.0.7-20.el9"),
            rpm("openssl-libs", "1:3.0.7-20.el9", "openssl"),
        ]

        (row,) = join(listed, feeds(*rows), os=ALMA)["security"]

        assert row["want"] == "1:3.0.7-27.el9"
        assert row["packages"] == ["openssl", "openssl-libs"]
        assert row["cves"] == ["CVE-2026-1", "CVE-2026-2"]
        assert row["since"].startswith("2026-09-01")
        assert (row["suite"], row["advisories"]) == ("errata", ["ALSA-2026:1"])

    def test_packages_of_other_vendors_are_not_covered(self):
        listed = [
            rpm("bash", "5.1-1.el9"),
            rpm("docker-ce", "3:26-1.el9", vendor="Docker"),
            rpm("local", "1-1", vendor=""),
            rpm("gpg-pubkey", "b86b3716-61e69f29", vendor=""),
        ]

        found = join(listed, feeds(), os=ALMA)

        assert [row["name"] for row in found["third_party"]] == ["docker-ce", "local"]
        assert found["verdicts"]["not_covered"] == 2


class TestAlpine:
    """Matched by origin; a version "0" is not affected; nobody says whose a package is."""

    ALPINE = system("alpine", "3.19.1", arch="x86_64")

    def test_the_origin_is_looked_up(self):
        row = fix("openssl", "3.1.4-r6", "CVE-2026-9", os=self.ALPINE)
        listed = package("libssl3", "3.1.4-r5", "apk", source="openssl")

        found = join([listed], feeds(row), os=self.ALPINE)

        assert open_updates(found) == {("openssl", "update_pending", "CVE-2026-9")}
        assert found["security"][0]["packages"] == ["libssl3"]
        assert "coverage" not in found

    def test_a_mended_version_is_fixed(self):
        row = fix("openssl", "3.1.4-r6", "CVE-2026-9", os=self.ALPINE)

        found = join([package("libssl3", "3.1.4-r6", "apk", source="openssl")], feeds(row),
                     os=self.ALPINE)  # fmt: skip

        assert found["verdicts"]["fixed"] == 1


class TestData:
    """End of life, stale, missing and unbelieved data never pass."""

    BULLSEYE = system("debian", "11", "bullseye")
    LIFE = Release(
        distribution="debian", codename="bullseye", version="11", released=None,
        eol=date(2024, 8, 14), eol_lts=date(2026, 8, 31),
    )  # fmt: skip

    def unseen(self, *args, **more):
        with pytest.raises(Unseen) as caught:
            join(*args, **more)
        return caught.value

    def test_a_release_past_its_support_never_passes(self):
        held = feeds(indexes=(index(os=self.BULLSEYE),), releases=(self.LIFE,))

        gap = self.unseen([package("zlib1g", "1")], held, os=self.BULLSEYE)

        assert gap.why is Why.UNSUPPORTED
        assert "ended on 2026-08-31" in gap.detail

    @pytest.mark.parametrize("eol", [None, date(2026, 11, 24)])
    def test_the_last_day_of_support_is_support(self, eol):
        life = Release(
            distribution="debian", codename="bullseye", version="11", released=None, eol=eol
        )
        held = feeds(indexes=(index(os=self.BULLSEYE),), releases=(life,))

        assert join([package("zlib1g", "1")], held, os=self.BULLSEYE)["security"] == []

    def test_a_release_of_unknown_support_never_passes(self):
        held = feeds(indexes=(index(),), releases=(self.LIFE,))

        gap = self.unseen([package("zlib1g", "1")], held)

        assert gap.why is Why.NO_DATA
        assert "the support of Debian 12 is not known" in gap.detail

    def test_a_list_of_exploited_weaknesses_that_nobody_vouches_for_marks_nothing(self):
        held = (feed(), feed(FeedKind.KEV, trust=Trust.NONE), feed(FeedKind.SUPPORT))

        found = join([package("zlib1g", "1")], feeds(indexes=(index(),), held=held))

        assert "marked" not in found

    def test_a_server_whose_kernel_was_not_seen_never_passes(self):
        gaps = {"reboot": (Why.NO_DATA, "it is of no installed package")}
        held = feeds(indexes=(index(entry("zlib1g", "2")),))

        gap = self.unseen([package("zlib1g", "2")], held, gaps=gaps)
        found = join([package("zlib1g", "1")], held, gaps=gaps)

        assert gap.why is Why.NO_DATA
        assert gap.detail == "the running kernel was not compared: it is of no installed package"
        assert (found["count"], "sure" in found) == (1, False)

    def test_a_container_needs_no_kernel(self):
        gaps = {"reboot": (Why.NO_DATA, "not told")}

        found = join(
            [package("zlib1g", "1")], feeds(indexes=(index(),)), OS | {"container": True}, gaps
        )

        assert found["sure"] is True

    @pytest.mark.parametrize(
        ("container", "parts", "names"),
        [(False, (), ["docker-ce", "kernel"]), (True, (), ["docker-ce"]),
         (False, (IMAGE,), ["docker-ce"])],
    )  # fmt: skip
    def test_a_kernel_of_no_package_is_not_the_distributors(self, container, parts, names):
        held = feeds(indexes=(index(), index(entry("zlib1g", "1"), suite="bookworm")))
        told = {"kernel_packages": list(parts), "running": "6.6.87-own"}
        listed = [package("zlib1g", "1"), package("docker-ce", "5")]

        found = join(listed, held, OS | {"container": container}, reboot=told)

        assert [row["name"] for row in found["third_party"]] == names
        assert found["verdicts"]["not_covered"] == len(names)
        assert (found["packages"], found["covered"]) == (2, 1)

    @pytest.mark.parametrize(
        ("told", "reached"),
        [
            ({"security_suite": True, "pockets": []}, True),
            ({"security_suite": True}, False),
            ({"pockets": []}, False),
        ],
    )
    def test_what_a_target_can_get_is_known_where_its_sources_were_seen(self, told, reached):
        main = index(suite="bookworm")

        found = join([package("zlib1g", "1")], feeds(indexes=(index(), main)), updates=told)

        assert found.get("reached", False) is reached
        assert found["sure"] is True
        assert ("sources" if reached else "was not seen") in found.get("gap", {}).get(
            "detail", "sources"
        )

    def test_backports_are_not_compared_without_the_list_of_the_unstable_release(self):
        listed = [package("openssh", "9.9p1-3~bpo12+1")]
        lists = [feed(release="bookworm"), feed(FeedKind.KEV), feed(FeedKind.SUPPORT)]
        sid = feed(release="sid", name="sid")

        gap = self.unseen(listed, feeds(indexes=(index(),), held=lists))
        none = self.unseen(
            listed, feeds(indexes=(index(),), held=[*lists, changed(sid, trust=Trust.NONE)])
        )
        found = join(listed, feeds(indexes=(index(),), held=[*lists, sid]))

        assert gap.detail.startswith("backports were not compared")
        assert none.detail == gap.detail
        assert found["sure"] is True

    def test_what_is_pending_is_found_on_a_release_past_its_support(self):
        held = feeds(
            indexes=(index(entry("zlib1g", "2"), os=self.BULLSEYE),), releases=(self.LIFE,)
        )

        assert join([package("zlib1g", "1")], held, os=self.BULLSEYE)["count"] == 1

    @pytest.mark.parametrize(
        ("held", "why", "words"),
        [
            ((), Why.NO_DATA, "no list of weaknesses for almalinux 9"),
            ((feed(trust=Trust.NONE),), Why.NO_DATA, "feeds update"),
            ((feed(age=15),), Why.STALE, "too old"),
            ((feed(), feed(age=15, name="old")), Why.STALE, "the list old"),
            ((feed(age=-2),), Why.STALE, "clock is behind"),
        ],
    )
    def test_without_fresh_errata_nothing_is_clean(self, held, why, words):
        gap = self.unseen([rpm("bash", "5-1")], feeds(held=held), os=ALMA)

        assert (gap.why, words in gap.detail) == (why, True)

    @pytest.mark.parametrize(
        ("held", "sure", "marked"),
        [
            (LISTS, True, True),
            ((feed(age=15), *LISTS[1:]), False, False),
            (LISTS[:1], True, False),
        ],
    )
    def test_what_the_data_cannot_show_is_a_missing_leaf(self, held, sure, marked):
        found = join([rpm("bash", "5-1")], feeds(fix("bash", "6-1", os=ALMA), held=held), os=ALMA)

        assert (found.get("sure", False), found.get("marked", False)) == (sure, marked)
        assert ("gap" in found) is not (sure and marked)

    def test_old_errata_still_prove_what_is_missing(self):
        row = fix("bash", "6-1", os=ALMA)

        found = join([rpm("bash", "5-1")], feeds(row, held=(feed(age=15),)), os=ALMA)

        assert (found["count"], found["stale"]) == (1, True)

    @pytest.mark.parametrize(
        ("held", "detail"),
        [
            ((), "no list of weaknesses"),
            ((feed(),), "no catalogue of exploited weaknesses"),
            ((feed(), feed(FeedKind.KEV, age=11)), "the list kev is of"),
            ((feed(age=15), feed(FeedKind.KEV)), "the list advisories is of"),
        ],
    )
    def test_no_mark_of_kev_is_no_proof_without_fresh_lists(self, held, detail):
        held = feeds(indexes=(index(entry("zlib1g", "2")),), held=held)

        (row,) = join([package("zlib1g", "1")], held)["security"]

        assert "kev" not in row
        assert detail in row["gap"]["detail"]

    def test_a_mark_of_kev_stands_whatever_its_age(self):
        held = feeds(
            fix("zlib1g", "2", "CVE-2026-4"), indexes=(index(),), held=(feed(age=15),),
            kev=["CVE-2026-4"],
        )  # fmt: skip

        (row,) = join([package("zlib1g", "1")], held)["security"]

        assert row["kev"] == ["CVE-2026-4"]

    def test_feeds_are_told_with_their_age_and_trust(self):
        found = join([package("zlib1g", "1")], feeds(indexes=(index(),)))

        assert [(f["name"], f["state"], f["trust"]) for f in found["feeds"]] == [
            ("bookworm-security amd64", "fresh", "signed"),
            ("advisories", "fresh", "tls"),
            ("kev", "fresh", "tls"),
            ("support", "fresh", "tls"),
        ]
        assert found["feeds"][0]["age"] == timedelta(days=1).total_seconds()

    def test_every_verdict_has_its_number(self):
        found = join([package("zlib1g", "1")], feeds(indexes=(index(),)))

        assert len(found["verdicts"]) == 11
        assert LISTS[0].freshness(NOW) == "fresh"
        assert OS["id"] == "debian"


def test_the_signed_list_and_the_vendors_rows_are_one_action():
    listed = [package("libssl3", "1", source="openssl"), package("openssl", "1")]
    held = feeds(
        fix("openssl", "2", "CVE-2026-1", issued=date(2026, 11, 1)),
        indexes=(index(entry("libssl3", "2", "openssl")),),
    )

    (row,) = join(listed, held)["security"]

    assert (row["packages"], row["cves"]) == (["libssl3"], ["CVE-2026-1"])
    assert row["since"].startswith("2026-11-01")


def test_without_the_signed_list_all_of_a_source_package_is_named():
    listed = [package("libssl3", "1", source="openssl"), package("openssl", "1")]

    (row,) = debian(listed, fix("openssl", "2", "CVE-2026-1"))["security"]

    assert row["packages"] == ["libssl3", "openssl"]


def test_every_ruling_can_be_told_closed_ones_too():
    rows = (fix("zlib", "1", "CVE-2026-1"), fix("zlib", "3", "CVE-2026-2"))
    zlib = Installed("zlib1g", "2", "zlib", "2")
    bookworm = System(distribution="debian", release="bookworm", arch="amd64")

    told = list(judge(bookworm, feeds(*rows), units(bookworm, [zlib])))

    assert [(r.verdict, r.cves) for r in told] == [
        (Verdict.FIXED, ("CVE-2026-1",)),
        (Verdict.UPDATE_PENDING, ("CVE-2026-2",)),
    ]
