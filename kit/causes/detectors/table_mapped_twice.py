"""One table that two classes of different names define.

https://docs.sqlalchemy.org/en/20/core/metadata.html#sqlalchemy.schema.Table.params.extend_existing
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import cause_of, check_command, finding_evidence, is_scanned, then_check
from kit.causes.detector import Detector
from kit.causes.scene.replaced_columns import replaced_columns
from kit.causes.scene.scene import Scene, saying
from kit.facts.causes import Cause
from kit.facts.failures import Group
from kit.facts.inventory import Finding

KIND: Final = "table-mapped-twice"
_DEFINED = re.compile(r"^Table '(?P<table>[^']+)' is already defined for this MetaData instance")


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    findings = {str(finding.details.get("table")): finding for finding in scene.findings(KIND)}
    met: dict[str, list[Group]] = {}
    for group, found in saying(unexplained, _DEFINED):
        schema_and_table = found["table"]
        table = schema_and_table.rpartition(".")[2]
        met.setdefault(table if table in findings else schema_and_table, []).append(group)
    for one in replaced_columns(scene, unexplained):
        if one.table in findings:
            met.setdefault(one.table, []).append(one.group)
    waiting = [table for table, finding in findings.items() if finding.severity != "smell"]
    for table in dict.fromkeys((*met, *waiting)):
        yield _cause(scene, table, met.get(table, []), findings.get(table))


def _cause(scene: Scene, table: str, groups: list[Group], finding: Finding | None) -> Cause:
    return cause_of(
        groups,
        id=finding.id if finding else f"{KIND}:{table}",
        kind=KIND,
        title=finding.title if finding else f'Table "{table}" is defined twice',
        state="consistent",
        locations=finding.locations if finding else scene.spots(*groups),
        evidence=finding_evidence(finding) if finding else (),
        next_step=then_check(
            "Keep one class for the table and import it where the other is used, or give the other its own "
            "table. Where both are one file, import it under one module name only",
            check_command(groups, scanned=is_scanned(finding)),
        ),
    )


DETECTOR = Detector(rank=22, kind=KIND, find=_find)
