"""What releases of Flask-JWT-Extended broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="flask-jwt-extended-optional",
        library="flask-jwt-extended",
        last_good="3.25.1",
        first_bad="4.0.0",
        kind="name-gone",
        error=(
            r"ImportError: cannot import name "
            r"'(?:jwt_optional|fresh_jwt_required|jwt_refresh_token_required)' from 'flask_jwt_extended'"
        ),
        cause="one decorator does what four did",
        before="@jwt_optional",
        after="@jwt_required(optional=True)",
        both=False,
        source="https://github.com/vimalloc/flask-jwt-extended/blob/main/docs/v4_upgrade_guide.rst",
        uses=(
            "flask_jwt_extended.jwt_optional",
            "flask_jwt_extended.fresh_jwt_required",
            "flask_jwt_extended.jwt_refresh_token_required",
        ),
        edits={
            "flask_jwt_extended.jwt_optional": "flask_jwt_extended:jwt_required(optional=True)",
            "flask_jwt_extended.fresh_jwt_required": "flask_jwt_extended:jwt_required(fresh=True)",
            "flask_jwt_extended.jwt_refresh_token_required": "flask_jwt_extended:jwt_required(refresh=True)",
        },
    ),
    Breakage(
        id="flask-jwt-extended-required-called",
        library="flask-jwt-extended",
        last_good="3.25.1",
        first_bad="4.0.0",
        kind="signature-changed",
        error=r"TypeError: (?:fresh_)?jwt_required\.<locals>\.wrapper\(\) missing 1 required positional argument: 'fn'",
        cause="`jwt_required` is called where it decorates; without the call the view gets no request",
        before="@jwt_required",
        after="@jwt_required()",
        both=False,
        source="https://github.com/vimalloc/flask-jwt-extended/blob/main/docs/v4_upgrade_guide.rst",
    ),
)
