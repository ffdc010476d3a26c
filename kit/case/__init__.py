"""The investigation of one target: its stages one by one, as the notebooks and the commands call them."""

from kit.case.investigation import Investigation
from kit.case.request import Request, reports_folder

__all__ = ["Investigation", "Request", "reports_folder"]
