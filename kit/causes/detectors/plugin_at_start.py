"""An installed plugin that keeps pytest from starting: leaving plugins out has shown which.

https://docs.pytest.org/en/stable/how-to/plugins.html#deactivating-unregistering-a-plugin-by-name
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import RUN, cause_of, enumerated, shortened, then_check
from kit.causes.detector import Detector
from kit.causes.detectors.upgraded_library import keeps_from_starting
from kit.causes.scene.scene import Scene
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.wording import counted

KIND: Final = "plugin-broken"


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    trial = scene.suite.plugin_trial
    if trial is None or keeps_from_starting(scene):
        return
    names = [plugin.name for plugin in trial.plugins]
    quoted = enumerated([f'"{name}"' for name in names])
    brought = [f"{plugin.distribution} {plugin.version}" for plugin in trial.plugins]
    unfit = list(dict.fromkeys(plugin.distribution for plugin in trial.plugins))
    many = len(names) > 1
    advice = f"Until then, add {' '.join(f'-p no:{name}' for name in names)} to addopts"
    collected = "" if trial.tests is None else f", and then collects {counted(trial.tests, 'test')}"
    groups = [group for group in unexplained if not scene.suite.tests and not group.tests]
    yield cause_of(
        groups,
        id=f"{KIND}:{'+'.join(names)}",
        kind=KIND,
        title=f"{'Plugins' if many else 'Plugin'} {quoted} "
        f"({enumerated(brought)}) {'keep' if many else 'keeps'} pytest from starting",
        state="consistent" if trial.tests is None else "confirmed",
        locations=(),
        evidence=[
            Evidence(
                f"Of the installed plugins, pytest starts without {'these' if many else 'this one'}{collected} "
                f"({counted(trial.starts, 'start')}): {trial.command}"
            ),
            *([Evidence(shortened(scene.suite.problem))] if scene.suite.problem else []),
        ],
        next_step=then_check(f"Install a release of {enumerated(unfit)} that fits this pytest. {advice}", RUN),
    )


DETECTOR = Detector(rank=8, kind="plugin-at-start", find=_find)
