"""``python3 -m kit`` is the command ``kit``."""

from kit.platform import interrupts


def main() -> None:
    """Run the command line, which a signal ends in one sentence from here on: its imports take a while."""
    interrupts.end_at_once()
    from kit.cli.main import main as run

    run()


if __name__ == "__main__":
    main()
