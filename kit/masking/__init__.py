"""Secrets and control characters out of whatever comes from the target, before it is stored or shown.

``mask`` takes secrets out of a text. Three things tell them: rules for their shape (those of gitleaks, as data with a
pinned version, and kit's own), the name of their value, and the values of this environment and of the target's
settings.
"""

from kit.masking.cutting import mask_beginning, mask_end
from kit.masking.gate import cleaned, is_clean_json, refuse, without_certain
from kit.masking.gathering import learn_environment, learn_target
from kit.masking.rules import MASK
from kit.masking.text import mask, mask_all
from kit.masking.visible import escaped_json, escaped_line, escaped_xml, visible

__all__ = [
    "MASK",
    "cleaned",
    "escaped_json",
    "escaped_line",
    "escaped_xml",
    "is_clean_json",
    "learn_environment",
    "learn_target",
    "mask",
    "mask_all",
    "mask_beginning",
    "mask_end",
    "refuse",
    "visible",
    "without_certain",
]
