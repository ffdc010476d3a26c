"""White space that only the writers of templates need is not in the page; what separates words is."""

from __future__ import annotations

import re

import pytest
from jinja2 import DictLoader, Environment

from kit.report.dense import Dense
from kit.report.page import render
from tests.report.sample_parts import with_all_parts


@pytest.mark.parametrize(
    ("template", "made"),
    [
        (
            "<ul>\n  {% for one in 'ab' %}\n  <li>{{ one }}</li>\n  {% endfor %}\n</ul>\n",
            "<ul><li>a</li><li>b</li></ul>",
        ),
        (
            '<p class="x">\n  words <b>more</b>\n  <i>words</i>\n</p>',
            '<p class="x">words <b>more</b>\n  <i>words</i></p>',
        ),
        ("<a>one</a>\n<a>two</a>", "<a>one</a>\n<a>two</a>"),
        ("<div>{{ text }}</div>", "<div><li> a </li> b</div>"),
        ("<pre>\n\n  a\n</pre>", "<pre>\n\n  a\n</pre>"),
    ],
)
def test_only_white_space_beside_a_block_goes(template: str, made: str) -> None:
    environment = Environment(
        loader=DictLoader({"page": template}), extensions=[Dense], trim_blocks=True, lstrip_blocks=True
    )
    assert environment.get_template("page").render(text="<li> a </li> b") == made


@pytest.mark.slow
def test_a_page_has_hardly_any_node_of_white_space_beside_a_block() -> None:
    html = re.sub(r"(?s)<(style|script|pre|svg)\b.*?</\1>", "", render(with_all_parts(), "now"))

    nodes = re.findall(r"</?(?:td|li|tr|p|div|dt|dd|section)\b[^>]*>\s+<", html)
    assert len(nodes) < html.count("<") / 50
