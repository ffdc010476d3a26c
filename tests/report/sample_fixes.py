"""What trials of fixes showed: an index that hides a collision, and a re-export that unlocks what it hid."""

from __future__ import annotations

from kit.facts.fixes import Check, Comparison, FixFacts, FixOption, Layer, Trial

INDEX, USER = "duplicate-index:ix_orders_status", "mapper-collision:User"
PATCH = """diff --git a/backend/app/quotas/models.py b/backend/app/quotas/models.py
--- a/backend/app/quotas/models.py
+++ b/backend/app/quotas/models.py
@@ -18,7 +18,6 @@
     __table_args__ = (
         UniqueConstraint("user_id", "operation"),
-        Index("ix_quota_usages_user_id", "user_id"),
     )
"""

OPTIONS = (
    FixOption(
        f"drop-index:{INDEX}",
        INDEX,
        "drop-index",
        "Take the explicit Index out (backend/app/quotas/models.py:19)",
        "The index of that name stays defined at backend/app/quotas/models.py:22",
        PATCH,
        files=("backend/app/quotas/models.py",),
        lines_removed=1,
    ),
    FixOption(
        f"re-export:{USER}",
        USER,
        "re-export",
        "Let backend.app.users.models import User from backend.app.auth.models",
        "What imports the duplicate stays as it is (24 places)",
        PATCH,
        losses=("watchlists", "email: <one> gives way to another"),
        files=("backend/app/users/models.py",),
        lines_added=1,
        lines_removed=28,
    ),
    FixOption(f"rename:{USER}", USER, "rename", "Rename the duplicate", "", obstacle="app/x.py is not UTF-8"),
)
CHECKS = (
    Check("compiles", True),
    Check("imports", True, "96 of 96 modules import"),
    Check("mappers", None, "Multiple classes found"),
    Check("schema", False, "gone: CREATE INDEX a ON b (c)"),
)

FIXES = FixFacts(
    options=OPTIONS,
    trials=(
        Trial(
            (OPTIONS[0].id,),
            "NO",
            "canaries",
            Comparison(5069, 5069, kept=1383, unmasked={USER: 3650}, still_failing=36),
            CHECKS,
            tests_run=49,
            tests_of=5069,
            seconds=2.5,
        ),
        Trial(
            (OPTIONS[0].id, OPTIONS[1].id),
            "PARTIAL",
            "canaries",
            Comparison(5069, 5069, ("a.py::t",) * 3649, 1383, {}, 36, ("b.py::was_fine",)),
            CHECKS,
            tests_run=49,
            tests_of=5069,
        ),
        Trial(
            (OPTIONS[0].id, OPTIONS[1].id),
            "PARTIAL",
            "full",
            Comparison(5069, 5070, ("a.py::t",) * 3649, 1383, {"": 1}, 36, (), {"passed": 1}),
            tests_run=5070,
            tests_of=5070,
            passed=5033,
            flaky=("b.py::was_fine",),
            causes_left={"naive": 36},
        ),
    ),
    layers=(
        Layer(OPTIONS[0].id, INDEX, OPTIONS[0].title, "canaries", 0, {USER: 3650}, 0, 36, 0, 5069, 1383),
        Layer(OPTIONS[1].id, USER, OPTIONS[1].title, "canaries", 3649, {}, 0, 37, 0, 5069, 5032),
    ),
    recommended={INDEX: OPTIONS[0].id, USER: OPTIONS[1].id},
    problems=("The budget for trials was spent before this cause was reached: one more.",),
)
