"""The suite of the sample case: 5,069 tests with their outcomes, and their groups."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kit.facts.failures import Failure, Group, Grouping, Phase, Signature
from kit.facts.outcomes import Outcome
from kit.facts.suite import CollectedTest, SuiteFacts, TestResult
from tests.report.sample_case import AREAS
from tests.report.sample_failures import (
    CATEGORIES,
    DUPLICATE_INDEX,
    FASTAPI,
    FOLLOW_ON,
    MULTIPLE_CLASSES,
    plain,
)

#: files that the refused annotation keeps from being collected
UNCOLLECTABLE = ("backend/tests/test_main.py", "backend/tests/test_exports.py")


#: a test that was run once more, failed then too, and left processes behind
NOTED = "backend/tests/test_messages.py::test_text_0"


class SuiteBuilder:
    """Tests with their outcomes, and the groups that their failures belong to."""

    def __init__(self) -> None:
        self.results: list[TestResult] = []
        self.failures: dict[str, Failure] = {}
        self.members: dict[str, list[str]] = {}

    def add(
        self,
        path: str,
        function: str,
        number: int,
        outcome: Outcome = "passed",
        failure: Failure | None = None,
        group: str = "",
        reason: str | None = None,
    ) -> None:
        """Add ``number`` cases of a test; one case has no parameters."""
        for index in range(number):
            name = f"{path}::{function}" + (f"[{AREAS[index % 11]}-{index}]" if number > 1 else "")
            phase: Phase | None = failure.phase if failure else "call"
            seconds = 30.0 if outcome == "timed_out" else 0.001 + (len(self.results) % 37) / 900
            identity = failure.id if failure else None
            self.results.append(TestResult(name, path, outcome, phase, seconds, identity, reason, 10 + index))
            if failure:
                self.failures[failure.id] = failure
            if group:
                self.members.setdefault(group, []).append(name)

    def suite(self, **changes: Any) -> SuiteFacts:
        """What was built, as facts of a suite."""
        tests = tuple(CollectedTest(one.nodeid, one.path, one.line) for one in self.results)
        return SuiteFacts(tests=tests, results=tuple(self.results), failures=self.failures, **changes)


def group(
    identity: str, category: str, failure: Failure, members: list[str], first_hand: int | None = None, **more: Any
) -> Group:
    """The group of a failure that ``members`` share."""
    root = failure.chain[-1]
    own = [one for one in root.frames or failure.raised.frames if one.owner == "own"]
    signature = Signature(root.type, root.message, f"{own[-1].path}:{own[-1].function}" if own else None, failure.phase)
    return Group(
        id=identity,
        signature=signature,
        category=category,
        count=len(members),
        first_hand=len(members) if first_hand is None else first_hand,
        sample_tests=tuple(members[:2]),
        tests=tuple(members),
        failure_ids=(failure.id, *more.pop("failure_ids", ())),
        why=f"Same root exception {root.type}, same message after its values are replaced, phase {failure.phase}.",
        example=root.message,
        **more,
    )


def _blocked(suite: SuiteBuilder) -> None:
    """3,650 tests that stop at the database fixture, in 25 files; 1,300 of them in two."""
    for path, number in (("backend/tests/test_paper_orders.py", 700), ("backend/tests/test_copy_trading.py", 600)):
        suite.add(path, "test_fill_price_is_rounded", number, "error", DUPLICATE_INDEX, "g-index")
    for index in range(23):
        path = f"backend/tests/test_{AREAS[index % 11]}_service_{index // 11 + 1}.py"
        number = 102 if index < 22 else 2350 - 22 * 102
        suite.add(path, "TestService::test_limit_is_kept", number, "error", DUPLICATE_INDEX, "g-index")


def _others(suite: SuiteBuilder) -> dict[str, tuple[str, Failure]]:
    """Failures of the other kinds: about thirty distinct ones. Group id to category and failure."""
    made: dict[str, tuple[str, Failure]] = {}
    kinds: tuple[tuple[str, str, str, int, str], ...] = (
        (
            "datetime",
            "TypeError",
            "can't subtract offset-naive and offset-aware datetimes",
            96,
            "backend/app/reports/periods.py:31",
        ),
        (
            "datetime",
            "TypeError",
            "can't compare offset-naive and offset-aware datetimes",
            31,
            "backend/app/quotas/windows.py:18",
        ),
        (
            "route-missing",
            "AssertionError",
            "assert 404 == 200\n +  where 404 = <Response [404 Not Found]>.status_code",
            24,
            "",
        ),
        (
            "feature-switch",
            "AssertionError",
            "assert False is True\n +  where False = Settings(copy_trading=False).copy_trading",
            18,
            "",
        ),
        ("optional-package", "ModuleNotFoundError", "No module named 'web3'", 12, "backend/app/web3/chain.py:4"),
    )
    for index, (category, kind, message, number, own) in enumerate(kinds):
        path = f"backend/tests/test_{category.replace('-', '_')}_{index}.py"
        failure = plain(
            f"f-{index}", kind, message, f"{path}:{20 + index}", "test_case", "assert result.age() > limit", own
        )
        suite.add(path, "test_case", number, "failed", failure, f"g-{index}")
        made[f"g-{index}"] = (category, failure)
    for index in range(20):
        expected = f"assert 'order {index} was filled' == 'order {index} was filled completely'"
        path = "backend/tests/test_messages.py"
        failure = plain(
            f"t-{index}",
            "AssertionError",
            expected,
            f"{path}:{12 + 6 * index}",
            f"test_text_{index}",
            "assert note.text == wanted",
        )
        suite.add(path, f"test_text_{index}", 1, "failed", failure, f"g-text-{index}")
        if suite.results[-1].nodeid == NOTED:
            suite.results[-1] = replace(suite.results[-1], alone="fails", leaked=("redis-server",))
        made[f"g-text-{index}"] = ("assertion-text", failure)
    return made


def built_suite() -> tuple[SuiteBuilder, dict[str, tuple[str, Failure]]]:
    suite = SuiteBuilder()
    for index in range(12):
        suite.add(f"backend/tests/unit/test_{AREAS[index % 11]}_rules_{index}.py", "test_rule_holds", 91)
    suite.add("backend/tests/test_quotas.py", "test_default_quota", 1, "failed", MULTIPLE_CLASSES, "g-multiple")
    suite.add("backend/tests/test_quotas.py", "test_quota_is_used_up", 60, "failed", FOLLOW_ON, "g-multiple")
    _blocked(suite)
    others = _others(suite)
    hang = plain(
        "f-hang",
        "TimeoutError",
        "no progress",
        "backend/tests/test_decisions.py:77",
        "test_queue_drains",
        "queue.join()",
    )
    suite.add(
        "backend/tests/test_decisions.py",
        "test_queue_drains",
        1,
        "timed_out",
        hang,
        "g-hang",
        "timed out after 30 s in call",
    )
    suite.add("backend/tests/test_admin.py", "test_shutdown", 1, "crashed", None, "g-crash", "exited with 3")
    suite.add("backend/tests/test_web3.py", "test_chain_id", 12, "skipped", None, "", "needs a node: set WEB3_URL")
    suite.add("backend/tests/test_web3.py", "test_gas_estimate", 3, "xfailed", None, "", "gas model is not calibrated")
    suite.add("backend/tests/test_web3.py", "test_gas_limit", 1, "xpassed")
    suite.add("backend/tests/unit/test_decimal.py", "test_rounding", 5069 - len(suite.results))
    return suite, others


def grouped(suite: SuiteBuilder, others: dict[str, tuple[str, Failure]]) -> Grouping:
    members = suite.members
    groups = [
        group("g-index", "table-defined-twice", DUPLICATE_INDEX, members["g-index"]),
        group(
            "g-multiple", "mapper-registry", MULTIPLE_CLASSES, members["g-multiple"], 1, failure_ids=("f-follow-on",)
        ),
        group("g-fastapi", "api-framework", FASTAPI, [], files=UNCOLLECTABLE),
        group("g-hang", "timed-out", suite.failures["f-hang"], members["g-hang"]),
        *(group(key, category, failure, members[key]) for key, (category, failure) in others.items()),
    ]
    crash = Signature("Crash", "exited with 3", None, "call")
    groups.append(Group("g-crash", crash, "crashed", 1, 1, tuple(members["g-crash"]), tuple(members["g-crash"])))
    groups.sort(key=lambda one: (-one.count, -len(one.files)))
    counts = {key: [one.count for one in groups if one.category == key] for key in CATEGORIES}
    return Grouping(
        groups=tuple(groups),
        categories=tuple((CATEGORIES[key], sum(tests)) for key, tests in counts.items() if tests),
        group_of={test: one.id for one in groups for test in (*one.tests, *one.files)},
    )
