"""Ports of a container and of a Pod's containers among each other; knows port numbers, port names and errors.

Source: Kubernetes 1.36.3 pkg/apis/core/validation/validation.go validateContainerPorts, AccumulateUniqueHostPorts and
ValidatePortNumOrName.
"""

from __future__ import annotations

from joblint.api.errors import Typed
from joblint.api.validate.meta.names import inclusive_range, is_valid_port_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.errors import Errors

_PROTOCOLS = ("SCTP", "TCP", "UDP")
_OUT_OF_RANGE = inclusive_range(1, 65535)


def validate_container_ports(ports: list[dict[str, Any]], path: str, errors: Errors) -> None:
    """The ports of one container; `path` is the list's field path."""
    names = set()
    for i, port in enumerate(ports):
        if name := port.get("name"):
            if messages := is_valid_port_name(name):
                for message in messages:
                    errors.invalid(f"{path}[{i}].name", name, message)
            elif name in names:
                errors.duplicate(f"{path}[{i}].name", name)
            else:
                names.add(name)
        number = port.get("containerPort", 0)
        if number == 0:
            errors.required(f"{path}[{i}].containerPort")
        elif not 1 <= number <= 65535:
            errors.invalid(f"{path}[{i}].containerPort", number, _OUT_OF_RANGE)
        if (host_port := port.get("hostPort")) and not 1 <= host_port <= 65535:
            errors.invalid(f"{path}[{i}].hostPort", host_port, _OUT_OF_RANGE)
        protocol = port.get("protocol")
        if not protocol:
            errors.required(f"{path}[{i}].protocol")
        elif protocol not in _PROTOCOLS:
            errors.not_supported(f"{path}[{i}].protocol", Typed(protocol), _PROTOCOLS)


def check_host_port_conflicts(containers: list[dict[str, Any]], path: str, errors: Errors) -> None:
    """No two ports of these containers may take the same protocol, address and port of the host."""
    taken = set()
    for i, container in enumerate(containers):
        for j, port in enumerate(container.get("ports") or ()):
            if host_port := port.get("hostPort"):
                place = f"{port.get('protocol', '')}/{port.get('hostIP', '')}/{host_port}"
                if place in taken:
                    errors.duplicate(f"{path}[{i}].ports[{j}].hostPort", place)
                taken.add(place)


def validate_port_num_or_name(port: int | str, path: str, errors: Errors) -> None:
    """A port that is a number or the name of one of the container's ports."""
    if isinstance(port, str):
        for message in is_valid_port_name(port):
            errors.invalid(path, port, message)
    elif not 1 <= port <= 65535:
        errors.invalid(path, port, _OUT_OF_RANGE)
