"""The command ``kit``: its list of commands, and how every one of them ends."""

from __future__ import annotations

import errno
import gc
import importlib
import os
import sys
from contextlib import suppress
from keyword import iskeyword

import click

import kit
from kit.cli.exit_codes import ExitCode, InterruptedCaseError, code_of_error
from kit.cli.guarded import guard_output
from kit.facts.errors import KitError
from kit.platform import interrupts

#: command to what it does in a line. Its module has its name and is imported when it is called: each start is fast, and
#: the list of commands imports none
COMMANDS = {
    "investigate": "Investigate an app and write its incident report.",
    "scan": "Print the collisions that the source shows; no code runs.",
    "importers": "List every place that imports a module or a name.",
    "upgrades": "Print the table of releases that break code.",
    "upgrade-check": "List the lines that newer releases break; --run tries each.",
    "run": "Run the tests and print every outcome.",
    "ingest": "Write the incident report of results that others made.",
    "trial": "Run every test before and after a change, in a scratch copy.",
    "apply": "Apply the fixes of a case to the real tree.",
    "verify": "Investigate the app of a case again, and say what is resolved.",
    "watch": "Show the counts of a run until it ends.",
    "doctor": "Check what kit needs, and say how to repair it.",
    "cases": "List the cases in the store, newest first.",
    "show": "Show the verdict, the accounting and the causes of a case.",
    "compare": "Compare two cases: causes, tests, categories and durations.",
    "baseline": "Accept what a case has found as known issues.",
    "when": "Name the commit that brought a cause.",
    "flaky": "List the tests that pass and fail at one revision.",
    "explain": "Print all that is known of one test.",
    "export": "Write all facts of a case to a file.",
    "import": "Put a case that was exported into the store.",
    "rm": "Remove cases from the store, with their folders.",
    "store": "Care for the store, the database that holds all cases.",
    "mcp": "Serve an app to an assistant that speaks MCP.",
    "agents": "Print how an assistant uses kit, for AGENTS.md.",
    "lab": "Open the notebooks in JupyterLab.",
    "params": "List the parameters of the notebooks.",
}

#: Python looks for reference cycles after this many new objects: facts have no cycles, and looking more often takes a
#: tenth of the time of a command
_YOUNG = 50_000

#: how a system says that a disk is full, or the part of it that a user may fill
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


def module_of(command: str) -> str:
    """The module of a command. It has the name of the command, with ``_`` for ``-`` and after a word of Python."""
    return f"kit.cli.{command.replace('-', '_')}{'_' if iskeyword(command) else ''}"


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # the same
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(module_of(cmd_name)).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(f"No such command '{args[0]}'.{_meant(args[0])}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  # the same
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _meant(name: str) -> str:
    """The command that a name which is none may stand for, as a question; those of the store count."""
    from difflib import get_close_matches

    from kit.cli.store import command as store

    names = {**{one: one for one in COMMANDS}, **{one: f"store {one}" for one in store.commands}}
    near = get_close_matches(name, names, 1)
    return f" Did you mean kit {names[near[0]]}?" if near else ""


# color: the guard of the output decides about colours; click would take escape sequences of the target out, unseen
@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "color": True})
@click.version_option(kit.__version__, prog_name="kit")
def cli() -> None:
    """Investigate a broken Python test suite: what is mapped twice, who imports it, what fails and why."""


def main() -> None:
    """Run the command line and exit with the code that the contract gives."""
    gc.set_threshold(_YOUNG, 20, 100)
    guard_output()
    code = _code_of_untold(_run())
    gc.freeze()  # when Python ends it looks for cycles in all that there is, again and again
    sys.exit(code)


def _code_of_untold(code: int) -> int:
    """Report a changed real tree that no command has reported, and return the exit code: ``code`` if there is none."""
    touched = sys.modules.get("kit.target.touched")  # no code of a target ran in a command that did not need it
    differences = touched.take_touched() if touched else ()
    for one in differences:
        _say(f"the real tree has changed while code of the target ran: {one.path} ({one.how})")
    return ExitCode.KIT_FAILED if differences else code


def _run() -> int:
    try:
        code = _called()
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return ExitCode.WRONG_USE
    except KitError as error:
        _say(str(error))
        return code_of_error(error)
    except (KeyboardInterrupt, click.Abort):
        _say("Interrupted.")
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # the reader of our output has seen enough; keep the interpreter from complaining about it at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.NOTHING_FOUND
    except Exception as error:
        if os.environ.get("KIT_DEBUG"):
            raise
        if isinstance(error, FileNotFoundError) and not _has_temporary_folder():
            _say("No folder for temporary files can be written here: set TMPDIR to one.")
            return ExitCode.WRONG_USE
        if isinstance(error, OSError) and error.errno in _FULL:
            _say(f"There is no room left on the disk of {error.filename or 'the output'}: make room, and do it again.")
            return ExitCode.KIT_FAILED
        _say(f"kit itself failed: {type(error).__name__}: {error}. Set KIT_DEBUG=1 to see where, and report it.")
        return ExitCode.KIT_FAILED
    return code if isinstance(code, int) else 0


def _called() -> object:
    """What the command returns. Signals interrupt nothing else: they would end in a traceback."""
    interrupts.raise_once()
    try:
        return cli(standalone_mode=False)
    except Exception as error:
        # what a signal to the group of processes ended, or what a transaction that it stopped has left locked, fails
        if interrupts.has_come() and not isinstance(error, InterruptedCaseError):
            raise KeyboardInterrupt from error
        raise
    finally:
        interrupts.ignore()


def _has_temporary_folder() -> bool:
    import tempfile  # has been imported by what failed

    try:
        return bool(tempfile.gettempdir())
    except FileNotFoundError:
        return False


def _say(sentence: str) -> None:
    with suppress(OSError):  # the exit code is left where nobody can read
        click.echo(f"kit: {sentence}", err=True, color=True)
