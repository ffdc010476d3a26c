"""What a person asks for: the options of one case, checked."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.case.converting import converted, run_values
from kit.case.file_names import check_case_name
from kit.case.notebook_parameters import check_names, has_parameters
from kit.facts.errors import UsageError
from kit.facts.parameters import CASE_PARAMETERS
from kit.facts.spelling import did_you_mean
from kit.masking import mask
from kit.suite import EarlierRuns, RunOptions

if TYPE_CHECKING:
    from kit.failures import Rule

_PARAMETERS = {parameter.name: parameter for parameter in CASE_PARAMETERS}

#: how many processes run tests when nobody says so, and how many may join them while they wait for something
WORKERS, EXTRA_WORKERS = 2, 2

#: carries the store's URL to the notebooks: a parameter would show its password in the executed copies
STORE_URL_VARIABLE = "KIT_STORE_URL"


@dataclass(frozen=True)
class CaseOptions:
    """The options of one case, under the names, with the defaults and the meanings of
    :data:`~kit.facts.parameters.CASE_PARAMETERS`.
    """

    target: str = "."
    case: str = ""
    python: str = ""
    tests: tuple[str, ...] = ()
    app: tuple[str, ...] = ()
    timeout_s: float | None = None
    workers: int = 0
    reports_dir: str = ""
    store_url: str = ""
    run: dict[str, Any] = field(default_factory=dict)
    categories: str = ""
    trial_budget_s: float = 600.0

    @classmethod
    def of(cls, target: str | os.PathLike[str] = ".", **values: object) -> CaseOptions:
        """Convert the values, check them, and keep them.

        Raises :class:`UsageError` with a sentence for the first value that cannot be used.
        """
        given = {"target": target or ".", **values}
        for name in given:
            if name not in _PARAMETERS:
                raise UsageError(f'There is no parameter "{name}"{did_you_mean(name, _PARAMETERS)}')
        kept = {name: converted(_PARAMETERS[name], value) for name, value in given.items()}
        kept["run"] = run_values(kept.get("run") or {})
        kept["store_url"] = kept.get("store_url") or os.environ.get(STORE_URL_VARIABLE, "")
        if file := kept.get("categories"):
            kept["categories"] = str(Path(file).expanduser().resolve())  # notebooks run in another folder
        options = cls(**kept)
        options._check()
        return options

    @classmethod
    def of_notebook(cls, namespace: Mapping[str, Any]) -> CaseOptions:
        """The options that the parameter cells of a notebook have set; ``namespace`` is its ``globals()``.

        Raises :class:`UsageError` for a parameter that does not exist, and for what :meth:`of` refuses.
        """
        check_names(namespace, _PARAMETERS)
        return cls.of(**{name: namespace[name] for name in _PARAMETERS if name in namespace})

    @staticmethod
    def has_parameters(namespace: Mapping[str, Any]) -> bool:
        """Whether a notebook has run a cell that declares or sets parameters; ``namespace`` is its ``globals()``."""
        return has_parameters(namespace)

    def with_values_of(self, other: CaseOptions, names: Collection[str]) -> CaseOptions:
        """These options with the values that ``other`` has for ``names``, be they of a case or of its run."""
        kept = {name: value for name, value in self.run.items() if name not in names}
        run = kept | {name: value for name, value in other.run.items() if name in names}
        own = {one.name: getattr(other, one.name) for one in fields(self) if one.name in names}
        return replace(self, **{**own, "run": run})

    def _check(self) -> None:
        if self.case:
            check_case_name(self.case, self.store_url)
        self.run_options()
        if cluster := self.run.get("cluster"):
            from kit.suite import check_cluster  # Dask is not for everybody

            check_cluster(cluster)
        self.own_categories()

    def own_categories(self) -> tuple[Rule, ...]:
        """The user's own categories. Raises :class:`UsageError` that says what is wrong in their file."""
        if not self.categories:
            return ()
        from kit.failures import load_categories  # half of kit's imports: not for options that need none of it

        return load_categories(self.categories)

    def run_options(
        self,
        earlier: EarlierRuns | None = None,
        *,
        shares: bool = False,
        overlays: bool = False,
        overlays_help: bool = True,
    ) -> RunOptions:
        """How the tests are run, given what ``earlier`` runs have shown.

        ``shares``: tests share files or a database. ``overlays``: these tests can be kept apart (see
        :attr:`may_have_overlays`). ``overlays_help``: nothing is known that speaks against trying that.

        Raises :class:`UsageError` for a value that cannot be.
        """
        more = dict(self.run)
        timeouts = tuple(more.pop("timeouts", {}).items())
        records = more.pop("records", True) and not more.get("coverage") and not more.get("cluster")
        most = 1 if shares and not overlays else WORKERS
        is_free = not self.workers and most > 1
        return RunOptions(
            workers=self.workers or most,
            extra_workers=more.pop("extra_workers", EXTRA_WORKERS if is_free else 0),
            begins_alone=is_free and "extra_workers" not in self.run,
            timeout_s=self.timeout_s,
            timeouts=timeouts,
            overlays=overlays and not self.workers,
            overlays_if_written=overlays_help and self.may_have_overlays,
            earlier=earlier or EarlierRuns(),
            records=records,
            **more,
        )

    @property
    def may_have_overlays(self) -> bool:
        """Whether workers may see only their own changes to the files: nobody asks for a number of them, they are on
        this machine, and what fails because it needs the changes of others is run once more.
        """
        return not self.workers and not self.run.get("cluster") and self.run.get("recheck_s") != 0

    def parameters(self) -> dict[str, Any]:
        """The values as the notebooks take them, without the store's URL."""
        values = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "store_url"}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}

    def recorded(self) -> dict[str, Any]:
        """The values as the case records them."""
        return self.parameters() | self.of_its_place()

    def of_its_place(self) -> dict[str, str]:
        """The recorded values that say where the case is kept: a password in the URL of its store is masked."""
        return {"reports_dir": self.reports_dir} | ({"store_url": mask(self.store_url)} if self.store_url else {})
