"""The suite probe's plugin where kit wants to know what each test runs."""

from __future__ import annotations

import sys

from .collecting import path_of
from .executed import ExecutionRecorder

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Generator, List, Type

    from .main import Plugin

    Base = Plugin
else:
    Base = object


class Recording(Base):
    """What is added to the plugin: it reports what each test has run."""

    executed: ExecutionRecorder

    def pytest_load_initial_conftests(
        self, early_config: Any, parser: Any, args: List[str]
    ) -> Generator[None, Any, None]:
        self.executed.cover(sys.meta_path)
        yield from super().pytest_load_initial_conftests(early_config, parser, args)

    def pytest_collectstart(self, collector: Any) -> None:
        if isinstance(collector, self._pytest.File):
            self.executed.collecting(path_of(collector))
        super().pytest_collectstart(collector)

    def _send_collected(self, items: List[Any]) -> None:
        self.executed.collected()
        self.executed.modules()
        self._channel.send(self.executed.report(-1, set()))
        self.executed.renumber()
        super()._send_collected(items)

    def _end_of_collection(self) -> None:
        self.executed.cover(sys.meta_path)

    def _fork(self, command: Any, descriptor: int) -> None:
        super()._fork(command, descriptor)
        self.executed.forget()  # the fork is ours

    def _begin_as_child(self) -> None:
        self.executed.forget()
        self.executed.renumber()

    def _run(self, index: int, item: Any, following: Any) -> bool:
        self.executed.begin()
        return super()._run(index, item, following)

    def pytest_fixture_setup(self, fixturedef: Any, request: Any) -> Generator[None, Any, None]:
        yield from self.executed.setting_up(fixturedef, request)
        self._is_set_up(fixturedef)

    def pytest_runtest_teardown(self, item: Any) -> None:  # type: ignore[override]
        self.executed.uses(item)
        super().pytest_runtest_teardown()

    def _send_finished(self, index: int, outcome: Any, *details: Any, **more: Any) -> None:
        if outcome != "not_run":
            self._channel.send(self.executed.report(index, self.executed.end()))
        super()._send_finished(index, outcome, *details, **more)


def recording(plugin: Type[Plugin], root: str) -> Any:
    """A plugin like ``plugin`` that also reports which code tests run; ``plugin`` where this Python cannot tell."""
    executed = ExecutionRecorder(root)
    return type("Recording", (Recording, plugin), {"executed": executed}) if executed.works else plugin
