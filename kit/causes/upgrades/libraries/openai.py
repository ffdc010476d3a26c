"""What releases of openai broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="openai-chat-completion",
        library="openai",
        last_good="0.28.1",
        first_bad="1.0.0",
        kind="name-gone",
        error=r"APIRemovedInV1: |AttributeError: module 'openai' has no attribute 'error'",
        cause="the functions of the module are those of a client",
        before="openai.ChatCompletion.create(...)",
        after="openai.OpenAI().chat.completions.create(...)",
        both=True,
        source="https://github.com/openai/openai-python/blob/main/src/openai/lib/_old_api.py",
        uses=(
            "openai.ChatCompletion*",
            "openai.error*",
        ),
    ),
)
