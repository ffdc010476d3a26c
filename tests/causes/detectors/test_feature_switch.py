"""Applications whose switches are not what their tests expect, as settings, constants and environment have them."""

from __future__ import annotations

import pytest

from kit.facts.causes import Cause
from tests.causes.apps import investigated, names_of, places, told

pytestmark = pytest.mark.slow

APP = {
    "shop/settings.py": """
        from pydantic import BaseModel, Field

        class FeatureDisabled(Exception):
            pass

        class Settings(BaseModel):
            name: str = "shop"
            exports_enabled: bool = Field(default=False, description="may orders leave the shop?")
            dry_run: bool = True

        FLAGS = {
            "blending": False,
        }
        """,
    "shop/orders.py": """
        import os

        from shop.settings import FLAGS, FeatureDisabled, Settings

        def export():
            settings = Settings()
            if settings.name and not settings.exports_enabled:
                raise FeatureDisabled("not here")
            return "csv"

        def blend():
            if not FLAGS["blending"]:
                raise FeatureDisabled("feature 'blending' is switched off")

        def pay():
            if os.environ.get("FEATURE_PAYMENTS", "off") == "off":
                raise FeatureDisabled("flag 'payments' is off")
        """,
    "tests/test_orders.py": """
        import pytest

        from shop import orders
        from shop.settings import Settings

        FLAGS = {"blending": True}

        @pytest.mark.parametrize("number", [1, 2])
        def test_export(number):
            assert orders.export() == "csv"

        def test_blend():
            orders.blend()

        def test_pay():
            orders.pay()

        def test_writes():
            assert not Settings().dry_run

        def test_named():
            assert Settings().name == "store"
        """,
}


@pytest.fixture(scope="module")
def causes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Cause]:
    found, _ = investigated(tmp_path_factory.mktemp("app"), APP)
    return {cause.id: cause for cause in found}


def test_a_field_of_settings_is_found_by_the_condition_that_refused(causes: dict[str, Cause]) -> None:
    cause = causes["feature-switch:exports_enabled"]

    assert cause.title == 'Feature switch "exports_enabled" is off where tests expect it on'
    assert names_of(cause) == {"test_export[1]", "test_export[2]"}
    assert places(cause) == ["shop/settings.py:8", "shop/orders.py:8"]
    assert "Its default: Settings: exports_enabled = False" in told(cause)


def test_a_switch_that_the_message_names_is_found_in_the_mapping_that_has_it(causes: dict[str, Cause]) -> None:
    cause = causes["feature-switch:blending"]

    assert places(cause) == ["shop/settings.py:12", "shop/orders.py:13"]


def test_what_an_environment_variable_is_when_it_is_not_set_is_a_default(causes: dict[str, Cause]) -> None:
    cause = causes["feature-switch:payments"]

    assert places(cause)[0] == "shop/orders.py:16"
    assert "FEATURE_PAYMENTS = 'off'" in told(cause)


def test_a_switch_that_is_on_where_a_test_compares_it_is_named_the_other_way_round(causes: dict[str, Cause]) -> None:
    cause = causes["feature-switch:dry_run"]

    assert cause.title == 'Feature switch "dry_run" is on where tests expect it off'
    assert (names_of(cause), places(cause)[0]) == ({"test_writes"}, "shop/settings.py:9")


def test_a_setting_that_is_no_switch_is_not_taken_for_one(causes: dict[str, Cause]) -> None:
    others = [cause for cause in causes.values() if cause.kind != "feature-switch"]

    assert [names_of(cause) for cause in others] == [{"test_named"}]
