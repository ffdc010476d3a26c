"""Who may do what."""

import pytest

from backend.app.core.errors import FeatureDisabled
from backend.app.core.permissions import Permission, Role, allowed, may_administer
from backend.app.core.settings import FeatureSwitches

# One letter for each role that has the permission: Viewer, Trader, Analyst, Support, adMin.
MATRIX = {
    Permission.ACCOUNT_READ: "VTASM",
    Permission.ACCOUNT_WRITE: "TSM",
    Permission.ACCOUNT_SUSPEND: "SM",
    Permission.ROLE_GRANT: "M",
    Permission.ORDER_READ: "VTASM",
    Permission.ORDER_WRITE: "TM",
    Permission.COPY_WRITE: "TM",
    Permission.QUOTA_READ: "VTASM",
    Permission.QUOTA_OVERRIDE: "SM",
    Permission.BILLING_READ: "TSM",
    Permission.BILLING_WRITE: "TM",
    Permission.REPORT_READ: "VTASM",
    Permission.EXPORT_CREATE: "TAM",
    Permission.WALLET_WRITE: "TM",
    Permission.DECISION_WRITE: "TAM",
    Permission.NOTE_PUBLISH: "AM",
    Permission.AUDIT_READ: "SM",
    Permission.PRIVACY_ERASE: "M",
}
LETTERS = {Role.VIEWER: "V", Role.TRADER: "T", Role.ANALYST: "A", Role.SUPPORT: "S", Role.ADMIN: "M"}
ADMINISTERS = {Role.SUPPORT: "VT", Role.ADMIN: "VTAS"}


@pytest.mark.parametrize("permission", Permission)
@pytest.mark.parametrize("role", Role)
def test_role_has_permission(permission: Permission, role: Role) -> None:
    assert allowed(role, permission) is (LETTERS[role] in MATRIX[permission])


@pytest.mark.parametrize("actor", Role)
@pytest.mark.parametrize("target", Role)
def test_role_looks_after_role(actor: Role, target: Role) -> None:
    assert may_administer(actor, target) is (LETTERS[target] in ADMINISTERS.get(actor, ""))


@pytest.mark.parametrize("name", ["copy_trading", "wallet_proofs", "signal_blending"])
@pytest.mark.parametrize("on", [True, False], ids=["on", "off"])
def test_feature_switch_lets_through_only_when_on(name: str, on: bool) -> None:
    switches = FeatureSwitches(**{name: on})
    if on:
        switches.require(name)
    else:
        with pytest.raises(FeatureDisabled, match=f"feature '{name}' is switched off"):
            switches.require(name)
