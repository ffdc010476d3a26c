"""What releases of Pygments broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="pygments-whitespace-token",
        library="pygments",
        last_good="2.18.0",
        first_bad="2.19.0",
        kind="other-result",
        error=r'AssertionError: [\s\S]*<span class="w">',
        cause='the spaces between words of Python are tokens of their own (`class="w"`), also in the HTML',
        before="assert highlight(code, PythonLexer(), HtmlFormatter()) == page",
        after="assert unescape(re.sub('<[^>]+>', '', highlight(code, PythonLexer(), HtmlFormatter()))) == code",
        both=True,
        needs_move=True,
    ),
)
