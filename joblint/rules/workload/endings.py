"""Which containers of a Pod template never end by themselves, by their program or their image; no texts."""

from __future__ import annotations

from joblint.base.record import Record
from joblint.shell.endless import Endless, program
from joblint.shell.servers import serving_image

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.subject import ContainerRef
    from joblint.rules.workload.scripts import Script
    from joblint.shell.invocation import Invocation
    from joblint.shell.syntax import Sequence


class Ending(Record):
    """A container that does not end: what keeps it running, and the field to point at."""

    container: ContainerRef
    index: int
    field: str
    why: Endless
    script: Script | None


def endings(
    containers: tuple[ContainerRef, ...], runs: tuple[Invocation, ...], scripts: tuple[Script, ...]
) -> tuple[Ending, ...]:
    """Return those containers, in order, without native sidecars, which are meant to keep running."""
    found = []
    scripts_of: dict[int, list[Script]] = {}
    for each in scripts:
        scripts_of.setdefault(each.index, []).append(each)
    for i, (container, run) in enumerate(zip(containers, runs, strict=True)):
        if container.role == "sidecar":
            continue
        own = scripts_of.get(i, [])
        script = own[0] if own and run.script >= 0 else None
        why = _endless(run, script.statements if script is not None else None)
        if why is None and script is not None:
            why = _nested(script, own[1:])
        field = ""
        if why is not None:
            # The word that makes it endless: the script, or the program.
            field = script.field if script is not None else run.fields[run.program]
        elif not run.sure:
            why, field = _by_image(container, run)
        if why is None and (again := _restarted(container)):
            field, what = again
            why = Endless(what, False, sure=False)
        if why is not None:
            found.append(Ending(container, i, field, why, script))
    return tuple(found)


def _restarted(container: ContainerRef) -> tuple[str, str] | None:
    """The field of a container with which the kubelet restarts it after it has succeeded, and that in words; None if there is
    none. Source: Kubernetes 1.36.3, pkg/kubelet/container/helpers.go, ShouldContainerBeRestarted."""
    if not container.data.get("restartPolicy"):
        return None
    from joblint.controller.node.container import Container
    from joblint.controller.scenario.scenario import Script

    after_success = Container(container.data, container.role, Script(), "Never").verdict(0)
    if after_success == "end":
        return None
    if container.data["restartPolicy"] == "Always":
        return container.at + ".restartPolicy", "restartPolicy: Always restarts it whenever it ends"
    return container.at + ".restartPolicyRules", "its restartPolicyRules also restart it after exit code 0"


def _endless(run: Invocation, script: Sequence | None) -> Endless | None:
    """What keeps a container running indefinitely; None if it ends or if there is no sign that it does not."""
    if not run.words or run.bounded:
        return None
    if run.shell:
        if script is None:
            return None
        from joblint.shell.endless_script import in_script

        return in_script(script)
    return program(run.name, run.rest)


def _nested(script: Script, nested: list[Script]) -> Endless | None:
    """A script that consists only of another shell's script."""
    if len(script.statements.parts) == 1 and nested:
        from joblint.shell.endless_script import in_script
        from joblint.shell.syntax import Command

        if isinstance(script.statements.parts[0], Command):
            inner = in_script(nested[0].statements)
            return Endless(inner.what, inner.server) if inner is not None else None
    return None


def _by_image(container: ContainerRef, run: Invocation) -> tuple[Endless | None, str]:
    image = container.data.get("image")
    if not isinstance(image, str):
        return None, ""
    served = serving_image(image, run.words)
    if served:
        return Endless(
            f"the image {served}" if served.startswith("pause") else served, not served.startswith("pause")
        ), container.at + ".image"
    name = image.partition("@")[0].rsplit("/", 1)[-1].partition(":")[0]
    if run.words and name in ("kubectl", "vault", "consul", "minio", "caddy"):
        why = program(name, run.words)
        return why, run.fields[0]
    return None, ""
