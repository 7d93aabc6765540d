"""Long runs: `python -m tests.fuzz [TARGET …] --time 60`, guided by coverage where atheris is installed, or seeded.

A seeded run (`--inputs 1000000 --seed 7`) gives the same inputs again and needs nothing but joblint. It goes round the targets,
so it can be ended at any time; `--counts FILE` says how far it is. What fails is made small and written to `--into` (default:
fuzz-found/), one file a new fault: what fails at the same place for the same reason is told once.
A fault is an exception that is no refusal in words, a failed promise, more than a second of CPU time, or 512 MiB.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from random import Random
from signal import ITIMER_VIRTUAL, SIGVTALRM, setitimer, signal

from .mutate import mutated
from .seeds import ROOT, seeds

SECOND = 1.0
MEMORY = 512 << 10  # KiB
_TOO_SLOW = "too much CPU time"
SHARES = {
    "documents": 90, "check": 60, "fix": 40, "explain": 10, "diff": 40, "schedule": 200, "quantity": 200, "words": 145,
    "script": 50, "configuration": 50, "scenario": 15, "rule": 20, "ignores": 20, "templates": 20, "looks": 35, "edits": 5,
    "charts": 20, "mounted": 20,
}  # fmt: skip
"""What share of the inputs a target gets in a seeded run over several: the cheap ones more."""
ROUNDS = 1000
"""A seeded run goes round the targets so often; one that ends early has then tried all of them by their shares."""


class Slow(BaseException):
    """An input that took more CPU time than it may; no Exception, so that nobody takes it for one of joblint's."""


def main() -> int:
    options = _options()
    from .targets import TARGETS

    names = options.targets or list(TARGETS)
    unknown = [n for n in names if n not in TARGETS]
    if unknown:
        print(f"there is no target {', '.join(unknown)}; there are {', '.join(TARGETS)}")
        return 2
    if not options.inputs and not options.seeded:
        if _has_atheris():
            print(f"guided by coverage (atheris), {options.time:.0f} s for each of {len(names)} targets", flush=True)
            return max([_guided_apart(name, options) for name in names])
        print("atheris is not installed: inputs are random, from a seed, and not guided by coverage", flush=True)
    runs = [Run(name, options) for name in names]
    share = {n: SHARES[n] / sum([SHARES[name] for name in names]) for n in names}
    if options.inputs:
        for part in range(1, ROUNDS + 1):
            for run in runs:
                run.until(int(options.inputs * share[run.name] * part / ROUNDS))
                if options.counts:
                    options.counts.write_text("\n".join([r.told() for r in runs]) + "\n")
    else:
        for run in runs:
            run.going_for(options.time * (1 if options.each else share[run.name]))
    print("\n".join([run.told() for run in runs]), flush=True)
    return int(any(run.found for run in runs))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("targets", nargs="*")
    parser.add_argument("--time", type=float, default=60.0, help="seconds, over all targets; with atheris, for each")
    parser.add_argument("--each", action="store_true", help="--time is for each target")
    parser.add_argument("--inputs", type=int, default=0, help="that many inputs instead of a time")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seeded", action="store_true", help="without atheris even where it is there")
    parser.add_argument("--into", type=Path, default=ROOT / "fuzz-found")
    parser.add_argument("--counts", type=Path, help="a file that says how far a run by --inputs is")
    return parser.parse_args()


