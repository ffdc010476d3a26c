"""Mock target: what a test patches no longer exists."""

from kit.failures.modules import names_own_module
from kit.failures.rule import Rule, all_of, any_of, anywhere, exception, message, passes_through

RULE = Rule(
    rank=210,
    key="mock-target",
    title="Mock target that no longer exists",
    meaning="A test patches a name that its module does not have: it was renamed, moved or removed.",
    advice="Find where the name went and patch it where it is used now.",
    documentation="https://docs.python.org/3/library/unittest.mock.html#where-to-patch",
    example="<module 'backend.app.mail' from '/app/backend/app/mail.py'> does not have the attribute 'send'",
    matches=any_of(
        message(r"^<.+> does not have the attribute '"),
        # what only monkeypatch says; its frames are left out of a recorded traceback
        anywhere(
            r"' object at [\w.]+ has no attribute '", r"^<(?:module|class) .+> has no attribute '", r"^import error in "
        ),
        all_of(
            passes_through("unittest/mock.py"),
            any_of(exception("AttributeError"), all_of(exception("ModuleNotFoundError"), names_own_module)),
            message(r"has no attribute '|^No module named '"),
        ),
    ),
)
