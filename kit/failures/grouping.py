"""All bad tests and uncollectable files of a run, as groups that have one signature each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from kit.facts.failures import Category, Failure, Group, Grouping, Signature
from kit.facts.garbage import collector_off
from kit.facts.outcomes import BAD
from kit.facts.suite import SuiteFacts, TestResult
from kit.failures.categories import categorise
from kit.failures.nearness import leaders
from kit.failures.rule import Rule
from kit.failures.signature import ANY_PHASE, GroupKey, loose_key, signature_of
from kit.failures.symptom import Symptom, symptom_of_collection_error, symptom_of_result

_SAMPLES = 3


@dataclass(frozen=True)
class _Incident:
    """One bad test or one uncollectable file (``is_file``), with what it shows."""

    name: str
    is_file: bool
    failure_id: str | None
    symptom: Symptom
    signature: Signature

    @property
    def first_hand(self) -> bool:
        return self.symptom.root.first_hand


def group_failures(suite: SuiteFacts, *, categories: Sequence[Rule] = ()) -> Grouping:
    """Group what went wrong. Every bad test and every uncollectable file is in exactly one group.

    ``categories`` are a user's own (:func:`kit.failures.load_categories`).
    """
    with collector_off():
        return _grouped(suite, categories)


def _grouped(suite: SuiteFacts, categories: Sequence[Rule]) -> Grouping:
    keyed = list(_keyed(list(_incidents(suite))))
    leader = leaders(key for key, _ in keyed)
    grouped: dict[GroupKey, list[_Incident]] = defaultdict(list)
    for key, incident in keyed:
        grouped[leader[key]].append(incident)
    counts: Counter[Category] = Counter()
    groups: list[Group] = []
    for key, incidents in grouped.items():
        category = categorise(*_symptoms(incidents), categories=categories).category
        groups.append(_group(key, category, incidents))
        counts[category] += groups[-1].count
    groups.sort(key=lambda group: (-group.count, -len(group.files), group.id))
    return Grouping(
        groups=tuple(groups),
        categories=tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0].key))),
        group_of={name: group.id for group in groups for name in (*group.tests, *group.files)},
    )


def _incidents(suite: SuiteFacts) -> Iterator[_Incident]:
    symptoms: dict[tuple[str | None, ...], Symptom] = {}  # tests that share a failure share what it shows
    for result in suite.results:
        if result.outcome not in BAD:
            continue
        seen = (result.failure, result.outcome, result.phase, result.reason, result.alone)
        if seen not in symptoms:
            symptoms[seen] = symptom_of_result(result, _failure(suite.failures, result))
        signature = signature_of(symptoms[seen], _test_function(result.nodeid))
        yield _Incident(result.nodeid, False, result.failure, symptoms[seen], signature)
    for error in suite.collection_errors:
        symptom = symptom_of_collection_error(error)
        yield _Incident(error.path, True, error.failure.id, symptom, signature_of(symptom, _test_function(error.path)))


def _failure(failures: Mapping[str, Failure], result: TestResult) -> Failure | None:
    return failures.get(result.failure) if result.failure else None


def _test_function(nodeid: str) -> str:
    """``module:function`` of a node id, without parameters."""
    return _dotted(nodeid.partition("[")[0])


@lru_cache(maxsize=65_536)
def _dotted(function: str) -> str:
    path, _, name = function.partition("::")
    return f"{path.removesuffix('.py').replace('/', '.')}:{name.replace('::', '.') or '<module>'}"


def _keyed(incidents: Sequence[_Incident]) -> Iterator[tuple[GroupKey, _Incident]]:
    """Give each incident its loose key, and a follow-on the signature of the error that it repeats.

    An error that follow-ons repeat is a state of the process: the phase in which a test met it says nothing, so all
    that show it share the key of its origin.
    """
    origins = _origins(incidents)
    for incident in incidents:
        origin = origins.get(incident.signature.message)
        if origin is None:
            yield loose_key(incident.signature, incident.symptom, _test_function(incident.name)), incident
        else:
            signature = incident.signature if incident.first_hand else origin
            yield GroupKey(origin.exception, origin.message, ANY_PHASE), replace(incident, signature=signature)


def _origins(incidents: Iterable[_Incident]) -> dict[str, Signature]:
    """The message of each error that follow-ons repeat, with the signature of the error itself.

    A follow-on's text holds the message but neither the type nor the frames; where no test showed the error first
    hand, its own signature has to do, without the frame.
    """
    origins: dict[str, Signature] = {}
    shown: dict[str, Counter[Signature]] = defaultdict(Counter)
    for incident in incidents:
        if incident.first_hand:
            shown[incident.signature.message][incident.signature] += 1
        else:
            origins.setdefault(incident.signature.message, replace(incident.signature, frame=None))
    return {message: _most_frequent(shown[message]) if message in shown else own for message, own in origins.items()}


def _most_frequent(counts: Counter[Signature]) -> Signature:
    return _by_frequency(counts)[0][0]


def _by_frequency(counts: Counter[Signature]) -> list[tuple[Signature, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))


def _sample(incidents: Sequence[_Incident]) -> _Incident:
    return next((incident for incident in incidents if incident.first_hand), incidents[0])


def _symptoms(incidents: Sequence[_Incident]) -> tuple[Symptom, ...]:
    """What the members show, each once, the sample in front; what only repeats an error says nothing more."""
    sample = _sample(incidents)
    alike = (incident.symptom for incident in incidents if incident.first_hand == sample.first_hand)
    return tuple({id(symptom): symptom for symptom in (sample.symptom, *alike)}.values())


def _group(key: GroupKey, category: Category, incidents: Sequence[_Incident]) -> Group:
    tests = [incident for incident in incidents if not incident.is_file]
    direct = [incident.name for incident in tests if incident.first_hand]
    variants = _by_frequency(Counter(incident.signature for incident in incidents))
    sample = _sample(incidents)
    return Group(
        id=key.id,
        signature=variants[0][0],
        category=category.key,
        count=len(tests),
        first_hand=len(direct),
        sample_tests=tuple((direct or [incident.name for incident in tests])[:_SAMPLES]),
        tests=tuple(incident.name for incident in tests),
        failure_ids=tuple(dict.fromkeys(incident.failure_id for incident in incidents if incident.failure_id)),
        why=_why(key, sample, [signature for signature, _ in variants]),
        example=sample.symptom.message,
        files=tuple(incident.name for incident in incidents if incident.is_file),
        variants=tuple(variants),
    )


def _why(key: GroupKey, sample: _Incident, variants: Sequence[Signature]) -> str:
    """The rule in words: what all members share, how the root was reached, what they may differ in."""
    root = sample.symptom.root
    parts = [f"Same root: {root.qualified}, “{key.message}”, in {key.phase}."]
    if key.when:
        parts.append(f"Run once more, the members showed that they fail {key.when}.")
    if root.steps:
        parts.append(f"The root was reached by: {'; '.join(root.steps)}.")
    if key.where:
        parts.append(f"The message alone says little, so the place is part of the key: {key.where}.")
    elif len({signature.frame for signature in variants}) > 1:
        parts.append(f"The members differ in their deepest in-app frame: {len(variants)} variants.")
    messages = len({signature.message for signature in variants})
    if messages > 1:
        parts.append(f"{messages} near-equal messages are taken for one: they have the same words and differ in data.")
    return " ".join(parts)
