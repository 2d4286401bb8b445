"""Feeds damaged files to the readers: ``python -m tests.fuzz [READER]… --inputs N [--seed S]``.

Every input is made from the seed. At the first exception, or the first input that takes too
long, the input is saved and the run ends with exit status 1.
"""

from __future__ import annotations

import signal
import time
import traceback
from pathlib import Path
from types import FrameType

import click

from tests.fuzz.mutate import Mutator
from tests.fuzz.readers import READERS, Reader

#: Processor time for one input, in seconds: hundreds of times what an honest one takes.
LIMIT = 2.0


class TooSlow(BaseException):
    """A reader takes longer for one input than it may."""


def _stop(signum: int, frame: FrameType | None) -> None:
    raise TooSlow(f"more than {LIMIT} s")


def fuzz(reader: Reader, inputs: int, seed: int) -> tuple[int, bytes, BaseException] | None:
    """Reads so many inputs; the first that fails, with its number and the error."""
    draw, read = Mutator(reader.corpus(), reader.tokens, seed).draw, reader.read
    signal.signal(signal.SIGVTALRM, _stop)
    for number in range(inputs):
        data = draw()
        signal.setitimer(signal.ITIMER_VIRTUAL, LIMIT)
        try:
            read(data)
        except (Exception, TooSlow) as error:
            return number, data, error
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return None


@click.command()
@click.argument("names", type=click.Choice(sorted(READERS)), nargs=-1, metavar="[READER]…")
@click.option("--inputs", default=10_000, show_default=True, help="How many for each reader.")
@click.option("--seed", default=1, show_default=True, help="Another seed makes other inputs.")
@click.option(
    "--save",
    default=Path("fuzz"),
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Where an input that fails is saved.",
)
def main(names: tuple[str, ...], inputs: int, seed: int, save: Path) -> None:
    """Fuzz the readers that are named, or all of them."""
    for name in names or sorted(READERS):
        start = time.perf_counter()
        failed = fuzz(READERS[name], inputs, seed)
        if failed is not None:
            number, data, error = failed
            save.mkdir(parents=True, exist_ok=True)
            path = save / f"{name}-{seed}-{number}"
            path.write_bytes(data)
            traceback.print_exception(error, limit=-6)
            raise SystemExit(f"{name}: input {number} of seed {seed} fails; saved as {path}")
        taken = time.perf_counter() - start
        click.echo(f"{name}: {inputs:,} inputs of seed {seed}, {inputs / taken:,.0f} a second")


if __name__ == "__main__":
    main()
