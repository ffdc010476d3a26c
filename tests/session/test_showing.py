"""How a table of an answer looks: outcomes, names in code, missing values."""

from __future__ import annotations

import pandas as pd

from kit.session import showing


def shown(name: str, *values: object) -> str:
    return showing.table(pd.DataFrame({name: list(values)}))


def test_every_spelling_of_an_outcome_has_its_colour() -> None:
    for name in ("outcome", "before", "now"):
        for value in ("timed_out", "timed out"):
            assert f"{showing.dot('timed_out')}<nobr>timed out</nobr>" in shown(name, value)


def test_another_column_with_such_a_word_has_none() -> None:
    assert "kit-o" not in shown("stage", "failed")


def test_a_long_path_breaks_where_a_part_of_it_ends() -> None:
    assert "backend/<wbr>app/<wbr>some_module/<wbr>models.py:17" in shown(
        "where", "backend/app/some_module/models.py:17"
    )
    assert "tests/<wbr>test_prices.py::<wbr>test_double" in shown("test", "tests/test_prices.py::test_double")


def test_several_paths_break_between_each_other() -> None:
    assert "<nobr>backend/app/auth.py:21</nobr>, <nobr>backend/app/users.py:17</nobr>" in shown(
        "where", "backend/app/auth.py:21, backend/app/users.py:17"
    )


def test_markup_of_the_target_stays_text() -> None:
    assert "&lt;/b&gt;" in shown("test", "tests/test_a.py::test_of[</b></b></b></b>]").replace("<wbr>", "")


def test_yes_and_no_stand_for_truth_values() -> None:
    html = shown("recommended", True, False)

    assert "<td>yes</td>" in html
    assert "<td>no</td>" in html


def test_a_missing_number_stands_below_the_others() -> None:
    assert '<td class="kit-d">&ndash;</td>' in shown("waiting", 3.0, None)
