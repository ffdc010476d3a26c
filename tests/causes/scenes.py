"""Small suites and inventories for the tests of causes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kit.causes import find_causes
from kit.facts.causes import Cause
from kit.facts.failures import Failure
from kit.facts.inventory import CollidingClass, Collision, Finding, InventoryFacts, MappedClass
from kit.facts.outcomes import Outcome
from kit.facts.places import Location
from kit.facts.suite import CollectedTest, CollectionError, SuiteFacts, TestResult
from kit.failures import group_failures


def result(
    nodeid: str, failure: Failure | None = None, *, outcome: Outcome | None = None, **more: object
) -> TestResult:
    """The result of a test that failed in its failure's phase, or had that outcome."""
    told = outcome or ("passed" if failure is None else "failed" if failure.phase == "call" else "error")
    phase = failure.phase if failure else "call"
    identity = failure.id if failure else None
    return TestResult(nodeid, nodeid.partition("::")[0], told, phase, failure=identity, **more)  # type: ignore[arg-type]


def suite(results: Iterable[TestResult], failures: Iterable[Failure] = (), **uncollectable: Failure) -> SuiteFacts:
    """A suite of these results; keywords are files (``test_x`` is ``tests/test_x.py``) that cannot be collected."""
    results = tuple(results)
    return SuiteFacts(
        tests=tuple(CollectedTest(one.nodeid, one.path) for one in results),
        results=results,
        failures={failure.id: failure for failure in failures},
        collection_errors=tuple(
            CollectionError(f"tests/{name}.py", failure) for name, failure in uncollectable.items()
        ),
    )


def causes_of(facts: SuiteFacts | None, inventory: InventoryFacts | None = None) -> tuple[Cause, ...]:
    """The causes of a suite, grouped as it is."""
    return find_causes(inventory, facts, group_failures(facts) if facts else None)


def inventory(collisions: Sequence[Collision] = (), findings: Sequence[Finding] = ()) -> InventoryFacts:
    """An inventory with these."""
    return InventoryFacts(files=10, collisions=tuple(collisions), findings=tuple(findings))


def collision(name: str = "User", *, loaded: bool | None = True, used: bool = True, classes: int = 2) -> Collision:
    """``name`` mapped in ``app.auth.models`` (the primary one), ``app.users.models``, and so on."""
    parties = tuple(
        CollidingClass(_mapped(name, place, line), importers, primary, f"{importers} importers, 9 columns")
        for place, line, importers, primary in list(_PLACES)[:classes]
    )
    uses = (Location("app/paper/models.py", 12, "relationship"),) if used else ()
    return Collision(f"Base:{name}", name, "app.db.Base", (name.lower(),), parties, uses, loaded)


_PLACES = (("auth", 10, 24, True), ("users", 7, 3, False), ("admin", 5, 1, False))


def _mapped(name: str, place: str, line: int) -> MappedClass:
    module, path = f"app.{place}.models", f"app/{place}/models.py"
    return MappedClass(name, module, name, path, line, "app.db.Base", name.lower())


def finding(kind: str, about: str, *places: str) -> Finding:
    """A finding at ``path:line`` places."""
    locations = tuple(Location(path, int(line)) for path, _, line in (place.partition(":") for place in places))
    return Finding(f"{kind}:{about}", kind, "blocks_now", f"{kind} of {about}", locations, (f"seen in {about}",))
