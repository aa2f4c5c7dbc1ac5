"""`python -m generator` is `broadsheet`."""

import signal

from generator.system import write_utf8


def main() -> None:
    """Carry out the command that was typed.

    Ctrl-C ends the process at once while modules are imported: nothing is under way yet.
    """
    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler:  # else whoever started it has said what to do
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from generator.cli import main as carry_out

    signal.signal(signal.SIGINT, before)
    write_utf8()
    carry_out()


if __name__ == "__main__":
    main()
