"""Names of fields and labels that more than one part looks at; no behavior, imports nothing.

Sources: Kubernetes 1.36.3 pkg/apis/batch/v1/types.go, pkg/apis/core/types.go.
"""

from __future__ import annotations

CONTAINER_LISTS = ("initContainers", "containers")
"""The lists of containers in a Pod template, in the order in which they run."""

ALL_CONTAINER_LISTS = (*CONTAINER_LISTS, "ephemeralContainers")
"""The lists of containers of a Pod."""

UID_LABELS = ("controller-uid", "batch.kubernetes.io/controller-uid")
"""The labels with a Job's uid, which its generated selector matches; the second since 1.27."""

NAME_LABELS = ("job-name", "batch.kubernetes.io/job-name")
"""The labels with a Job's name."""

GENERATED_LABELS = (*UID_LABELS, *NAME_LABELS)
"""What the server writes into the labels of a Job's template and, if they share a map, of the Job."""

INDEX_LABEL = "batch.kubernetes.io/job-completion-index"
"""The label, and the annotation, with the completion index of a Pod."""
