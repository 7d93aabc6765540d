"""Which paths a command writes to."""

from __future__ import annotations

import pytest

from joblint.shell.writes import written


@pytest.mark.parametrize(
    ("line", "paths"),
    [
        ("chmod -R +x /a /b", ["/a", "/b"]),
        ("chown 1000:1000 /a", ["/a"]),
        ("chmod --reference=/x /a", ["/a"]),
        ("touch -r /x /a b", ["/a", "b"]),
        ("cp -r /a /b /c", ["/c"]),
        ("mv /a /b", ["/a", "/b"]),
        ("ln -s /a /b", ["/b"]),
        ("sed -i s/a/b/ /a", ["/a"]),
        ("sed -i -e s/a/b/ /a", ["/a"]),
        ("sed s/a/b/ /a", []),
        ("curl -o /a https://example.com", ["/a"]),
        ("wget --output-document=/a https://example.com", ["/a"]),
        ("dd if=/a of=/b", ["/b"]),
        ("tee /dev/null /a", ["/a"]),
        ("rm -rf -- -x /a", ["/a"]),
        ("cat /a", []),
        ("mkdir -m 700 -p /a b", ["/a", "b"]),
        ("pip install x", ["/usr/local/lib/python3/site-packages"]),
        ("pip install --target /a x", []),
        ("python manage.py dumpdata -o /a", ["/a"]),
        ("vault operator raft snapshot save /a", ["/a"]),
        ("git clone --depth 1 -b main https://example.com/x.git /a", ["/a"]),
        ("git -C /a pull", ["/a"]),
        ("git -C /a log", []),
        ("restic -r /a backup /b", ["/a"]),
        ("restic -r s3:https://example.com/a backup /b", []),
        ("restic --repo=/a snapshots", []),
        ("borg create -C zstd /a::x /b", ["/a"]),
        ("borg prune --keep-daily 7 /a", ["/a"]),
        ("borg create ssh://x@y/a::x /b", []),
        ("rsync -a --exclude x y:/b /a", ["/a"]),
        ("rsync -a /b y:/a", []),
        ("rclone sync --transfers 4 s3:b /a", ["/a"]),
        ("rclone copy /b s3:a", []),
        ("aws s3 cp s3://b/c /a --recursive", ["/a"]),
        ("aws s3 cp /b s3://b/c", []),
        ("mc mirror s3/b /a", ["/a"]),
        ("gzip -9 /a", ["/a"]),
        ("gunzip -c /a", []),
        ("find /a -mtime +7 -delete", ["/a"]),
        ("find /a -name x -exec rm {} +", ["/a"]),
        ("find /a -name x", []),
        ("openssl req -new -keyout /a -subj /CN=x", ["/a"]),
        ("unzip -o /b -d /a", ["/a"]),
    ],
)
def test_written(line: str, paths: list[str]) -> None:
    name, *rest = line.split()
    assert list(written(name, rest)) == paths


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("tar czf /b/x.tgz /data", "/b/x.tgz"),
        ("tar -c -f /b/x.tar /data", "/b/x.tar"),
        ("tar xzf /b/x.tgz -C /data", ""),
        ("etcdctl snapshot save /b/x.db", "/b/x.db"),
        ("redis-cli --rdb /b/x.rdb", "/b/x.rdb"),
    ],
)
def test_an_archive_is_written_where_it_is_created(line: str, path: str) -> None:
    name, *rest = line.split()
    assert written(name, rest) == ((path,) if path else ())


def test_a_redirection_belongs_to_the_last_command_of_a_pipe() -> None:
    from joblint.shell.grammar import parse
    from joblint.shell.syntax import commands

    found = {c.words[0]: c.redirects for c in commands(parse("a | gzip > /x\nb && c 2> /y"))}
    assert found == {"a": (), "gzip": ("> /x",), "b": (), "c": ("2> /y",)}
