"""What joblint touches while it works, as the interpreter's audit hooks see it: no connection, no program, nothing unpickled, no
file written but those that were asked for.

https://docs.python.org/3/library/audit_events.html
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

WATCHED = """
import json, os, sys
seen = []
NEVER = ("socket.", "subprocess.", "os.system", "os.exec", "os.spawn", "os.posix_spawn", "os.startfile", "pickle.", "webbrowser.",
    "urllib.", "ftplib.", "smtplib.", "http.", "ctypes.dlopen", "shutil.rmtree")
WRITES = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown")
def hook(event, given):
    if event.startswith(NEVER):
        seen.append([event, str(given[:1])])
    elif event in WRITES:
        seen.append(["write", os.path.abspath(os.fsdecode(given[0])) if not isinstance(given[0], int) else ""])
    elif event == "open" and given[2] is not None and given[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        if isinstance(given[0], (str, bytes)):
            seen.append(["write", os.path.abspath(os.fsdecode(given[0]))])
sys.addaudithook(hook)
from joblint.cli import main
status = main.run(sys.argv[2:])
sys.stdout.flush()
with open(sys.argv[1], "w") as out:
    json.dump([status, seen[:-1] if seen and seen[-1][1] == os.path.abspath(sys.argv[1]) else seen], out)
"""

HOSTILE = """\
apiVersion: batch/v1
kind: Job
metadata: {name: a, annotations: {a: !!python/object/apply:os.system ["touch ran"], b: !!python/name:os.system }}
spec:
  backofLimit: 3
---
apiVersion: batch/v1
kind: Job
metadata: {name: "$(touch ran)", annotations: {at: "http://169.254.169.254/latest/meta-data"}}
spec:
  backofLimit: 3
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: a
        image: "localhost:1/`touch ran`:1"
        command: [sh, -c, "touch ran; curl http://127.0.0.1:1; cat <(touch ran) > /tmp/ran; python3 -c 'open(0)'"]
---
apiVersion: batch/v1
kind: Job
metadata: {name: accepted}
spec:
  activeDeadlineSeconds: 300
  backoffLimit: 6
  template:
    spec:
      restartPolicy: Never
      containers: [{name: a, image: perl, command: [sh, -c, "touch ran; cat /x | tee y"]}]
"""


def _touched(folder: Path, *arguments: str) -> tuple[int, list[list[str]]]:
    result = folder / "result"
    home = folder / "home"
    environment = {**os.environ, "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), "PYTHONPATH": str(ROOT)}
    work = folder / "work"
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, str(result), *arguments], cwd=work, env=environment, capture_output=True, check=False
    )
    assert result.exists(), done.stderr.decode()
    status, seen = json.loads(result.read_text())
    return status, seen


@pytest.mark.parametrize(
    ("command", "written"),
    [
        ("check --no-cache a.yaml", ()),
        ("check a.yaml", ("home/cache/joblint",)),
        ("check --no-cache --fix a.yaml", ("work",)),
        ("check --no-cache --diff a.yaml", ()),
        ("check --no-cache --add-ignores --reason x a.yaml", ("work",)),
        ("check --no-cache --output sarif=out.sarif --output junit=out.xml a.yaml", ("work",)),
        ("check --no-cache --shard 0/2 --shard-file part a.yaml", ("work",)),
        ("baseline write a.yaml", ("work", "home/cache/joblint")),
        ("jobs-explain a.yaml", ()),
        ("jobs-explain --format html a.yaml", ()),
        ("diff a.yaml a.yaml", ()),
        ("rules test rules.yaml", ()),
    ],
)
def test_nothing_is_touched_but_what_was_asked_for(command: str, written: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "home").mkdir()
    (tmp_path / "work" / "a.yaml").write_text(HOSTILE)
    (tmp_path / "work" / "rules.yaml").write_text("rules: []\n")
    status, seen = _touched(tmp_path, *command.split())
    assert status in (0, 1, 2)
    package = str(ROOT / "joblint") + os.sep  # a checkout keeps compiled code there
    allowed = [str(tmp_path / place) for place in written]
    other = [
        (event, what)
        for event, what in seen
        if event != "write" or not what.startswith((package, *allowed)) and what not in ("", os.devnull)
    ]
    assert other == []
    assert "work" not in written or any(what.startswith(tuple(allowed)) for _, what in seen)
    assert not (tmp_path / "work" / "ran").exists()
