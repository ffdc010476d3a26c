"""Collection: pytest cannot make tests of a file, for a reason that no other category knows."""

from kit.failures.rule import Rule, any_of, kind, message

RULE = Rule(
    rank=350,
    key="collection",
    title="Collection of tests",
    meaning="A file fails while pytest imports it and makes tests of it.",
    advice="Import the file alone; check the names that parametrize uses, and that no two test files share one "
    "module name.",
    documentation="https://docs.pytest.org/en/stable/explanation/goodpractices.html#test-discovery",
    example="In test_orders.py::test_fill: function uses no argument 'price'",
    matches=any_of(
        kind("uncollectable"),
        message(r"^import file mismatch:|: function uses no argument '|duplicate parametrization of"),
    ),
)
