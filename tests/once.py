"""What takes long is made once, though several processes run the tests."""

import fcntl
import pickle
from collections.abc import Callable
from typing import TypeVar

import pytest

Made = TypeVar("Made")


def once(factory: pytest.TempPathFactory, worker: str, name: str, make: Callable[[], Made]) -> Made:
    """What ``make`` gives, by the first process that asks; the others wait for it.

    Args:
        factory: whose directory the processes of one run share.
        worker: the name of this process; ``master`` where there is only one.
        name: what is made.
        make: makes something that can be pickled. What it raises is made again by each.
    """
    if worker == "master":
        return make()
    shared = factory.getbasetemp().parent / f"{name}.made"
    with shared.with_suffix(".lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not shared.exists():
            shared.write_bytes(pickle.dumps(make()))
        made: Made = pickle.loads(shared.read_bytes())
    return made
