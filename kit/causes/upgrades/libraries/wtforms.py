"""What releases of wtforms broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="wtforms-text-field",
        library="wtforms",
        last_good="2.3.3",
        first_bad="3.0.0",
        kind="name-gone",
        error=r"ImportError: cannot import name '(?:TextField|Required)' from 'wtforms",
        cause="`TextField` is called `StringField`",
        before="from wtforms import TextField",
        after="from wtforms import StringField",
        both=True,
        source="https://github.com/wtforms/wtforms/commit/60267825490e3e6653ee0b1ae2ef1fb56a1b340f",
        uses=(
            "wtforms.TextField",
            "wtforms.validators.Required",
        ),
        edits={
            "wtforms.TextField": "wtforms:StringField",
            "wtforms.validators.Required": "wtforms.validators:DataRequired",
        },
    ),
    Breakage(
        id="wtforms-html5-fields",
        library="wtforms",
        last_good="2.3.3",
        first_bad="3.0.0",
        kind="name-gone",
        error=r"ModuleNotFoundError: No module named 'wtforms\.(?:fields|widgets)\.html5'",
        cause="fields of HTML5 stand beside the others",
        before="from wtforms.fields.html5 import EmailField",
        after="from wtforms.fields import EmailField",
        both=False,
        source="https://github.com/wtforms/wtforms/commit/44a1cecc071cfaec4ff60c9e28935d136cc232ca",
        uses=(
            "wtforms.fields.html5*",
            "wtforms.widgets.html5*",
        ),
        edits={
            "wtforms.fields.html5.*": "wtforms.fields:*",
            "wtforms.widgets.html5.*": "wtforms.widgets:*",
        },
    ),
    Breakage(
        id="wtforms-field-flags",
        library="wtforms",
        last_good="3.1.2",
        first_bad="3.2.1",
        kind="signature-changed",
        error=r"AttributeError: 'tuple' object has no attribute 'items'",
        cause="flags of validators are a dictionary, and a tuple is not taken any more",
        before='field_flags = ("needed",)',
        after='field_flags = {"needed": True}',
        both=True,
        source="https://github.com/pallets-eco/wtforms/blob/main/CHANGES.rst",
        uses=("wtforms.*",),
        lines="imported",
        visible=False,
    ),
)