class Run:
    """One target's seeded run."""

    def __init__(self, name: str, options: argparse.Namespace) -> None:
        from .targets import TARGETS

        self.name, self.into = name, options.into
        self.target, self.pool = TARGETS[name], seeds(name)
        self.random = Random(f"{options.seed} {name}")
        self.found: dict[str, bytes] = {}
        self.kept: list[bytes] = []
        self.count, self.seconds, self.slowest = 0, 0.0, 0.0

    def until(self, count: int) -> None:
        """Runs the seeds, if nobody has, then changed ones, until there were so many."""
        self._begin()
        while self.count < count:
            self._next()

    def going_for(self, seconds: float) -> None:
        """Runs the seeds, then changed ones, for a time."""
        end = time.monotonic() + seconds
        self._begin()
        while time.monotonic() < end:
            self._next()

    def _begin(self) -> None:
        signal(SIGVTALRM, _too_slow)
        if not self.kept:
            self.kept = list(self.pool)
            for data in self.pool:  # the first run of anything imports what it needs
                self.one(data)

    def _next(self) -> None:
        random = self.random
        data = mutated(random.choice(self.kept), random, self.pool)
        took = self.one(data)
        self.count += 1
        self.seconds += took
        self.slowest = max(self.slowest, took)
        if random.random() < 0.02:  # changes of changes: some way from the seeds, not too far
            self.kept[random.randrange(len(self.kept))] = data
        if random.random() < 0.002:
            self.kept = list(self.pool)
        if self.count % 100 == 0 and _peak() > MEMORY:
            self.found["memory"] = b""

    def told(self) -> str:
        """One line: how many inputs, in how much CPU time, the slowest of them, the peak of memory, and what was found."""
        return (
            f"{self.name:14} {self.count:8} inputs {self.seconds:7.0f} s, slowest {self.slowest * 1000:5.0f} ms, "
            f"{_peak() >> 10:4} MiB, {len(self.found)} faults"
        )

    def one(self, data: bytes) -> float:
        """Runs an input; its CPU seconds. A fault that is new is made small and written down."""
        begun = time.process_time()
        why = self.why(data)
        took = time.process_time() - begun
        if why == _TOO_SLOW:  # a busy machine or a first import may have made it slow once
            why = self.why(data)
        if why and why not in self.found:
            small = smallest(data, lambda d: self.why(d) == why, 60 if took > SECOND / 2 else 1500)
            self.found[why] = small
            self.into.mkdir(exist_ok=True)
            path = self.into / f"{self.name}-{sha256(small).hexdigest()[:12]}"
            path.write_bytes(small)
            print(f"{self.name}: {why}\n  {path}: {small[:300]!r}", flush=True)
        return took

    def why(self, data: bytes) -> str:
        """Why an input is a fault: what was raised, and where; "" where it is none."""
        setitimer(ITIMER_VIRTUAL, SECOND)
        try:
            self.target(data)
        except Slow:
            return _TOO_SLOW
        except Exception as error:
            setitimer(ITIMER_VIRTUAL, 0)
            frame = traceback.extract_tb(error.__traceback__)[-1]
            said = "" if isinstance(error, AssertionError) and "inputs" in str(error) else str(error)[:120]
            return f"{type(error).__name__} at {os.path.basename(frame.filename)}:{frame.lineno}" + (
                f": {said}" if "crashes" in frame.line or frame.name == "sound" else ""  # type: ignore[operator]
            )
        finally:
            setitimer(ITIMER_VIRTUAL, 0)
        return ""


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _too_slow(number: int, frame: object) -> None:
    raise Slow


def smallest(data: bytes, fails: Callable[[bytes], bool], attempts: int = 1500) -> bytes:
    """A smaller input that still fails: without lines, then without bytes, as long as something can go."""
    for separator in (b"\n", b""):
        size = max(1, len(_parts(data, separator)) // 2)
        while size and attempts > 0:
            parts, at = _parts(data, separator), 0
            while at < len(parts) and attempts > 0:
                attempts -= 1
                fewer = separator.join(parts[:at] + parts[at + size :])
                if fails(fewer):
                    data, parts = fewer, _parts(fewer, separator)
                else:
                    at += size
            size //= 2
    return data


def _parts(data: bytes, separator: bytes) -> list[bytes]:
    return data.split(separator) if separator else [data[i : i + 1] for i in range(len(data))]


def _has_atheris() -> bool:
    from importlib.util import find_spec

    return find_spec("atheris") is not None


def _guided_apart(name: str, options: argparse.Namespace) -> int:
    """A guided run in a process of its own: libFuzzer ends the process it runs in."""
    options.into.mkdir(exist_ok=True)
    words = [name, str(options.into), str(options.time), str(options.seed)]
    status = subprocess.run([sys.executable, "-m", "tests.fuzz.guided", *words], cwd=ROOT, check=False).returncode
    if status:
        print(f"{name}: a fault (libFuzzer's exit status {status}); its input is in {options.into}", flush=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
