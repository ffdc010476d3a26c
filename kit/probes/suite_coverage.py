"""Line coverage by the target's own coverage.py: started before anything of the target is imported, saved by every
process, and put together at the end by ``python suite_coverage.py REQUEST_FD RECORDS_FD``.

Request at the end: ``{"folder": "/abs", "config": path or null}``. Records: ``{"kind": "total", ...}`` and a
``{"kind": "module", "path", "statements", "covered", "percent"}`` for each source file, or ``{"kind": "problem"}``.
"""

import contextlib
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def start(settings, control):
    """Measure from here on, as kit asks; what :func:`save` takes, or ``None``."""
    if not settings:
        return None
    try:
        from coverage import Coverage
    except ImportError:
        control.send("no_coverage")
        return None
    options = {name: settings[name] for name in ("source", "branch") if settings.get(name)}
    measuring = Coverage(
        data_file=os.path.join(settings["folder"], "data"),
        data_suffix=True,
        config_file=settings["config"] or True,
        **options,
    )
    measuring.set_option("run:omit", [*(measuring.get_option("run:omit") or ()), os.path.join(HERE, "*")])
    measuring.start()
    return measuring


def save(measuring):
    """Write what this process has measured; whatever goes wrong is no reason for a test to fail."""
    if measuring is not None:
        with contextlib.suppress(Exception):
            measuring.stop()
            measuring.save()


def combine(request):
    """The records: one of the total and one of each module."""
    from coverage import Coverage

    folder = request["folder"]
    measured = Coverage(data_file=os.path.join(folder, "data"), config_file=request["config"] or True)
    measured.combine([folder])
    report = os.path.join(folder, "report.json")
    measured.json_report(outfile=report)
    with open(report, encoding="utf-8") as stream:
        told = json.load(stream)
    yield dict(summary(told["totals"]), kind="total")
    for path, module in sorted(told["files"].items()):
        yield dict(summary(module["summary"]), kind="module", path=os.path.abspath(path))


def summary(numbers):
    return {
        "statements": numbers["num_statements"],
        "covered": numbers["covered_lines"],
        "percent": numbers["percent_covered"],
    }


def main(request_fd, records_fd):
    with os.fdopen(int(request_fd), encoding="utf-8") as stream:
        request = json.loads(stream.readline())
    with os.fdopen(int(records_fd), "w", encoding="utf-8") as out:
        try:
            for record in combine(request):
                out.write(json.dumps(record) + "\n")
        except Exception as error:
            out.write(json.dumps({"kind": "problem", "what": "%s: %s" % (type(error).__name__, error)}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
