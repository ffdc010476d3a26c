"""Pictures: what they show, that they can be read, and that they are safe to stand in a page."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from kit.drawing import modules_picture, parties_of, tables_picture
from kit.drawing.modules import MOST_NODES
from kit.drawing.svg import CHARACTER, shortened
from kit.facts.inventory import Finding, MappedClass, Relationship
from kit.facts.modules import Neighbour, Neighbourhood
from kit.facts.places import Location, Role
from tests.inventory.projects import Source
from tests.inventory.registry.test_collisions import APP

SVG = "{http://www.w3.org/2000/svg}"


def neighbours(*modules: str, role: Role = "production") -> tuple[Neighbour, ...]:
    return tuple(Neighbour(module, role, Location(f"{module}.py", 1)) for module in modules)


def words(picture: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(picture).iter(f"{SVG}text")]


Drawn = tuple[str, tuple[MappedClass, ...], tuple[MappedClass, ...]]


def drawn(source: Source) -> Drawn:
    finding, classes = source.found("duplicate-class")[0], tuple(mapper.fact for mapper in source.mappers)
    return finding.title, parties_of(finding, classes), classes


def collision() -> Drawn:
    return drawn(Source(APP))


def test_the_tables_of_a_collision_side_by_side() -> None:
    picture = tables_picture(*collision())
    assert words(picture) == [
        *("Order · orders", "orders/models.py:2"),
        *("User · users", "auth/models.py:2", "id", "±", "mail", "±", "orders → Order"),
        *("User · users", "users/models.py:2", "id"),
    ]
    assert picture.count("<path d=") == 4  # an arrowhead, Order to both users, and one user to Order
    assert picture.count('marker-end="url(#') == 3
    assert "auth.models.User maps users with 2 columns and 1 relationship" in picture


def test_an_annotation_that_says_the_target_is_followed() -> None:
    annotated = APP["orders/models.py"].replace("user = relationship(", 'user: Mapped["User"] = relationship(')
    source = Source({**APP, "orders/models.py": annotated.replace('"User", back', "back")})
    assert tables_picture(*drawn(source)) == tables_picture(*collision())


def test_the_parties_of_a_finding_are_the_classes_that_its_places_lie_in() -> None:
    _, parties, classes = collision()
    assert [party.module for party in parties] == ["auth.models", "users.models"]
    finding = Finding("x", "x", "smell", "x", (Location(parties[0].path, (parties[0].end_line or 0) + 1),))
    assert parties_of(finding, classes) == ()
    inside = replace(finding, locations=(Location(parties[0].path, parties[0].line + 1),))
    assert parties_of(inside, classes) == parties[:1]


def test_without_a_class_there_is_a_picture_all_the_same() -> None:
    assert "No class is known. Around: nothing." in tables_picture("x", (), collision()[2])


def test_a_module_between_its_importers_and_its_imports() -> None:
    tests = neighbours("tests.test_a", role="test")
    picture = modules_picture(Neighbourhood("app.users", (*neighbours("app.web"), *tests), neighbours("app.db")))
    assert words(picture) == ["app.web", "tests.test_a", "app.db", "app.users"]
    assert picture.count('stroke-dasharray="4 3"') == 1
    assert "2 modules import it, it imports 1." in picture


def test_modules_that_import_each_other_are_drawn_once_with_two_heads() -> None:
    picture = modules_picture(Neighbourhood("a", neighbours("b"), neighbours("b")))
    assert words(picture) == ["b", "a"]
    assert picture.count("marker-start") == 1


@pytest.mark.parametrize("number", [MOST_NODES, MOST_NODES + 1, 900])
def test_more_modules_than_can_be_read_are_drawn_as_packages(number: int) -> None:
    modules = [f"app.p{n % 7}.q{n % 13}.m{n}" for n in range(number)]
    shown = words(modules_picture(Neighbourhood("x", neighbours(*modules), ())))[:-1]
    assert len(shown) <= MOST_NODES
    if number > MOST_NODES:
        counts = [int(re.search(r"\((\d+)\)", label)[1]) for label in shown]  # type: ignore[index]
        assert sum(counts) == number


def test_many_packages_without_a_common_name_leave_the_smallest_together() -> None:
    modules = [f"p{n}.m{k}" for n in range(90) for k in range(1 + n // 30)]
    shown = words(modules_picture(Neighbourhood("x", neighbours(*modules), ())))
    assert len(shown) == MOST_NODES // 2 + 1
    assert shown[-2] == "others (123)"


HOSTILE = "<script>alert('&\"')</script>\x00\ud800"


def test_no_name_breaks_the_page_or_its_box() -> None:
    mapped = MappedClass(
        HOSTILE,
        HOSTILE,
        HOSTILE,
        "m.py",
        1,
        None,
        HOSTILE,
        (HOSTILE * 9,),
        (Relationship("r", HOSTILE, points_at=HOSTILE),),
    )
    for picture in (
        tables_picture(HOSTILE, [mapped], [mapped]),
        modules_picture(Neighbourhood(HOSTILE, neighbours(HOSTILE), neighbours(HOSTILE * 9))),
    ):
        ElementTree.fromstring(picture)
        assert "<script" not in picture
        assert max(len(line) * CHARACTER for line in words(picture)) <= 300


def test_a_long_name_keeps_its_two_ends() -> None:
    assert shortened("backend.app.services.users", 12 * CHARACTER) == "back…s.users"
    assert shortened("short", 12 * CHARACTER) == "short"


def test_pictures_are_accessible_take_the_page_s_colours_and_are_the_same_each_time() -> None:
    for picture in (tables_picture(*collision()), modules_picture(Neighbourhood("a", neighbours("b"), ()))):
        root = ElementTree.fromstring(picture)
        ids = root.attrib["aria-labelledby"].split()
        assert root.attrib["role"] == "img"
        assert [root.find(f"*[@id='{one}']") is not None for one in ids] == [True, True]
        colours = set(re.findall(r'(?:fill|stroke)="([^"]*)"', picture))
        assert colours <= {"currentColor", "none", "var(--wash,none)", "var(--bad,#cf4520)", "context-stroke"}
        assert "http" not in picture.replace("http://www.w3.org/2000/svg", "")
    assert tables_picture(*collision()) == tables_picture(*collision())
