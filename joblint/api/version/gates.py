"""Which feature gates are on by default in which Kubernetes version: one table, as data; imports nothing.

Source: Kubernetes 1.36.3 and 1.37.2 pkg/features/kube_features.go, whose versioned specifications reach back before 1.31.
A gate that a later version no longer has was locked to its default before.
"""

from __future__ import annotations

NEVER = 9999

# gate: (first minor version of 1.x in which it is on by default, first one in which it is off again)
DEFAULT_ON: dict[str, tuple[int, int]] = {
    "AnyVolumeDataSource": (24, NEVER),
    "AtomicWriteVolumeUserFields": (38, NEVER),
    "ClusterTrustBundleProjection": (37, NEVER),
    "ContainerRestartRules": (35, NEVER),
    "ContainerStopSignals": (NEVER, NEVER),
    "CrossNamespaceVolumeDataSource": (NEVER, NEVER),
    "DRAExtendedResource": (36, NEVER),
    "DynamicResourceAllocation": (34, NEVER),
    "EmptyDirVolumeMode": (NEVER, NEVER),
    "EnvFiles": (35, NEVER),
    "EvictionRequestAPI": (NEVER, NEVER),
    "GRPCContainerProbeTLS": (NEVER, NEVER),
    "GenericWorkload": (NEVER, NEVER),
    "GitRepoVolumeDriver": (0, 33),
    "H2CContainerProbe": (NEVER, NEVER),
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
    "PodCertificateRequest": (37, NEVER),
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
    "SELinuxMount": (37, NEVER),
    "SecurityProfileOCI": (NEVER, NEVER),
    "SidecarContainers": (29, NEVER),
    "StrictIPCIDRValidation": (36, NEVER),
    "SupplementalGroupsPolicy": (33, NEVER),
    "TaintTolerationComparisonOperators": (NEVER, NEVER),
    "UserNamespacesHostNetworkSupport": (NEVER, NEVER),
    "UserNamespacesSupport": (33, NEVER),
    "VolumeAttributesClass": (34, NEVER),
    "VolumeBindMountOptions": (NEVER, NEVER),
    "WorkloadWithJob": (NEVER, NEVER),
}

# What changed in the server's code without a gate: (first minor version with it, first one without it).
CHANGES: dict[str, tuple[int, int]] = {
    # Addresses in an unusual form are warned of; from 1.36 the warning says what the gate StrictIPCIDRValidation made of them.
    "AddressWarnings": (33, NEVER),
    "AddressWarningSaysInvalid": (36, NEVER),
    "EmptyCsiDriverToldOnce": (35, NEVER),
    # Lt and Gt are operators of tolerations, behind a gate.
    "NumericTolerationsKnown": (35, NEVER),
    "OverlappingPathWarnings": (32, NEVER),
    # A projected source without items is skipped, no longer taken for the source before it.
    "OverlapsForgetEarlierSource": (34, NEVER),
    "PortNameWarnings": (33, NEVER),
    # Values in a required node affinity must be label values; those in a preferred one are warned of.
    "NodeAffinityValuesChecked": (33, NEVER),
    # Go's decoder names embedded structs in the path of a wrong type (sigs.k8s.io/json v0.0.0-20250730193827).
    "EmbeddedStructsInTypeErrors": (35, NEVER),
    # A CronJob's Pod failure policy also gets its defaults, as a generated defaulter goes through every list.
    "ConditionStatusDefaultInCronJob": (34, NEVER),
    # The length of labels and keys is reported in bytes (k8s.io/apimachinery pkg/api/validate/content/errors.go).
    "LengthsInBytes": (35, NEVER),
    # Bad values of named types are shown as JSON (apimachinery pkg/util/validation/field/errors.go).
    "ValuesAsJSON": (34, NEVER),
    # A block device in a container of a Pod with its own user namespace is rejected.
    "VolumeDevicesNeedHostUsers": (34, NEVER),
    # A time that is not set is left out of the JSON of metadata (before, it was written as null).
    "ZeroTimesLeftOut": (34, NEVER),
    # Too many restart rules are counted; before, the complaint spoke of bytes.
    "RestartRulesCounted": (36, NEVER),
    # An ordinary init container may not request a restart when it is resized.
    "ResizePolicyOfInitContainersChecked": (36, NEVER),
    # The complaint about a resizePolicy says whose restartPolicy it means.
    "ResizePolicyTextNamesPod": (36, NEVER),
    # The internal struct of a Pod's spec holds hostPID and its like itself, no longer its security context: this moved
    # a check, a field path, and what is printed (pkg/apis/core/types.go, pkg/apis/core/validation/validation.go).
    "HostFieldsInPodSpec": (37, NEVER),
    # A CronJob's jobTemplate loses the fields of a Job whose feature is off, too (pkg/registry/batch/cronjob/strategy.go).
    "JobFieldsDroppedFromCronJobs": (37, NEVER),
    # Of errors with one path and one text, the first is reported (k8s.io/apiserver pkg/registry/rest/validate.go).
    "ErrorsToldOnce": (37, NEVER),
    # What the declarative validation finds instead, after all others (joblint.api.create.declared).
    "ScheduleDeclared": (37, NEVER),
    "FixedMetadataDeclared": (38, NEVER),
    "MaxFailedIndexesDeclared": (38, NEVER),
    "OwnersDeclared": (38, NEVER),
    "SecurityProfileOCIDeclared": (38, NEVER),
    "TolerationKeysDeclared": (38, NEVER),
    # The annotations that hand a Job's scheduling to a Workload come in a pair (pkg/apis/batch/validation/validation.go).
    "DelegationAnnotationsChecked": (38, NEVER),
    # Errors of an owner reference name its index, and what is missing is required (pkg/api/validation/objectmeta.go).
    "OwnerReferencesByIndex": (37, NEVER),
    # An image volume needs its reference in a template as in a Pod.
    "ImageReferenceRequiredInTemplates": (37, NEVER),
    # An update of a Job is no longer validated as a new Job first (pkg/registry/batch/job/strategy.go ValidateUpdate).
    "JobUpdatesValidatedOnce": (37, NEVER),
}
