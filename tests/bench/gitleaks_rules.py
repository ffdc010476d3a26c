"""Make ``kit/masking/gitleaks.json`` from a release of gitleaks.

Run it as ``python tests/bench/gitleaks_rules.py CONFIG VERSION``.

``CONFIG`` is the file ``config/gitleaks.toml`` of that release. gitleaks is written in Go; three things differ in
Python's regular expressions: flags stand only at the beginning or around a group, ``\\Z`` is the end of the text, and
there are no POSIX classes. Two more changes: what may follow a token is anything that is not part of a word (gitleaks
reads source files; kit also reads messages, where a comma or a bracket follows), and the name of the service is
searched for from its first letter on, so that the search takes time in proportion to the text.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path

OUTPUT = Path(__file__).parents[2] / "kit" / "masking" / "gitleaks.json"

#: kit has rules of its own for these: they need a whole line, or match far more than secrets in test output
LEFT_OUT = {
    "curl-auth-header", "curl-auth-user", "generic-api-key", "hashicorp-tf-password", "kubernetes-secret-yaml",
    "private-key", "sourcegraph-access-token", "discord-client-id", "asana-client-id",
}  # fmt: skip

#: keywords in place of gitleaks' own, which stand in the names of tests: the pattern needs the service's name anyway
KEYWORDS = {"gocardless-api-token": ["gocardless"], "lob-api-key": ["lob"], "lob-pub-api-key": ["lob"]}

_AFTER = r"(?:[\x60'" + '"' + r"\s;]|\\[nr]|$)"
_BEFORE = r"[\w.-]{0,50}?"


def translated(pattern: str) -> str:
    """The pattern as Python reads it."""
    pattern = pattern.removesuffix(_AFTER) + (r"(?!\w)" if pattern.endswith(_AFTER) else "")
    flags = "(?i)" if pattern.startswith("(?i)") else ""
    pattern = pattern.removeprefix(flags).removeprefix(_BEFORE)
    pattern = pattern.replace("[[:alnum:]]", "[0-9A-Za-z]").replace(r"\z", r"\Z")
    pattern = re.sub(r"\(\?P<\w+>", "(?:", pattern)
    while "(?i)" in pattern:
        pattern = _with_group(pattern, pattern.index("(?i)"))
    return flags + pattern


def _with_group(pattern: str, at: int) -> str:
    """A flag that stands in the middle holds up to the end of its group: make a group of that part."""
    depth, end, in_class = 0, at + 4, False
    while end < len(pattern):
        letter = pattern[end]
        if letter == "\\":
            end += 1
        elif in_class:
            in_class = letter != "]"
        elif letter == "[":
            in_class = True
        elif letter == "(":
            depth += 1
        elif letter == ")":
            if not depth:
                break
            depth -= 1
        end += 1
    return f"{pattern[:at]}(?i:{pattern[at + 4 : end]}){pattern[end:]}"


def main(config: str, version: str) -> None:
    """Write the rules."""
    rules = [
        {
            "id": rule["id"],
            "keywords": KEYWORDS.get(rule["id"], rule["keywords"]),
            "pattern": translated(rule["regex"]),
            "group": rule.get("secretGroup", 0),
            "entropy": rule.get("entropy", 0),
        }
        for rule in tomllib.loads(Path(config).read_text())["rules"]
        if "regex" in rule and rule["id"] not in LEFT_OUT
    ]
    for rule in rules:
        re.compile(rule["pattern"])
    data = {
        "source": "gitleaks, config/gitleaks.toml",
        "version": version,
        "licence": "MIT, Copyright (c) 2019 Zachary Rice; see gitleaks.LICENSE",
        "rules": rules,
    }
    OUTPUT.write_text(json.dumps(data, indent=1) + "\n")
    print(f"{len(rules)} rules")


if __name__ == "__main__":
    main(*sys.argv[1:])
