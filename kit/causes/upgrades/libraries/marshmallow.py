"""What releases of marshmallow broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="marshmallow-pass-many",
        library="marshmallow",
        last_good="3.26.2",
        first_bad="4.0.0",
        kind="signature-changed",
        error=r"TypeError: (?:pre|post)_(?:load|dump)\(\) got an unexpected keyword argument 'pass_many'",
        cause="the hooks around loading and dumping take `pass_collection` in place of `pass_many`",
        before="@post_load(pass_many=True)",
        after="@post_load(pass_collection=True)",
        both=False,
        source="https://marshmallow.readthedocs.io/en/latest/upgrading.html",
        uses=(
            "marshmallow.*pre_load(pass_many=)",
            "marshmallow.*post_load(pass_many=)",
            "marshmallow.*pre_dump(pass_many=)",
            "marshmallow.*post_dump(pass_many=)",
        ),
        edits={
            "marshmallow.*pre_load(pass_many=)": "pass_collection=",
            "marshmallow.*post_load(pass_many=)": "pass_collection=",
            "marshmallow.*pre_dump(pass_many=)": "pass_collection=",
            "marshmallow.*post_dump(pass_many=)": "pass_collection=",
        },
    ),
    Breakage(
        id="marshmallow-validator-returns-false",
        library="marshmallow",
        last_good="3.26.2",
        first_bad="4.0.0",
        kind="other-result",
        error=(
            r"AssertionError: (?:.*\bassert \d+ == 4\d\d\b|.*(?:accepted|not refused|did not r"
            r"aise))|Failed: DID NOT RAISE .*(?:ValidationError|HTTPError|HTTPException|UnprocessableEntity)"
        ),
        cause=(
            "what a validator returns counts no more: only an exception refuses a value, so input "
            "that was refused is accepted"
        ),
        before="fields.Int(validate=lambda n: n > 0)",
        after="fields.Int(validate=validate.Range(min=1))",
        both=True,
        source="https://marshmallow.readthedocs.io/en/latest/upgrading.html",
        uses=(
            "marshmallow.fields.*(validate=lambda)",
            "webargs.fields.*(validate=lambda)",
        ),
        modules=(
            "marshmallow",
            "webargs",
        ),
        lines="imported",
        forewarns=r"ChangedInMarshmallow4Warning: Returning `False` from a validator",
    ),
    Breakage(
        id="marshmallow-context",
        library="marshmallow",
        last_good="3.26.2",
        first_bad="4.0.0",
        kind="signature-changed",
        error=(
            r"TypeError: \w*\.?__init__\(\) got an unexpected keyword argument 'context'|"
            r"AttributeError: '\w+' object has no attribute 'context'"
        ),
        cause="schemas and fields have no context any more",
        before='PriceSchema(context={"tax": 2})',
        after="TAX.set(2); PriceSchema()  # TAX is a ContextVar that the schema reads",
        both=True,
        source="https://marshmallow.readthedocs.io/en/latest/upgrading.html",
        uses=(
            "marshmallow.Schema(context=)",
            "*Schema(context=)",
            "?self.context",
            "?*schema.context",
        ),
        lines="imported",
        forewarns=r"RemovedInMarshmallow4Warning: The `context` parameter is deprecated",
    ),
    Breakage(
        id="marshmallow-extra-keyword",
        library="marshmallow",
        last_good="3.26.2",
        first_bad="4.0.0",
        kind="signature-changed",
        error=(
            r"TypeError: Field\.__init__\(\) got an unexpected keyword argument '(?!missing'|default'|context')\w+'"
        ),
        cause="fields refuse keywords that they do not know; these used to become metadata",
        before='fields.Str(location="query")',
        after='fields.Str(metadata={"location": "query"})',
        both=True,
        source="https://github.com/marshmallow-code/marshmallow/blob/dev/CHANGELOG.rst",
        forewarns=r"RemovedInMarshmallow4Warning: Passing field metadata as keyword arguments",
    ),
    Breakage(
        id="marshmallow-abstract-number",
        library="marshmallow",
        last_good="3.26.2",
        first_bad="4.0.0",
        kind="name-gone",
        error=(
            r"AttributeError: 'Number' object has no attribute 'num_type'|"
            r"TypeError: Can't instantiate abstract class Number"
        ),
        cause="the base class of the numeric fields is abstract",
        before="fields.Number()",
        after="fields.Float()",
        both=True,
        source="https://marshmallow.readthedocs.io/en/latest/upgrading.html",
        uses=("marshmallow.fields.Number()",),
        forewarns=r"ChangedInMarshmallow4Warning: `Number` field should not be instantiated",
    ),
    Breakage(
        id="marshmallow-missing",
        library="marshmallow",
        last_good="3.26.2",
        first_bad="4.0.0",
        kind="signature-changed",
        error=r"TypeError: Field\.__init__\(\) got an unexpected keyword argument '(?:missing|default)'",
        cause="the old names of `load_default` and `dump_default` are gone",
        before="fields.Int(missing=20)",
        after="fields.Int(load_default=20)",
        both=True,
        source="https://github.com/marshmallow-code/marshmallow/blob/dev/CHANGELOG.rst",
        uses=(
            "marshmallow.fields.*(missing=)",
            "marshmallow.fields.*(default=)",
        ),
        forewarns=r"RemovedInMarshmallow4Warning: The '(?:missing|default)' argument to fields",
        edits={
            "marshmallow.fields.*(missing=)": "load_default=",
            "marshmallow.fields.*(default=)": "dump_default=",
        },
    ),
    Breakage(
        id="marshmallow-validates-data-key",
        library="marshmallow",
        last_good="3.26.2",
        first_bad="4.0.0",
        kind="signature-changed",
        error=r"TypeError: [\w.<>]+\(\) got an unexpected keyword argument 'data_key'",
        cause="methods under `@validates` are called with the keyword `data_key`",
        before="def named(self, value):",
        after="def named(self, value, **kwargs):",
        both=True,
        source="https://github.com/marshmallow-code/marshmallow/blob/dev/CHANGELOG.rst",
        uses=("marshmallow.validates()",),
        visible=False,
    ),
    Breakage(
        id="marshmallow-pprint",
        library="marshmallow",
        last_good="3.26.2",
        first_bad="4.0.0",
        kind="name-gone",
        error=(
            r"ImportError: cannot import name 'pprint' from 'marshmallow'|"
            r"AttributeError: module 'marshmallow' has no attribute 'pprint'"
        ),
        cause="`pprint` is gone: Python's own shows results as well",
        before="from marshmallow import pprint",
        after="from pprint import pprint",
        both=True,
        source="https://github.com/marshmallow-code/marshmallow/blob/dev/CHANGELOG.rst",
        uses=("marshmallow.pprint",),
        edits={"marshmallow.pprint": "pprint:pprint"},
    ),
    Breakage(
        id="marshmallow-version",
        library="marshmallow",
        last_good="3.26.2",
        first_bad="4.0.0",
        kind="name-gone",
        error=(
            r"(?:AttributeError: module 'marshmallow' has no attribute|ImportError: cannot import name)"
            r" '__(?:parsed_)?version(?:_info)?__'"
        ),
        cause="the package does not name its version any more",
        before="marshmallow.__version__",
        after='importlib.metadata.version("marshmallow")',
        both=True,
        source="https://github.com/marshmallow-code/marshmallow/pull/2719",
        uses=(
            "marshmallow.__version__",
            "marshmallow.__version_info__",
            "marshmallow.__parsed_version__",
        ),
    ),
    Breakage(
        id="marshmallow-ordered-meta",
        library="marshmallow",
        last_good="3.26.2",
        first_bad="4.0.0",
        kind="default-changed",
        error=r"\bisinstance\(.*, (?:<class ')?(?:collections\.)?OrderedDict",
        cause="`ordered` in `Meta` has no effect: schemas give plain dictionaries",
        before="class Meta: ordered = True",
        after="dict_class = OrderedDict  # in the schema itself",
        both=True,
        source="https://github.com/marshmallow-code/marshmallow/issues/2146",
        uses=("marshmallow.*",),
        lines="imported",
        visible=False,
    ),
)
