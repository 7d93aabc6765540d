"""Services that a Job names: forms that are right, beside the traps."""

from __future__ import annotations

import pytest

from .helper import job_of, warnings_of

SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: app}
spec:
  selector: {app: web}
  EXTRA
  ports: [{name: http, port: 80, targetPort: 3000}]
---
"""


@pytest.mark.parametrize(
    ("extra", "url", "found"),
    [
        ("type: ClusterIP", "http://app:3000/", True),
        ("clusterIP: None", "http://app:3000/", False),
        ("type: ExternalName", "http://app:3000/", False),
        ("type: ClusterIP", "http://app/", False),
        ("type: ClusterIP", "http://app.example.com:3000/", False),
        ("type: ClusterIP", "http://app.other.svc:3000/", False),
    ],
)
def test_a_name_that_stands_for_the_pods_has_all_their_ports(extra: str, url: str, found: bool) -> None:
    """Without a cluster IP, a name is resolved to the Pods themselves, or to another host."""
    manifest = SERVICE.replace("EXTRA", extra) + job_of(f"command: [curl, --fail, '{url}']\n")
    assert ("JL966" in warnings_of(manifest)) == found


@pytest.mark.parametrize(
    ("pod", "found"),
    [
        ("hostNetwork: true\n", True),
        ("hostNetwork: true\ndnsConfig: {nameservers: [10.96.0.10]}\n", False),
        ("hostNetwork: true\nhostAliases: [{ip: 10.0.0.1, hostnames: [db.shop.svc]}]\n", False),
        ("dnsPolicy: ClusterFirst\n", False),
    ],
)
def test_who_brings_a_server_or_an_address_needs_no_dns_of_the_cluster(pod: str, found: bool) -> None:
    manifest = job_of("command: [/app/load, --store, 'http://db.shop.svc:9000']\n", pod=pod)
    assert ("JL964" in warnings_of(manifest)) == found
