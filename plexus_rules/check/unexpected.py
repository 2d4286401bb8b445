"""What to say of an error that nobody expected."""

from __future__ import annotations

_PACKAGE = __name__.partition(".")[0]
_LONGEST = 200


def described(error: BaseException) -> str:
    """What the error is, and the last line of this program that it came through."""
    where = ""
    trace = error.__traceback__
    while trace is not None:
        module = trace.tb_frame.f_globals.get("__name__", "")
        if module.partition(".")[0] == _PACKAGE:
            where = f" at {module}:{trace.tb_lineno}"
        trace = trace.tb_next
    said = str(error)[:_LONGEST]
    return f"{type(error).__name__}{': ' if said else ''}{said}{where}"
