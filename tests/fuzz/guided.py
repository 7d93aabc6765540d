"""`python -m tests.fuzz.guided TARGET FOLDER SECONDS SEED`: one target under atheris, in a process that libFuzzer ends.

Knows no more of joblint than the other modules here, but imports it last: only what is imported after the hook is in place is
instrumented, and a run without instrumentation is not guided by anything. The hook stays, since joblint imports late.
"""

from __future__ import annotations

import sys
import tempfile
from contextlib import redirect_stderr, suppress
from io import StringIO
from pathlib import Path
from random import Random


def main(name: str, into: str, seconds: str, seed: str) -> None:
    """Runs a target until the time is over, or until it finds a fault, whose input it writes to the folder."""
    import atheris

    assert not any(module.split(".")[0] == "joblint" for module in sys.modules)
    with redirect_stderr(StringIO()):  # a line for each module
        atheris.instrument_imports(include=["joblint"]).__enter__()
        from .mutate import mutated
        from .seeds import seeds
        from .targets import TARGETS

        target, pool = TARGETS[name], seeds(name)
        for data in pool[:: max(1, len(pool) // 60)]:  # imports most of what it needs
            target(data)

    def custom(data: bytes, size: int, seed: int) -> bytes:
        random = Random(seed)
        if random.random() < 0.3:
            return bytes(atheris.Mutate(data, size))
        return mutated(bytes(data), random, pool, size)

    with tempfile.TemporaryDirectory() as folder, suppress(SystemExit):
        for i, data in enumerate(pool):
            Path(folder, f"{i:04}").write_bytes(data)
        arguments = [
            sys.argv[0], f"-max_total_time={int(float(seconds))}", "-timeout=60", "-report_slow_units=30",
            "-rss_limit_mb=2048", "-max_len=6000",
            f"-artifact_prefix={into}/{name}-", f"-seed={seed}", "-verbosity=0", "-print_final_stats=1", folder,
        ]  # fmt: skip
        atheris.Setup(arguments, target, custom_mutator=custom)
        atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
