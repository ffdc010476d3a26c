"""The fixed names of kit: stages, categories of failures, kinds of causes and findings.

A signature that takes one of them refuses a misspelt one when types are checked. Tests compare them with the rules.
"""

from __future__ import annotations

from typing import Literal

#: the stages of an investigation, in their order
StageName = Literal[
    "mapper_registry",
    "import_graph",
    "test_batches",
    "failure_categories",
    "incident_report",
]

#: the built-in categories of failures; users add their own
CategoryKey = Literal[
    "api-framework",
    "assertion-approx",
    "assertion-collection",
    "assertion-raises",
    "assertion-text",
    "assertion-value",
    "async",
    "authentication",
    "collection",
    "configuration",
    "constraint",
    "crashed",
    "database-connection",
    "database-schema",
    "datetime",
    "deprecated-api",
    "file-system",
    "fixture",
    "flaky",
    "import",
    "mapper-configuration",
    "mapper-registry",
    "missing-attribute",
    "missing-entry",
    "missing-package",
    "missing-value",
    "mock-target",
    "network",
    "orm-use",
    "out-of-memory",
    "pickling",
    "plugin",
    "route-missing",
    "syntax",
    "table-or-index-twice",
    "timed-out",
    "unexpected-pass",
    "unexplained",
    "validation",
    "wrong-call",
]

#: the kinds of causes, one for each detector
CauseKind = Literal[
    "async-without-plugin",
    "broken-relationship",
    "circular-import",
    "double-import",
    "duplicate-index",
    "exercised-code",
    "failure-group",
    "feature-switch",
    "fixture-missing",
    "flaky-test",
    "foreign-key",
    "hanging-test",
    "interpreter-exit",
    "mapper-collision",
    "missing-attribute",
    "missing-package",
    "mock-target",
    "module-not-importable",
    "naive-datetime",
    "order-dependence",
    "overwritten-name",
    "plugin-at-start",
    "plugin-broken",
    "response-annotation",
    "route-missing",
    "service-unreachable",
    "static-finding",
    "table-mapped-twice",
    "wrong-call",
]

#: the kinds of findings of the inventory
FindingKind = Literal[
    "back-populates",
    "column-without-type",
    "comma",
    "double-import",
    "duplicate-class",
    "duplicate-constraint",
    "duplicate-index",
    "flush-cycle",
    "foreign-key",
    "import-cycle",
    "join-condition",
    "mapper-configuration",
    "mapper-warning",
    "module-not-importable",
    "no-primary-key",
    "no-table-name",
    "relationship-target-not-imported",
    "relationship-target-unknown",
    "reserved-attribute",
    "response-annotation",
    "stale-class",
    "table-cycle",
    "table-mapped-twice",
    "unnamed-constraint",
    "unparsable-file",
    "unresolved-import",
]
