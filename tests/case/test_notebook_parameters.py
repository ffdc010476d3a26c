"""Parameters that a notebook is given, as papermill gives them."""

from __future__ import annotations

from typing import Any

import pytest
from papermill.translators import translate_parameters

from kit.case.notebook_parameters import parameters_cell
from kit.case.options import CaseOptions
from kit.facts.errors import UsageError


def namespace_of(**parameters: Any) -> dict[str, Any]:
    """What a kernel knows when papermill has set these parameters: the values, and the cells that were run."""
    setting = translate_parameters("python3", "python", parameters, "Parameters")
    namespace: dict[str, Any] = {"In": ["", parameters_cell(), setting]}
    for source in namespace["In"]:
        exec(source, namespace)
    return namespace


def test_values_are_taken_from_the_notebook() -> None:
    options = CaseOptions.of_notebook(namespace_of(tests="tests/test_a.py", workers="2", case=17))

    assert (options.tests, options.workers, options.case) == (("tests/test_a.py",), 2, "17")
    assert (options.target, options.timeout_s) == (".", None)


@pytest.mark.parametrize(("name", "meant"), [("targt", "target"), ("Target", "target"), ("report_dir", "reports_dir")])
def test_a_misspelt_parameter_is_refused_with_the_nearest_name(name: str, meant: str) -> None:
    with pytest.raises(UsageError, match=f'There is no parameter "{name}"; did you mean {meant}\\?'):
        CaseOptions.of_notebook(namespace_of(**{name: "x"}))


def test_a_parameter_that_is_like_no_other_is_refused_with_all_names() -> None:
    with pytest.raises(UsageError, match='There is no parameter "colour"; there are target, case, python, tests, '):
        CaseOptions.of_notebook(namespace_of(colour="red"))


def test_what_a_user_has_set_in_a_cell_of_their_own_is_no_parameter() -> None:
    namespace = namespace_of()
    namespace["In"].append("tagret = 3")
    namespace["tagret"] = 3

    assert CaseOptions.of_notebook(namespace) == CaseOptions.of()


def test_without_a_history_of_cells_only_the_values_are_taken() -> None:
    assert CaseOptions.of_notebook({"workers": 3, "pd": object()}).workers == 3
