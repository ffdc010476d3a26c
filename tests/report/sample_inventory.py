"""What the source of the sample case says: seven mapped classes, three collisions, forty importers."""

from __future__ import annotations

from itertools import cycle, islice
from typing import Any

from kit.facts.inventory import (
    CollidingClass,
    Collision,
    Finding,
    Importer,
    InventoryFacts,
    MappedClass,
    ProbeError,
    Relationship,
    ScorePart,
)
from kit.facts.modules import Neighbour, Neighbourhood
from kit.facts.places import Location, Role, Scope
from tests.report.sample_case import AREAS, BASE
from tests.report.sample_failures import (
    FASTAPI_ERROR,
    MULTIPLE_MESSAGE,
)


def mapped(
    module: str, line: int, name: str, table: str, columns: str, relationships: str = "", **more: Any
) -> MappedClass:
    """A mapped class; columns and relationships (``name:Target``) are words."""
    parts = [one.partition(":") for one in relationships.split()]
    return MappedClass(
        name=name,
        module=module,
        qualname=name,
        path=module.replace(".", "/") + ".py",
        line=line,
        base=BASE,
        table=table,
        columns=tuple(columns.split()),
        relationships=tuple(Relationship(one, target or None, line + 9, target or None) for one, _, target in parts),
        sides=("source", "runtime"),
        **more,
    )


USER = mapped(
    "backend.app.auth.models",
    24,
    "User",
    "users",
    "id email password_hash is_active is_admin role created_at updated_at last_login_at",
    "sessions:Session quotas:Quota orders:Order",
)
OTHER_USER = mapped(
    "backend.app.users.models",
    17,
    "User",
    "users",
    "id email display_name created_at",
    "profile:Profile reports:Report orders:CopyOrder",
    extend_existing=True,
)
TRADES = (
    mapped(
        "backend.app.paper.models", 12, "PaperTrade", "paper_trades", "id symbol quantity price filled_at", end_line=60
    ),
    mapped("backend.app.analyst.models", 31, "PaperTrade", "paper_trades", "id symbol quantity", extend_existing=True),
)
SUBSCRIPTIONS = (
    mapped("backend.app.copy.models", 19, "Subscription", "subscriptions", "id leader_id follower_id", "leader:User"),
    mapped("backend.app.reports.models", 44, "Subscription", "report_subscriptions", "id user_id cron"),
)


def collision(
    name: str, parties: tuple[MappedClass, ...], importers: tuple[int, ...], *, loaded: bool | None
) -> Collision:
    return Collision(
        id=name,
        name=name,
        registry=BASE,
        tables=tuple(dict.fromkeys(one.table for one in parties if one.table)),
        classes=tuple(
            CollidingClass(
                one,
                number,
                number == max(importers),
                f"{number} importers, {len(one.columns)} columns",
                (
                    ScorePart("importers", number, round(number / sum(importers), 2)),
                    ScorePart("relationships that can only mean it", 0, 0.0),
                    ScorePart("days in version control", 10 * number, 0.5 if number == max(importers) else 0.0),
                ),
            )
            for one, number in zip(parties, importers, strict=True)
        ),
        used_by=(Location("backend/app/quotas/models.py", 21), Location("backend/app/auth/models.py", 61)),
        loaded=loaded,
    )


def _importers() -> tuple[Importer, ...]:
    modules = {"backend.app.auth.models": 24, "backend.app.users.models": 16}
    made = []
    for module, number in modules.items():
        for index, area in enumerate(islice(cycle((*AREAS, "privacy", "decisions")), number)):
            test = index >= number - 5
            path = f"backend/tests/test_{area}_{index}.py" if test else f"backend/app/{area}/service_{index}.py"
            scope: Scope = "function" if index in (3, 7) else "type_checking" if index == 5 else "module"
            role: Role = "test" if test else "production"
            if index == 9:
                made.append(Importer(module, None, path, 6, scope, role, "m", f"import {module} as m"))
            else:
                made.append(Importer(module, "User", path, 3 + index, scope, role, None, f"from {module} import User"))
    return tuple(made)


def _neighbourhood(mapped_class: MappedClass, importers: int) -> Neighbourhood:
    """Of the module of a class: so many of its areas import it, and it imports the database's."""

    def neighbour(area: str, line: int) -> Neighbour:
        role: Role = "test" if area.startswith("tests") else "production"
        return Neighbour(f"backend.app.{area}", role, Location(f"backend/app/{area}.py", line, "import"))

    areas = [*(f"{area}.service" for area in AREAS), *(f"tests.test_{area}" for area in AREAS)]
    return Neighbourhood(
        mapped_class.module,
        tuple(neighbour(area, 3) for area in sorted(areas)[:importers]),
        (neighbour("core.db", 1),),
        mapped_class.path,
    )


INVENTORY = InventoryFacts(
    files=143,
    mapped_classes=(
        USER,
        OTHER_USER,
        *TRADES,
        *SUBSCRIPTIONS,
        mapped("backend.app.quotas.models", 11, "Quota", "quotas", "id user_id limit", "user:User"),
    ),
    collisions=(
        collision("PaperTrade", TRADES, (9, 2), loaded=False),
        collision("User", (OTHER_USER, USER), (16, 24), loaded=True),
        collision("Subscription", SUBSCRIPTIONS, (4, 3), loaded=False),
    ),
    findings=(
        Finding(
            "duplicate-class:Subscription",
            "duplicate-class",
            "blocks_when_both_imported",
            'Multiple mapped classes named "Subscription"',
            tuple(one.location for one in SUBSCRIPTIONS),
        ),
        Finding(
            "duplicate-index:ix_orders_status",
            "duplicate-index",
            "blocks_now",
            'Index "ix_orders_status" is defined twice on table "orders"',
            (
                Location("backend/app/paper/models.py", 40, "column"),
                Location("backend/app/paper/models.py", 52, "index"),
            ),
            ("status: Mapped[str] = mapped_column(index=True)", 'Index("ix_orders_status", "status")'),
            {"table": "orders", "columns": ["status"], "explicit": True},
        ),
        Finding(
            "duplicate-class:User",
            "duplicate-class",
            "blocks_now",
            'Multiple mapped classes named "User"',
            (USER.location, OTHER_USER.location),
        ),
        Finding(
            "response-annotation:backend/app/exports/routes.py:22",
            "response-annotation",
            "blocks_alone",
            "Return annotation ExportResponse | Response is no response model",
            (Location("backend/app/exports/routes.py", 22, "route"),),
        ),
    ),
    importers=_importers(),
    runtime_errors=(
        ProbeError(
            "backend.app.main",
            "fastapi.exceptions.FastAPIError",
            FASTAPI_ERROR,
            Location("backend/app/exports/routes.py", 22),
        ),
        ProbeError(None, "sqlalchemy.exc.InvalidRequestError", MULTIPLE_MESSAGE),
    ),
    neighbourhoods=(
        _neighbourhood(USER, 22),
        _neighbourhood(OTHER_USER, 16),
        _neighbourhood(TRADES[0], 9),
    ),
    problems=("backend/app/legacy/old_format.py:3 cannot be parsed: invalid syntax. It was read line by line.",),
)
