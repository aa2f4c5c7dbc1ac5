"""Have a signal end the preview, whatever its threads are busy with.

Python hears of a signal between two steps of its own, so a regular expression that runs for a
minute is deaf to Ctrl-C for that long. The system writes each signal into a pipe all the same. At
the other end a guard listens, a process of its own, and kills the one that leaves it unanswered.
"""

import asyncio
import os
import select
import signal
import threading
import time
from collections.abc import Callable

from generator.system import HAS_FORK

PATIENCE = 1.0
"""Seconds that a signal may be left unanswered, and that it may take to end once it is heard."""
_ANSWER = 0
_ENDING = (signal.SIGINT, signal.SIGTERM)


def stand_guard() -> int:
    """Start the guard of this process; return the descriptor of the pipe that it listens to.

    -1 where the system has no such processes. No other thread may be running yet.
    """
    if not HAS_FORK:
        return -1
    heard, told = os.pipe()
    guarded = os.getpid()
    if os.fork() == 0:
        try:
            os.close(told)
            _guard(guarded, heard)
        finally:
            os._exit(0)
    os.close(heard)
    os.set_blocking(told, False)
    return told


def on_signals(stop: Callable[[], None], told: int) -> None:
    """Have `stop` called, in the loop, when the person or the system ends the process.

    `told` is what `stand_guard` gave. If the end takes too long then, it ends all the same.
    """
    loop = asyncio.get_running_loop()

    def end() -> None:
        if told >= 0:
            os.write(told, bytes([_ANSWER]))
        at_last = threading.Timer(PATIENCE, os._exit, [0])
        at_last.daemon = True
        at_last.start()
        stop()

    for number in _ENDING:
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(end))
    if told >= 0:
        signal.set_wakeup_fd(told, warn_on_full_buffer=False)


def _guard(guarded: int, heard: int) -> None:
    """Kill a process if it does not answer a signal in time, until it is no more."""
    for number in _ENDING:  # Ctrl-C at a terminal is for this one too
        signal.signal(number, signal.SIG_IGN)
    while message := os.read(heard, 1):
        if message[0] in _ENDING and not _is_answered(heard):
            os.kill(guarded, signal.SIGKILL)


def _is_answered(heard: int) -> bool:
    """Return whether something else than more signals comes in time, be it the end."""
    until = time.monotonic() + PATIENCE
    while select.select([heard], [], [], max(0.0, until - time.monotonic()))[0]:
        message = os.read(heard, 1)
        if not message or message[0] == _ANSWER:
            return True
    return False
