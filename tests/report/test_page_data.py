"""Packed data of a page: looked at before it is packed, and not by what letters it happens to have then."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kit.masking import refuse
from kit.masking.gate import LeakError
from kit.report import write_report
from kit.report.page_data import packed, without_data
from tests.report import samples

TOKEN = "ghp_0123456789abcdefghij0123456789abcdef"


def test_letters_of_packed_data_that_look_like_a_secret_do_not_keep_a_page_from_being_written(tmp_path: Path) -> None:
    page = write_report(samples.clear(), tmp_path).read_text("utf-8")
    packed_parts = re.findall(r'<script type="text/plain" id="[\w-]+">([^<]+)<', page)
    assert len(packed_parts) == 2, "the tests, and what is there to be copied"
    for part in packed_parts:
        unlucky = page.replace(part, part[:40] + "/oy2h4rksuaaytiyhjtinge6u7vbh5ewsen1uczotrhgykz+" + part[40:])
        with pytest.raises(LeakError):
            refuse("page", unlucky)
        refuse("page", without_data(unlucky))


def test_a_secret_beside_packed_data_is_found_in_its_line(tmp_path: Path) -> None:
    page = write_report(samples.clear(), tmp_path).read_text("utf-8")
    lines = [*page.split("\n"), TOKEN]

    with pytest.raises(LeakError, match=f"line {len(lines)} would show"):
        refuse("page", without_data("\n".join(lines)))


def test_data_that_holds_a_secret_is_not_packed() -> None:
    with pytest.raises(LeakError, match=r"^The data of incident\.html was not written"):
        packed({"ids": ["test_login", TOKEN]})
