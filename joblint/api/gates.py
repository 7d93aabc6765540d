"""Which feature gates are on by default in which Kubernetes version: one table, as data; imports nothing.

Source: Kubernetes 1.36.3 pkg/features/kube_features.go (its versioned specifications reach back before 1.31). 1.37 is
taken to keep the defaults of 1.36: its server code was not to be had as a Go module when this table was made.
"""

from __future__ import annotations

NEVER = 9999

# gate: (first minor version of 1.x in which it is on by default, first one in which it is off again)
DEFAULT_ON: dict[str, tuple[int, int]] = {
    "AnyVolumeDataSource": (24, NEVER),
    "ClusterTrustBundleProjection": (NEVER, NEVER),
    "ContainerRestartRules": (35, NEVER),
    "ContainerStopSignals": (NEVER, NEVER),
    "CrossNamespaceVolumeDataSource": (NEVER, NEVER),
    "DRAExtendedResource": (36, NEVER),
    "DynamicResourceAllocation": (34, NEVER),
    "EnvFiles": (35, NEVER),
    "GenericWorkload": (NEVER, NEVER),
    "GitRepoVolumeDriver": (0, 33),
    "HostnameOverride": (35, NEVER),
    "ImageVolume": (35, NEVER),
    "ImageVolumeWithDigest": (NEVER, NEVER),
    "InPlacePodLevelResourcesVerticalScaling": (36, NEVER),
    "InPlacePodVerticalScaling": (33, NEVER),
    "InPlacePodVerticalScalingInitContainers": (36, NEVER),
    "JobBackoffLimitPerIndex": (29, NEVER),
    "JobManagedBy": (32, NEVER),
    "JobPodReplacementPolicy": (29, NEVER),
    "JobSuccessPolicy": (31, NEVER),
    "MatchLabelKeysInPodAffinity": (31, NEVER),
    "MatchLabelKeysInPodTopologySpread": (27, NEVER),
    "MatchLabelKeysInPodTopologySpreadSelectorMerge": (34, NEVER),
    "MutablePodResourcesForSuspendedJobs": (36, NEVER),
    "MutableSchedulingDirectivesForSuspendedJobs": (36, NEVER),
    "NodeInclusionPolicyInPodTopologySpread": (26, NEVER),
    "PodCertificateRequest": (NEVER, NEVER),
    "PodDeletionCost": (22, NEVER),
    "PodLevelResources": (34, NEVER),
    "PodLifecycleSleepAction": (30, NEVER),
    "PodLifecycleSleepActionAllowZero": (33, NEVER),
    "ProcMountType": (33, NEVER),
    "RecoverVolumeExpansionFailure": (32, NEVER),
    "RecursiveReadOnlyMounts": (31, NEVER),
    "RelaxedDNSSearchValidation": (33, NEVER),
    "RelaxedEnvironmentVariableValidation": (32, NEVER),
    "RelaxedServiceNameValidation": (36, NEVER),
    "RestartAllContainersOnContainerExits": (36, NEVER),
    "SELinuxChangePolicy": (33, NEVER),
    "SELinuxMount": (NEVER, NEVER),
    "SidecarContainers": (29, NEVER),
    "StrictIPCIDRValidation": (36, NEVER),
    "SupplementalGroupsPolicy": (33, NEVER),
    "TaintTolerationComparisonOperators": (NEVER, NEVER),
    "UserNamespacesHostNetworkSupport": (NEVER, NEVER),
    "UserNamespacesSupport": (33, NEVER),
    "VolumeAttributesClass": (34, NEVER),
    "WorkloadWithJob": (NEVER, NEVER),
}

# What changed in the server's code without a gate: (first minor version with it, first one without it).
CHANGES: dict[str, tuple[int, int]] = {
    # Go's decoder names embedded structs in the path of a wrong type (sigs.k8s.io/json v0.0.0-20250730193827).
    "EmbeddedStructsInTypeErrors": (35, NEVER),
    # An ordinary init container may not ask to be restarted when it is resized.
    "ResizePolicyOfInitContainersChecked": (36, NEVER),
    # The complaint about a resizePolicy says whose restartPolicy it means.
    "ResizePolicyTextNamesPod": (36, NEVER),
}
