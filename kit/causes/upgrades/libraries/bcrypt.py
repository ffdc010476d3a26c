"""What releases of bcrypt broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="bcrypt-long-password",
        library="bcrypt",
        last_good="4.3.0",
        first_bad="5.0.0",
        kind="default-changed",
        error=r"ValueError: password cannot be longer than 72 bytes",
        cause="a password of more than 72 bytes is refused; its end used to be left out",
        before="bcrypt.hashpw(password, salt)",
        after="bcrypt.hashpw(password[:72], salt)",
        both=True,
        source="https://github.com/pyca/bcrypt/blob/main/CHANGELOG.rst",
        uses=(
            "bcrypt.hashpw()",
            "bcrypt.checkpw()",
        ),
        visible=False,
    ),
)
