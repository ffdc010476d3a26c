"""Line coverage by the target's own coverage.py: started before anything of the target is imported, saved by every
process, and put together at the end by the probe ``suite.lines REQUEST_FD RECORDS_FD``.

Request at the end: ``{"folder": "/abs", "config": path or null, "roots": [...]}``, where the last of the roots is the
present one, and the others are those of earlier sessions, whose data are there too. Records:
``{"kind": "total", "statements", "covered", "percent"}`` and for each source file one of the kind ``module`` with its
``path``, or ``{"kind": "problem", "what"}``.
"""

from __future__ import annotations

import contextlib
import json
import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Dict, Iterator, Optional

    from .channel import Channel


#: how much longer than the last writing took it has to be until the next one
SPARING = 20

KIT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

#: the files of kit that run in the target's process
OURS = [os.path.join(KIT, room, "*") for room in ("probes", "wire")]


def start(settings: Optional[Dict[str, Any]], control: Channel) -> Optional[Measuring]:
    """Measure from here on, as kit asks; a :class:`Measuring`, or ``None``."""
    if not settings:
        return None
    try:
        from coverage import Coverage
    except ImportError:
        control.send({"kind": "no_coverage"})
        return None
    options = {name: settings[name] for name in ("source", "branch") if settings.get(name)}
    data = os.path.join(settings["folder"], "data")
    measuring: Any = Coverage(
        data_file=data,
        data_suffix=True,
        config_file=settings["config"] or True,
        **options,
    )
    measuring.set_option("run:omit", [*(measuring.get_option("run:omit") or ()), *OURS])
    measuring.start()
    if not options and "multiprocessing" in (measuring.get_option("run:concurrency") or ()):
        os.environ["COVERAGE_FILE"] = data  # coverage.py measures the children itself, and knows no options of kit
    return Measuring(measuring)


class Measuring:
    """Writes down what this process and those that it is a fork of have measured; whatever goes wrong with that is no
    reason for a test to fail.
    """

    def __init__(self, coverage: Any) -> None:
        self._coverage, self._clock = coverage, time.monotonic
        self._next = 0.0

    def resume(self) -> None:
        """Go on measuring in a forked process, whatever the target's settings made of that.

        With ``patch = fork`` coverage.py stops the measurement of the parent in every child and starts another one,
        of which kit knows nothing: its lines would be lost, since kit ends its children without Python's own end.
        Children of the tests themselves are left to that setting.
        """
        with contextlib.suppress(Exception):
            current = type(self._coverage).current()
            if current is not self._coverage:
                if current is not None:
                    current.stop()
                self._coverage.start()

    def keep(self) -> bool:
        """Write, as often as that takes a small part of the time; whether it was written."""
        began = self._clock()
        if began < self._next or not self._save():
            return False
        self._next = self._clock() + SPARING * (self._clock() - began)
        return True

    def end(self, is_last: bool = False) -> bool:
        """Write it all; ``is_last``: and measure no more. Whether it was written."""
        if is_last:
            with contextlib.suppress(Exception):
                self._coverage.stop()
        return self._save()

    def _save(self) -> bool:
        try:
            self._coverage.save()
        except Exception:
            return False
        return True


def combine(request: Dict[str, Any]) -> Iterator[Dict[str, Any]]:
    """The records: one of the total and one of each module."""
    from coverage import Coverage

    folder = request["folder"]
    measured: Any = Coverage(data_file=os.path.join(folder, "data"), config_file=request["config"] or True)
    *others, root = request["roots"]
    if others:
        paths = measured.get_option("paths") or {}
        measured.set_option("paths", dict(paths, kit=[root, *others]))
    measured.combine([folder])
    report = os.path.join(folder, "report.json")
    measured.json_report(outfile=report)
    with open(report, encoding="utf-8") as stream:
        told = json.load(stream)
    os.replace(os.path.join(folder, "data"), os.path.join(folder, "data.earlier"))  # for a session that goes on
    yield dict(summary(told["totals"]), kind="total")
    for path, module in sorted(told["files"].items()):
        yield dict(summary(module["summary"]), kind="module", path=os.path.abspath(path))


def summary(numbers: Dict[str, Any]) -> Dict[str, Any]:
    return {
        "statements": numbers["num_statements"],
        "covered": numbers["covered_lines"],
        "percent": numbers["percent_covered"],
    }


def main(request_fd: str, records_fd: str) -> None:
    with os.fdopen(int(request_fd), encoding="utf-8") as stream:
        request = json.loads(stream.readline())
    with os.fdopen(int(records_fd), "w", encoding="utf-8") as out:
        try:
            for record in combine(request):
                out.write(json.dumps(record) + "\n")
        except Exception as error:
            out.write(json.dumps({"kind": "problem", "what": "%s: %s" % (type(error).__name__, error)}) + "\n")
