"""Every option is declared once: what is made of the declarations, and what is checked against them."""

from __future__ import annotations

import ast
from dataclasses import fields

import click
import pytest

from kit.case.notebook_parameters import parameters_cell
from kit.case.options import EXTRA_WORKERS, CaseOptions
from kit.cli.investigate import command as investigate
from kit.cli.run import command as run
from kit.facts.parameters import CASE_PARAMETERS, RUN_PARAMETERS
from kit.suite.options import RunOptions

#: what the suite is told by kit itself, and what is asked for outside of the table ``run``
KNOWN = {"begins_alone", "earlier", "overlays", "overlays_if_written"}
OF_A_CASE = {"workers", "timeout_s"}


def test_the_options_of_a_case_are_the_declared_ones_with_their_defaults() -> None:
    declared = {parameter.name: parameter.default for parameter in CASE_PARAMETERS}

    assert {field.name: getattr(CaseOptions(), field.name) for field in fields(CaseOptions)} == declared


def test_the_options_of_a_run_are_the_declared_ones_with_their_defaults() -> None:
    declared = {parameter.name: parameter.default for parameter in RUN_PARAMETERS}
    usual = {field.name: getattr(RunOptions(), field.name) for field in fields(RunOptions)}

    assert declared.keys() == usual.keys() - KNOWN - OF_A_CASE
    assert declared.pop("extra_workers") is None, "it depends on --workers"
    assert CaseOptions().run_options().extra_workers == EXTRA_WORKERS
    assert CaseOptions(workers=2).run_options().extra_workers == 0
    assert declared.pop("records") is CaseOptions().run_options().records is True, "only runs of a case are recorded"
    assert {name: dict(usual[name]) if name == "timeouts" else usual[name] for name in declared} == declared


@pytest.mark.parametrize(
    ("command", "left_out"),
    [(run, {"target", "run", "trial_budget_s"}), (investigate, {"target", "run"})],
    ids=["run", "investigate"],
)
def test_a_command_has_every_declared_option_with_its_help(command: click.Command, left_out: set[str]) -> None:
    options = {each.name: each for each in command.params if isinstance(each, click.Option)}
    declared = [each for each in (*CASE_PARAMETERS, *RUN_PARAMETERS) if each.name not in left_out]

    for parameter in declared:
        option = options[parameter.name]
        assert "/".join([*option.opts, *option.secondary_opts]) == parameter.option
        assert option.help == f"{parameter.help[0].upper()}{parameter.help[1:]}."
        assert parameter.help[-1] not in ".;", "the sentence is made of it"


def test_the_cell_of_a_notebook_sets_every_parameter_to_its_default() -> None:
    namespace: dict[str, object] = {}
    exec(parameters_cell(), namespace)

    assert CaseOptions.of_notebook(namespace) == CaseOptions.of()
    named = [node.target.id for node in ast.parse(parameters_cell()).body if isinstance(node, ast.AnnAssign)]
    assert named == [parameter.name for parameter in CASE_PARAMETERS]
