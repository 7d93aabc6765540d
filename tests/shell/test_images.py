"""What is known of images: their names, their programs, what they start."""

from __future__ import annotations

import pytest

from joblint.shell import images


@pytest.mark.parametrize(
    ("image", "name", "tag"),
    [
        ("python", "python", ""),
        ("python:3.13", "python", "3.13"),
        ("docker.io/library/python:3.13", "python", "3.13"),
        ("library/python:3.13", "python", "3.13"),
        ("docker.io/bitnami/kubectl:1.33", "bitnami/kubectl", "1.33"),
        ("public.ecr.aws/docker/library/python:3", "python", "3"),
        ("python:3.13@sha256:" + "0" * 64, "python", "3.13"),
        ("localhost:5000/app", "localhost:5000/app", ""),
        ("localhost:5000/app:v1", "localhost:5000/app", "v1"),
        # A mirror serves well-known images below its own name
        ("harbor.example.com/proxy/library/python:3.13", "python", "3.13"),
        ("harbor.example.com/proxy/rancher/kubectl:v1.33", "rancher/kubectl", "v1.33"),
        ("harbor.example.com/proxy/rancher/kubectl:latest", "harbor.example.com/proxy/rancher/kubectl", "latest"),
        ("harbor.example.com/library/python:3.13", "harbor.example.com/library/python", "3.13"),
        ("mirror.example.com/gcr.io/distroless/static:1", "gcr.io/distroless/static", "1"),
        ("mirror.example.com/a/gcr.io/distroless/static:1", "gcr.io/distroless/static", "1"),
        ("mirror.example.com/agcr.io/distroless/static:1", "mirror.example.com/agcr.io/distroless/static", "1"),
        ("harbor.example.com/proxy/team/app:1", "harbor.example.com/proxy/team/app", "1"),
        ("quay.io/rancher/kubectl:v1.33", "quay.io/rancher/kubectl", "v1.33"),
        ("proxy/rancher/kubectl:v1.33", "proxy/rancher/kubectl", "v1.33"),
        ("proxy:5000/rancher/kubectl:v1.33", "rancher/kubectl", "v1.33"),
    ],
)
def test_names(image: str, name: str, tag: str) -> None:
    assert images.name_and_tag(image) == (name, tag)


@pytest.mark.parametrize(
    ("image", "private", "copy"),
    [
        ("python:3", False, False),
        ("team/app:1", False, False),
        ("ghcr.io/team/app:1", False, False),
        ("registry.example.com/app:1", True, False),
        ("localhost:5000/app", True, False),
        ("registry.example.com/proxy/library/python:3", False, True),
        ("registry.example.com:5000/proxy/library/python", False, True),
    ],
)
def test_private_registries(image: str, private: bool, copy: bool) -> None:
    assert (images.is_private(image), images.is_copy(image)) == (private, copy)


@pytest.mark.parametrize(
    ("image", "started"),
    [
        ("curlimages/curl:8.9.1", "curl"),
        ("docker.io/restic/restic", "restic"),
        ("registry.k8s.io/kubectl:v1.33.0", "kubectl"),
        ("public.ecr.aws/aws-cli/aws-cli:2", "aws"),
        ("python:3", ""),
    ],
)
def test_entrypoints(image: str, started: str) -> None:
    assert images.entrypoint(image) == started


@pytest.mark.parametrize(
    ("image", "there"),
    [
        ("alpine:3.20", True),
        ("busybox", True),
        ("docker:27", True),
        ("alpine/helm:3", True),
        ("python:3.13-alpine", True),
        ("postgres:17-alpine", True),
        ("haproxy:3-alpine", True),
        ("python:3.13", False),
        ("team/app:1-alpine", False),
        ("mysql:8-alpine", False),
    ],
)
def test_busybox(image: str, there: bool) -> None:
    assert images.has_busybox(image) == there


@pytest.mark.parametrize(
    ("image", "program", "says"),
    [
        ("gcr.io/distroless/static:nonroot", "sh", "gcr.io/distroless/static"),
        ("gcr.io/distroless/static:debug", "sh", ""),
        ("gcr.io/distroless/static:nonroot", "work", ""),
        ("python:3.13-alpine", "bash", "python with the tag 3.13-alpine"),
        ("python:3.13-alpine", "apt-get", "python with the tag 3.13-alpine"),
        ("python:3.13-alpine", "sh", ""),
        ("python:3.13-slim", "curl", "python with the tag 3.13-slim"),
        ("python:3.13-slim", "apk", "python with the tag 3.13-slim"),
        ("python:3.13-slim", "bash", ""),
        ("ruby:3-slim", "curl", ""),
        ("python:3.13", "curl", ""),
        ("python:3.13", "kubectl", "python"),
        ("team/app:1", "kubectl", ""),
        ("mongo:6", "mongo", "mongo with the tag 6"),
        ("mongo:7.0.1", "mongo", "mongo with the tag 7.0.1"),
        ("mongo:latest", "mongo", "mongo with the tag latest"),
        ("mongo:5-focal", "mongo", ""),
        ("mongo:6-jammy", "mongo", "mongo with the tag 6-jammy"),
        ("mongo:6", "mongosh", ""),
        ("mongo", "mongo", ""),
        ("mongo:7", "curl", "mongo"),
        ("mariadb:10.11", "mysqldump", ""),
        ("mariadb:11.4", "mysqldump", "mariadb with the tag 11.4"),
        ("postgres:17-alpine", "wget", ""),
        ("postgres:17-alpine", "curl", "postgres"),
    ],
)
def test_programs_that_an_image_lacks(image: str, program: str, says: str) -> None:
    assert images.lacks(image, program) == says
