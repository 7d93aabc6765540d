"""Which function is the check of which rule: one table for all families; no check is imported before it is called.

A rule that is not in the table has no function: it only explains errors of the API server, or the engine itself reports it.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.checks import Check, Explanation, FolderCheck, reading
    from joblint.rules.checks.completions import counts as completion_counts
    from joblint.rules.checks.completions import (
        file_shared,
        from_one,
        groups,
        index_unused,
        part_literal,
        parts_told,
        success_early,
    )
    from joblint.rules.checks.containers import (
        arguments,
        arithmetic,
        asking,
        builtin_words,
        client_variables,
        clients,
        cloud_clients,
        command,
        compressed,
        curl_retries,
        dates,
        dialect,
        durations,
        early_readers,
        ends,
        exceptions,
        exit_status,
        failing_pipes,
        finds,
        hidden_failures,
        host_keys,
        http,
        injected,
        inline_results,
        inline_syntax,
        joined_lines,
        kubectl_words,
        last_tests,
        left_undone,
        lists,
        literal_texts,
        loops,
        meanings,
        missing_programs,
        no_match,
        not_there,
        pipe_variables,
        probe_ports,
        probes,
        read_too_late,
        redirects,
        script_faults,
        secret_line_ends,
        sidecar_order,
        single_quotes,
        slips,
        small_tools,
        sql_errors,
        sql_syntax,
        status_lost,
        stops,
        syntax,
        tests_constant,
        unset_in_tests,
        unset_variables,
        url_hosts,
        variables,
        waiting_sidecars,
        waits_for_itself,
        waits_for_jobs,
        waits_given_up,
        without_set_e,
    )
    from joblint.rules.checks.cronjob import backup_hosts, certificates, job_quota, local_locks, node_files
    from joblint.rules.checks.cronjob import comments as cron_comments
    from joblint.rules.checks.cronjob import days as cron_days
    from joblint.rules.checks.cronjob import every as cron_every
    from joblint.rules.checks.cronjob import history as cron_history
    from joblint.rules.checks.cronjob import its_jobs as cron_its_jobs
    from joblint.rules.checks.cronjob import late as cron_late
    from joblint.rules.checks.cronjob import locks as cron_locks
    from joblint.rules.checks.cronjob import never_starts as cron_never_starts
    from joblint.rules.checks.cronjob import policies as cron_policies
    from joblint.rules.checks.cronjob import retries as cron_retries
    from joblint.rules.checks.cronjob import steps as cron_steps
    from joblint.rules.checks.cronjob import suspended as cron_suspended
    from joblint.rules.checks.cronjob import time_zones as cron_time_zones
    from joblint.rules.checks.cronjob import together as cron_together
    from joblint.rules.checks.deadlines import handlers
    from joblint.rules.checks.deadlines import limits as deadline_limits
    from joblint.rules.checks.deadlines import scripts as script_deadlines
    from joblint.rules.checks.deploy import (
        copied,
        gitops,
        hook_alone,
        hook_objects,
        hook_of_two,
        hook_order,
        hook_words,
        hooks,
        legacy,
        twice,
        waiting,
    )
    from joblint.rules.checks.deploy import names as deploy_names
    from joblint.rules.checks.hygiene import (
        architectures,
        dump_formats,
        elsewhere,
        empty_paths,
        lost_quotes,
        not_expanded,
        octal,
        unknown_phases,
    )
    from joblint.rules.checks.hygiene import nodes as node_hygiene
    from joblint.rules.checks.hygiene import pods as pod_hygiene
    from joblint.rules.checks.pods import access as pod_access
    from joblint.rules.checks.pods import amounts as pod_amounts
    from joblint.rules.checks.pods import (
        apart,
        budgets,
        capabilities,
        claims_in_use,
        dashed_names,
        downward,
        dump_versions,
        empty_services,
        file_modes,
        file_mounts,
        filled_elsewhere,
        git_identity,
        gpus,
        header_lines,
        homes,
        host_names,
        memory_volumes,
        mesh_namespaces,
        mounted_missing,
        mounted_programs,
        mounted_starts,
        mounts_nested,
        mounts_unusable,
        mounts_written,
        near_mounts,
        not_awaited,
        objects_refused,
        output_lost,
        ownership,
        placement,
        policies,
        private_files,
        pulls,
        queues,
        read_only_claims,
        rejected_arguments,
        removed_commands,
        selected,
        service_links,
        service_names,
        size_limits,
        ssh_keys,
        synced_away,
        sysctls,
        tags,
        targets,
        token_lifetimes,
        values_with_line_ends,
    )
    from joblint.rules.checks.pods import classes as pod_classes
    from joblint.rules.checks.pods import images as pod_images
    from joblint.rules.checks.pods import peers as pod_peers
    from joblint.rules.checks.pods import priority as pod_priority
    from joblint.rules.checks.pods import quotas as pod_quotas
    from joblint.rules.checks.pods import references as pod_references
    from joblint.rules.checks.pods import security as pod_security
    from joblint.rules.checks.pods import selecting as pod_selecting
    from joblint.rules.checks.pods import users as pod_users
    from joblint.rules.checks.refused import accepted
    from joblint.rules.checks.refused import fields as refused_fields
    from joblint.rules.checks.refused import instead as refused_instead
    from joblint.rules.checks.refused import labels as refused_labels
    from joblint.rules.checks.refused import schedule as refused_schedule
    from joblint.rules.checks.refused import types as refused_types
    from joblint.rules.checks.refused import values as refused_values
    from joblint.rules.checks.retries import exit_codes, redis_errors, repeated, replaced_codes
    from joblint.rules.checks.retries import indexes as retries_of_indexes
    from joblint.rules.checks.retries import limits as retry_limits
    from joblint.rules.checks.retries import meant as retries_meant
    from joblint.rules.checks.retries import rules as retry_rules
else:
    from joblint.base.late import late

    (reading,) = late("joblint.rules.checks", "reading")
    completion_counts, file_shared, index_unused, part_literal, parts_told, success_early = late(
        "joblint.rules.checks.completions", "counts", "file_shared", "index_unused", "part_literal", "parts_told", "success_early"
    )
    handlers, deadline_limits, script_deadlines = late("joblint.rules.checks.deadlines", "handlers", "limits", "scripts")
    elsewhere, lost_quotes, dump_formats = late("joblint.rules.checks.hygiene", "elsewhere", "lost_quotes", "dump_formats")
    not_expanded, octal, unknown_phases = late("joblint.rules.checks.hygiene", "not_expanded", "octal", "unknown_phases")
    (architectures,) = late("joblint.rules.checks.hygiene", "architectures")
    empty_paths, pod_hygiene, node_hygiene = late("joblint.rules.checks.hygiene", "empty_paths", "pods", "nodes")
    exit_codes, redis_errors, replaced_codes = late(
        "joblint.rules.checks.retries", "exit_codes", "redis_errors", "replaced_codes"
    )
    retry_limits, retry_rules, retries_meant, retries_of_indexes, repeated = late(
        "joblint.rules.checks.retries", "limits", "rules", "meant", "indexes", "repeated"
    )
    (
        arguments,
        asking,
        client_variables,
        clients,
        cloud_clients,
        command,
        curl_retries,
        dates,
        dialect,
        early_readers,
        ends,
        exit_status,
        failing_pipes,
        finds,
        host_keys,
        hidden_failures,
        http,
        injected,
        joined_lines,
        kubectl_words,
        loops,
        meanings,
        missing_programs,
        not_there,
        pipe_variables,
        probe_ports,
        probes,
        redirects,
        script_faults,
        secret_line_ends,
        sidecar_order,
        single_quotes,
        slips,
        small_tools,
        sql_errors,
        status_lost,
        stops,
        syntax,
        tests_constant,
        unset_variables,
        url_hosts,
        variables,
        waiting_sidecars,
        waits_given_up,
        without_set_e,
        waits_for_jobs,
        arithmetic,
        last_tests,
        no_match,
        builtin_words,
        durations,
        literal_texts,
        sql_syntax,
    ) = late(
        "joblint.rules.checks.containers",
        "arguments",
        "asking",
        "client_variables",
        "clients",
        "cloud_clients",
        "command",
        "curl_retries",
        "dates",
        "dialect",
        "early_readers",
        "ends",
        "exit_status",
        "failing_pipes",
        "finds",
        "host_keys",
        "hidden_failures",
        "http",
        "injected",
        "joined_lines",
        "kubectl_words",
        "loops",
        "meanings",
        "missing_programs",
        "not_there",
        "pipe_variables",
        "probe_ports",
        "probes",
        "redirects",
        "script_faults",
        "secret_line_ends",
        "sidecar_order",
        "single_quotes",
        "slips",
        "small_tools",
        "sql_errors",
        "status_lost",
        "stops",
        "syntax",
        "tests_constant",
        "unset_variables",
        "url_hosts",
        "variables",
        "waiting_sidecars",
        "waits_given_up",
        "without_set_e",
        "waits_for_jobs",
        "arithmetic",
        "last_tests",
        "no_match",
        "builtin_words",
        "durations",
        "literal_texts",
        "sql_syntax",
    )
    cron_days, cron_every, cron_never_starts, cron_steps, cron_time_zones = late(
        "joblint.rules.checks.cronjob", "days", "every", "never_starts", "steps", "time_zones"
    )
    backup_hosts, local_locks, node_files = late("joblint.rules.checks.cronjob", "backup_hosts", "local_locks", "node_files")
    (certificates,) = late("joblint.rules.checks.cronjob", "certificates")
    cron_together, job_quota, cron_policies, cron_retries = late(
        "joblint.rules.checks.cronjob", "together", "job_quota", "policies", "retries"
    )
    cron_history, cron_its_jobs, cron_late, cron_locks, cron_suspended = late(
        "joblint.rules.checks.cronjob", "history", "its_jobs", "late", "locks", "suspended"
    )
    hook_of_two, legacy = late("joblint.rules.checks.deploy", "hook_of_two", "legacy")
    copied, gitops, hook_alone, hook_order, hook_words, hooks, deploy_names, twice = late(
        "joblint.rules.checks.deploy", "copied", "gitops", "hook_alone", "hook_order", "hook_words", "hooks", "names", "twice"
    )
    pod_images, pod_priority, pod_security, pod_users = late(
        "joblint.rules.checks.pods", "images", "priority", "security", "users"
    )
    pod_access, pod_classes, pod_quotas, pod_references = late(
        "joblint.rules.checks.pods", "access", "classes", "quotas", "references"
    )
    policies, objects_refused, host_names, ssh_keys, filled_elsewhere = late(
        "joblint.rules.checks.pods", "policies", "objects_refused", "host_names", "ssh_keys", "filled_elsewhere"
    )
    mesh_namespaces, queues = late("joblint.rules.checks.pods", "mesh_namespaces", "queues")
    budgets, values_with_line_ends = late("joblint.rules.checks.pods", "budgets", "values_with_line_ends")
    (capabilities,) = late("joblint.rules.checks.pods", "capabilities")
    downward, dump_versions, file_modes, mounted_missing, pod_peers, pod_selecting = late(
        "joblint.rules.checks.pods", "downward", "dump_versions", "file_modes", "mounted_missing", "peers", "selecting"
    )
    (cron_comments,) = late("joblint.rules.checks.cronjob", "comments")
    (size_limits,) = late("joblint.rules.checks.pods", "size_limits")
    dashed_names, not_awaited, read_only_claims, removed_commands, synced_away, token_lifetimes = late(
        "joblint.rules.checks.pods",
        "dashed_names",
        "not_awaited",
        "read_only_claims",
        "removed_commands",
        "synced_away",
        "token_lifetimes",
    )
    git_identity, header_lines, rejected_arguments = late(
        "joblint.rules.checks.pods", "git_identity", "header_lines", "rejected_arguments"
    )
    (homes,) = late("joblint.rules.checks.pods", "homes")
    (pulls,) = late("joblint.rules.checks.pods", "pulls")
    (mounted_starts,) = late("joblint.rules.checks.pods", "mounted_starts")
    (file_mounts,) = late("joblint.rules.checks.pods", "file_mounts")
    (service_links,) = late("joblint.rules.checks.pods", "service_links")
    (waiting,) = late("joblint.rules.checks.deploy", "waiting")
    ownership, output_lost, pod_amounts, placement, sysctls, selected, claims_in_use = late(
        "joblint.rules.checks.pods", "ownership", "output_lost", "amounts", "placement", "sysctls", "selected", "claims_in_use"
    )
    memory_volumes, mounted_programs, mounts_nested, mounts_written = late(
        "joblint.rules.checks.pods", "memory_volumes", "mounted_programs", "mounts_nested", "mounts_written"
    )
    (service_names,) = late("joblint.rules.checks.pods", "service_names")
    (private_files,) = late("joblint.rules.checks.pods", "private_files")
    from_one, groups = late("joblint.rules.checks.completions", "from_one", "groups")
    (apart,) = late("joblint.rules.checks.pods", "apart")
    (targets,) = late("joblint.rules.checks.pods", "targets")
    compressed, exceptions, inline_results, inline_syntax, lists = late(
        "joblint.rules.checks.containers", "compressed", "exceptions", "inline_results", "inline_syntax", "lists"
    )
    left_undone, read_too_late, unset_in_tests, waits_for_itself = late(
        "joblint.rules.checks.containers", "left_undone", "read_too_late", "unset_in_tests", "waits_for_itself"
    )
    (tags,) = late("joblint.rules.checks.pods", "tags")
    (empty_services,) = late("joblint.rules.checks.pods", "empty_services")
    (hook_objects,) = late("joblint.rules.checks.deploy", "hook_objects")
    gpus, mounts_unusable, near_mounts = late("joblint.rules.checks.pods", "gpus", "mounts_unusable", "near_mounts")
    accepted, refused_fields, refused_instead, refused_labels = late(
        "joblint.rules.checks.refused", "accepted", "fields", "instead", "labels"
    )
    refused_schedule, refused_types, refused_values = late("joblint.rules.checks.refused", "schedule", "types", "values")

CHECKS: dict[str, Check] = {
    # reading
    "leading-zero": reading.leading_zero,
    "number-spelling": reading.number_spelling,
    "boolean-spelling": reading.boolean_spelling,
    "key-not-as-written": reading.key_not_as_written,
    "value-missing": reading.value_missing,
    "trailing-line-break": reading.trailing_line_break,
    "list-in-a-string": reading.list_in_a_string,
    "quotes-in-the-value": reading.quotes_in_the_value,
    "invisible-characters": reading.invisible_characters,
    "text-after-a-hash": reading.text_after_a_hash,
    # refused
    "server-warns": accepted.server_warns,
    # retries
    "on-failure-loses-logs": retry_limits.on_failure_loses_logs,
    "on-failure-limit-too-low": retry_limits.on_failure_limit_too_low,
    "on-failure-limit-shared": retry_limits.on_failure_limit_shared,
    "limit-below-one-batch": retry_limits.limit_below_one_batch,
    "limit-shared-by-indexes": retry_limits.limit_shared_by_indexes,
    "disruption-counts-as-failure": retry_limits.disruption_counts_as_failure,
    "failure-rule-shadowed": retry_limits.failure_rule_shadowed,
    "failure-rule-never-matches": retry_limits.failure_rule_never_matches,
    "failure-rule-before-disruption": retry_limits.failure_rule_before_disruption,
    "ignored-failures-never-end": retry_limits.ignored_failures_never_end,
    "too-many-retries": retry_limits.too_many_retries,
    "on-failure-ignores-index-limit": retry_limits.on_failure_ignores_index_limit,
    "may-run-twice": retry_limits.may_run_twice,
    "job-limit-before-index-limit": retries_of_indexes.job_limit_before_index_limit,
    "index-backoff-blocks-others": retries_of_indexes.index_backoff_blocks_others,
    "ignored-failures-defeat-limit": retry_rules.ignored_failures_defeat_limit,
    "failure-rule-fails-all": retry_rules.failure_rule_fails_all,
    "failure-rule-matches-init-container": retry_rules.failure_rule_matches_init_container,
    "max-failed-indexes-never-exceeded": retries_of_indexes.max_failed_indexes_never_exceeded,
    "max-failed-indexes-comes-first": retries_of_indexes.max_failed_indexes_comes_first,
    "init-container-uses-up-retries": retries_meant.init_container_uses_up_retries,
    "replaced-pod-still-writes": retries_meant.replaced_pod_still_writes,
    "one-time-work-retried": retries_meant.one_time_work_retried,
    "creation-fails-on-retry": repeated.creation_fails_on_retry,
    "exit-code-without-failure": exit_codes.exit_code_without_failure,
    "exit-code-replaced": replaced_codes.exit_code_replaced,
    "redis-error-is-success": redis_errors.redis_error_is_success,
    # deadlines
    "backoff-limit-unreachable": deadline_limits.backoff_limit_unreachable,
    "deadline-on-the-pod": deadline_limits.deadline_on_the_pod,
    "deadline-on-the-pod-useless": deadline_limits.deadline_on_the_pod_useless,
    "deadline-zero": deadline_limits.deadline_zero,
    "deadline-below-grace-period": deadline_limits.deadline_below_grace_period,
    "may-hang-without-deadline": deadline_limits.may_hang_without_deadline,
    "ttl-zero": deadline_limits.ttl_zero,
    "ttl-short": deadline_limits.ttl_short,
    "ttl-defeats-history": deadline_limits.ttl_defeats_history,
    "never-cleaned-up": deadline_limits.never_cleaned_up,
    "managed-by-other": deadline_limits.managed_by_other,
    "deadline-below-run-time": script_deadlines.deadline_below_run_time,
    "deadline-below-own-timeout": script_deadlines.deadline_below_own_timeout,
    "handler-waits-for-command": handlers.handler_waits_for_command,
    "stop-outlasts-grace-period": script_deadlines.stop_outlasts_grace_period,
    # completions
    "parallelism-above-completions": completion_counts.parallelism_above_completions,
    "parallelism-without-completions": completion_counts.parallelism_without_completions,
    "completion-index-missing": completion_counts.completion_index_missing,
    "host-port-shared": completion_counts.host_port_shared,
    "host-path-shared": completion_counts.host_path_shared,
    "host-names-without-subdomain": completion_counts.host_names_without_subdomain,
    "parallelism-zero": completion_counts.parallelism_zero,
    "completions-zero": completion_counts.completions_zero,
    "suspended-from-the-start": completion_counts.suspended_from_the_start,
    "shard-total-differs": parts_told.shard_total_differs,
    "completion-index-unused": index_unused.completion_index_unused,
    "shard-number-literal": part_literal.shard_number_literal,
    "index-counted-from-one": from_one.index_counted_from_one,
    "same-file-written": file_shared.same_file_written,
    "same-object-uploaded": groups.same_object_uploaded,
    "group-never-complete": groups.group_never_complete,
    "success-before-all-parts": success_early.success_before_all_parts,
    # cronjob
    "schedule-never-starts": cron_never_starts.schedule_never_starts,
    "uneven-steps": cron_steps.uneven_steps,
    "step-beyond-range": cron_steps.step_beyond_range,
    "both-day-fields": cron_days.both_day_fields,
    "day-missing-in-months": cron_days.day_missing_in_months,
    "every-minute-of-the-hour": cron_days.every_minute_of_the_hour,
    "daylight-saving-gap": cron_time_zones.daylight_saving_gap,
    "daylight-saving-overlap": cron_time_zones.daylight_saving_overlap,
    "time-zone-not-set": cron_time_zones.time_zone_not_set,
    "runs-pile-up-with-allow": cron_policies.runs_pile_up_with_allow,
    "forbid-without-deadline": cron_policies.forbid_without_deadline,
    "replace-kills-runs": cron_policies.replace_kills_runs,
    "forbid-skips-starts": cron_policies.forbid_skips_starts,
    "retries-outlast-period": cron_retries.retries_outlast_period,
    "backup-on-any-node": node_files.backup_on_any_node,
    "lock-not-seen-by-other-pods": local_locks.lock_not_seen_by_other_pods,
    "certificate-requested-each-run": certificates.certificate_requested_each_run,
    "pod-name-in-backups": backup_hosts.pod_name_in_backups,
    "schedule-contradicts-comment": cron_comments.schedule_contradicts_comment,
    "starting-deadline-zero": cron_late.starting_deadline_zero,
    "starting-deadline-short": cron_late.starting_deadline_short,
    "no-history": cron_history.no_history,
    "huge-history": cron_history.huge_history,
    "every-below-a-minute": cron_every.every_below_a_minute,
    "every-counts-from-creation": cron_every.every_counts_from_creation,
    "cronjob-suspended": cron_suspended.cronjob_suspended,
    "template-suspended": cron_suspended.template_suspended,
    "job-template-rejected": cron_its_jobs.job_template_rejected,
    # deploy
    "finished-job-not-rerun": deploy_names.finished_job_not_rerun,
    "template-changes-under-fixed-name": deploy_names.template_changes_under_fixed_name,
    "generate-name-with-apply": deploy_names.generate_name_with_apply,
    "name-and-generate-name": deploy_names.name_and_generate_name,
    "hook-value-unknown": hook_words.hook_value_unknown,
    "hook-key-misspelled": hook_words.hook_key_misspelled,
    "hook-annotations-without-hook": hook_alone.hook_annotations_without_hook,
    "hooks-of-two-tools": hook_of_two.hooks_of_two_tools,
    "legacy-annotation-ignored": legacy.legacy_annotation_ignored,
    "hook-annotation-misplaced": hooks.hook_annotation_misplaced,
    "hook-left-behind": hooks.hook_left_behind,
    "hook-logs-deleted": hooks.hook_logs_deleted,
    "hook-on-cronjob": hooks.hook_on_cronjob,
    "gitops-runs-again-after-ttl": gitops.gitops_runs_again_after_ttl,
    "sync-replaces-job": gitops.sync_replaces_job,
    "suspended-under-gitops": gitops.suspended_under_gitops,
    "queue-label-ignored": gitops.queue_label_ignored,
    "kueue-admission": gitops.kueue_admission,
    "exported-live-object": copied.exported_live_object,
    "owner-reference-copied": copied.owner_reference_copied,
    "finalizer-set": copied.finalizer_set,
    "pod-annotation-on-the-job": copied.pod_annotation_on_the_job,
    "namespace-default": deploy_names.namespace_default,
    "namespace-in-template": deploy_names.namespace_in_template,
    "generated-labels-by-hand": copied.generated_labels_by_hand,
    "ttl-of-a-deleted-hook": hooks.ttl_of_a_deleted_hook,
    "hook-kept-until-next": hooks.hook_kept_until_next,
    # containers
    "folded-script": joined_lines.folded_script,
    "spaces-around-equals": slips.spaces_around_equals,
    "line-is-an-option": joined_lines.line_is_an_option,
    "variable-in-single-quotes": single_quotes.variable_in_single_quotes,
    "loop-variable-unused": loops.loop_variable_unused,
    "loop-loses-input": loops.loop_loses_input,
    "deletes-after-cd": slips.deletes_after_cd,
    "empty-suffix-of-sed": slips.empty_suffix_of_sed,
    "arithmetic-ends-script": arithmetic.arithmetic_ends_script,
    "no-match-ends-script": no_match.no_match_ends_script,
    "test-as-last-command": last_tests.test_as_last_command,
    "install-fails": stops.install_fails,
    "xargs-without-input": stops.xargs_without_input,
    "condition-never-changes": tests_constant.condition_never_changes,
    "parameter-not-given": arguments.parameter_not_given,
    "empty-list-of-arguments": arguments.empty_list_of_arguments,
    "wait-counts-failure": arguments.wait_counts_failure,
    "sql-errors-ignored": sql_errors.sql_errors_ignored,
    "kubectl-kind-missing": kubectl_words.kubectl_kind_missing,
    "wait-before-created": kubectl_words.wait_before_created,
    "line-break-in-secret": secret_line_ends.line_break_in_secret,
    "program-prompts": asking.program_prompts,
    "variable-not-read": client_variables.variable_not_read,
    "variable-misspelled": client_variables.variable_misspelled,
    "host-key-unknown": host_keys.host_key_unknown,
    "option-means-something-else": meanings.option_means_something_else,
    "quotes-from-jq": meanings.quotes_from_jq,
    "trap-lost-by-exec": meanings.trap_lost_by_exec,
    "deletion-fails-on-first-run": meanings.deletion_fails_on_first_run,
    "daemon-missing": not_there.daemon_missing,
    "server-not-on-localhost": not_there.server_not_on_localhost,
    "remote-not-configured": not_there.remote_not_configured,
    "pipe-hides-failure": failing_pipes.pipe_hides_failure,
    "failure-hidden": hidden_failures.failure_hidden,
    "background-work-killed": hidden_failures.background_work_killed,
    "last-command-hides-failure": hidden_failures.last_command_hides_failure,
    "commands-without-set-e": without_set_e.commands_without_set_e,
    "commands-after-exec": exit_status.commands_after_exec,
    "exit-code-out-of-range": exit_status.exit_code_out_of_range,
    "exit-code-not-a-number": builtin_words.exit_code_not_a_number,
    "option-name-without-o": builtin_words.option_name_without_o,
    "duration-without-unit": durations.duration_without_unit,
    "percent-with-backslash": literal_texts.percent_with_backslash,
    "sql-not-of-postgresql": sql_syntax.sql_not_of_postgresql,
    "fails-either-way": exit_status.fails_either_way,
    "bash-syntax-in-sh": dialect.bash_syntax_in_sh,
    "command-in-one-string": command.command_in_one_string,
    "shell-takes-one-script": command.shell_takes_one_script,
    "shell-without-script": command.shell_without_script,
    "shell-syntax-without-shell": syntax.shell_syntax_without_shell,
    "variable-not-expanded": variables.variable_not_expanded,
    "variable-not-defined": variables.variable_not_defined,
    "variable-run-as-command": variables.variable_run_as_command,
    "double-dollar-reduced": variables.double_dollar_reduced,
    "container-never-ends": ends.container_never_ends,
    "server-never-ends": ends.server_never_ends,
    "sidecar-never-ends": ends.sidecar_never_ends,
    "injected-sidecar-never-ends": injected.injected_sidecar_never_ends,
    "init-container-never-ends": ends.init_container_never_ends,
    "wait-loop-without-timeout": ends.wait_loop_without_timeout,
    "liveness-probe-kills-work": probes.liveness_probe_kills_work,
    "readiness-probe-useless": probes.readiness_probe_useless,
    "probe-port-missing": probe_ports.probe_port_missing,
    "init-container-before-its-sidecar": sidecar_order.init_container_before_its_sidecar,
    "script-cannot-be-read": script_faults.script_cannot_be_read,
    "redirect-to-a-number": redirects.redirect_to_a_number,
    "file-read-after-it-is-emptied": redirects.file_read_after_it_is_emptied,
    "set-e-off-in-condition": without_set_e.set_e_off_in_condition,
    "program-not-in-image": missing_programs.program_not_in_image,
    "http-error-is-success": http.http_error_is_success,
    "client-without-token": clients.client_without_token,
    "wait-misses-failure": waits_for_jobs.wait_misses_failure,
    "client-without-host": clients.client_without_host,
    "variable-lost-in-pipe": pipe_variables.variable_lost_in_pipe,
    "no-wait-for-sidecar": sidecar_order.no_wait_for_sidecar,
    "list-in-quotes": lists.list_in_quotes,
    "array-without-braces": lists.array_without_braces,
    "compressed-file-missing": compressed.compressed_file_missing,
    "exception-only-printed": exceptions.exception_only_printed,
    "inline-result-ignored": inline_results.inline_result_ignored,
    "inline-code-unreadable": inline_syntax.inline_code_unreadable,
    "status-read-too-late": read_too_late.status_read_too_late,
    "wait-for-itself": waits_for_itself.wait_for_itself,
    "test-of-unset-variable": unset_in_tests.test_of_unset_variable,
    "lock-file-left": left_undone.lock_file_left,
    "state-left-after-failure": left_undone.state_left_after_failure,
    "wait-ends-without-error": waits_given_up.wait_ends_without_error,
    "retry-stops-at-refused": curl_retries.retry_stops_at_refused,
    "url-instead-of-host": url_hosts.url_instead_of_host,
    "client-without-credentials": cloud_clients.client_without_credentials,
    "early-reader-fails-pipe": early_readers.early_reader_fails_pipe,
    "option-not-in-busybox": small_tools.option_not_in_busybox,
    "find-deletes-wrongly": finds.find_deletes_wrongly,
    "variable-never-set": unset_variables.variable_never_set,
    "sidecar-waits-for-success": waiting_sidecars.sidecar_waits_for_success,
    "date-computed-twice": dates.date_computed_twice,
    "option-as-command": command.option_as_command,
    "args-with-program": command.args_with_program,
    "node-label-on-pods": placement.node_label_on_pods,
    "exit-code-not-passed-on": status_lost.exit_code_not_passed_on,
    # hygiene
    "image-not-pinned": pod_hygiene.image_not_pinned,
    "memory-limit-missing": pod_hygiene.memory_limit_missing,
    "privileged-container": pod_hygiene.privileged_container,
    "container-runtime-socket": pod_hygiene.container_runtime_socket,
    "host-namespace": pod_hygiene.host_namespace,
    "capabilities-added": pod_hygiene.capabilities_added,
    "user-not-set": pod_hygiene.user_not_set,
    "secret-in-plain-env": pod_hygiene.secret_in_plain_env,
    "unused-volume": pod_hygiene.unused_volume,
    "image-of-another-architecture": architectures.image_of_another_architecture,
    "octal-time": octal.octal_time,
    "deletion-above-empty-variable": empty_paths.deletion_above_empty_variable,
    "token-mounted": pod_hygiene.token_mounted,
    "mode-not-octal": pod_hygiene.mode_not_octal,
    "node-files-writable": node_hygiene.node_files_writable,
    "phase-matches-nothing": unknown_phases.phase_matches_nothing,
    "variable-in-quoted-here-document": not_expanded.variable_in_quoted_here_document,
    "dump-of-another-format": dump_formats.dump_of_another_format,
    "quotes-lost-in-json": lost_quotes.quotes_lost_in_json,
    "remote-command-split": elsewhere.remote_command_split,
    "variable-of-other-pod": elsewhere.variable_of_other_pod,
    # pods
    "image-name-invalid": pod_images.image_name_invalid,
    "image-name-has-whitespace": pod_images.image_name_has_whitespace,
    "pod-security-rejects-pods": pod_security.pod_security_rejects_pods,
    "priority-without-class": pod_priority.priority_without_class,
    "non-root-user-missing": pod_users.non_root_user_missing,
    "memory-limit-too-small": pod_amounts.memory_limit_too_small,
    "request-above-every-node": pod_amounts.request_above_every_node,
    "no-node-can-match": placement.no_node_can_match,
    "sysctl-not-safe": sysctls.sysctl_not_safe,
    "write-to-a-read-only-mount": mounts_written.write_to_a_read_only_mount,
    "mount-in-a-read-only-mount": mounts_nested.mount_in_a_read_only_mount,
    "volume-mounted-twice": mounts_nested.volume_mounted_twice,
    "mount-hides-program": mounted_programs.mount_hides_program,
    "mounted-script-not-executable": mounted_programs.mounted_script_not_executable,
    "root-filesystem-written": mounts_written.root_filesystem_written,
    "mounted-file-unreadable": file_modes.mounted_file_unreadable,
    "downward-field-empty": downward.downward_field_empty,
    "deletes-itself": kubectl_words.deletes_itself,
    "memory-volume-above-limit": memory_volumes.memory_volume_above_limit,
    "output-lost-with-pod": output_lost.output_lost_with_pod,
    "ssh-key-too-open": ssh_keys.ssh_key_too_open,
    "file-mode-rejected": private_files.file_mode_rejected,
    "volume-at-another-path": filled_elsewhere.volume_at_another_path,
    "file-in-another-container": apart.file_in_another_container,
    "capability-missing": capabilities.capability_missing,
    "capability-unknown": capabilities.capability_unknown,
    "heap-above-limit": size_limits.heap_above_limit,
    "volume-above-storage-limit": size_limits.volume_above_storage_limit,
    "taint-not-tolerated": placement.taint_not_tolerated,
    "home-not-writable": homes.home_not_writable,
    "image-tag-moved": pulls.image_tag_moved,
    "image-tag-unknown": tags.image_tag_unknown,
    "file-mounted-as-directory": file_mounts.file_mounted_as_directory,
    "sub-path-not-expanded": mounts_unusable.sub_path_not_expanded,
    "mount-in-another-home": mounts_unusable.mount_in_another_home,
    "mounted-file-replaced": mounts_unusable.mounted_file_replaced,
    "config-map-searched": mounts_unusable.config_map_searched,
    "gpu-not-requested": gpus.gpu_not_requested,
    "path-near-a-mount": near_mounts.path_near_a_mount,
    "shared-memory-too-small": near_mounts.shared_memory_too_small,
    "path-below-a-file": file_mounts.path_below_a_file,
    "argument-ends-with-line-break": file_mounts.argument_ends_with_line_break,
    "volume-not-writable": ownership.volume_not_writable,
    "git-identity-missing": git_identity.git_identity_missing,
    "arguments-rejected": rejected_arguments.arguments_rejected,
    "header-line-processed": header_lines.header_line_processed,
    "dash-in-variable-name": dashed_names.dash_in_variable_name,
    "token-expires-before-renewal": token_lifetimes.token_expires_before_renewal,
    "result-not-awaited": not_awaited.result_not_awaited,
    "sync-deletes-earlier-files": synced_away.sync_deletes_earlier_files,
    "command-removed-in-version": removed_commands.command_removed_in_version,
    "fs-group-on-read-only-claim": read_only_claims.fs_group_on_read_only_claim,
}
"""The checks of one Job or CronJob."""

FOLDER_CHECKS: dict[str, FolderCheck] = {
    "pull-secret-missing": pulls.pull_secret_missing,
    "mounted-script-not-readable": mounted_starts.mounted_script_not_readable,
    "mounted-file-missing": mounted_missing.mounted_file_missing,
    "selector-matches-nothing": pod_selecting.selector_matches_nothing,
    "pod-host-name-unknown": pod_peers.pod_host_name_unknown,
    "init-waits-for-unready-pod": pod_peers.init_waits_for_unready_pod,
    "dump-older-than-server": dump_versions.dump_older_than_server,
    "service-variable-is-url": service_links.service_variable_is_url,
    # completions
    "claim-shared": completion_counts.claim_shared,
    "headless-service-missing": completion_counts.headless_service_missing,
    # cronjob
    "same-minute": cron_together.same_minute,
    "history-fills-job-quota": job_quota.history_fills_job_quota,
    "repository-locked": cron_locks.repository_locked,
    # deploy
    "same-object-twice": twice.same_object_twice,
    "hook-needs-what-comes-later": hook_order.hook_needs_what_comes_later,
    "awaited-job-is-deleted": waiting.awaited_job_is_deleted,
    "queue-never-admits": queues.queue_never_admits,
    "mesh-of-namespace-never-ends": mesh_namespaces.mesh_of_namespace_never_ends,
    # hygiene
    "bare-pod": pod_hygiene.bare_pod,
    "many-similar-jobs": pod_hygiene.many_similar_jobs,
    # pods
    "config-key-missing": pod_references.config_key_missing,
    "reference-misspelled": pod_references.reference_misspelled,
    "reference-in-another-namespace": pod_references.reference_in_another_namespace,
    "priority-class-differs": pod_classes.priority_class_differs,
    "quota-rejects-pods": pod_quotas.quota_rejects_pods,
    "quota-below-parallelism": pod_quotas.quota_below_parallelism,
    "limit-range-rejects-pods": pod_quotas.limit_range_rejects_pods,
    "role-lacks-verb": pod_access.role_lacks_verb,
    "kubectl-target-unknown": targets.kubectl_target_unknown,
    "service-without-pods": empty_services.service_without_pods,
    "hook-object-deleted": hook_objects.hook_object_deleted,
    "account-without-token": pod_access.account_without_token,
    "account-not-used": pod_access.account_not_used,
    "service-selects-job-pods": selected.service_selects_job_pods,
    "label-not-on-pods": selected.label_not_on_pods,
    "network-policy-blocks-pods": policies.network_policy_blocks_pods,
    "egress-not-allowed": policies.egress_not_allowed,
    "needed-object-rejected": objects_refused.needed_object_rejected,
    "host-misspelled": host_names.host_misspelled,
    "claim-in-use": claims_in_use.claim_in_use,
    "config-value-ends-with-line-end": values_with_line_ends.config_value_ends_with_line_end,
    "pull-secret-of-wrong-type": values_with_line_ends.pull_secret_of_wrong_type,
    "budget-blocks-eviction": budgets.budget_blocks_eviction,
    "service-port-differs": service_names.service_port_differs,
    "cluster-name-on-node-dns": service_names.cluster_name_on_node_dns,
    "delete-does-not-wait": pod_access.delete_does_not_wait,
}
"""The checks of all objects of a run together."""

EXPLANATIONS: dict[str, Explanation] = {
    # refused
    "unknown-field": refused_fields.unknown_field,
    "template-required": refused_values.template_required,
    "name-required": refused_values.name_required,
    "container-name": refused_values.container_name,
    "mount-path": refused_values.mount_path,
    "per-index-limits-clash": refused_values.per_index_limits_clash,
    "restart-policy-required": refused_values.restart_policy_required,
    "indexed-needs-completions": refused_values.indexed_needs_completions,
    "wrong-type": refused_types.wrong_type,
    "removed-api-version": refused_values.removed_api_version,
    "kind-unknown": refused_values.kind_unknown,
    "api-version-or-kind-missing": refused_values.api_version_or_kind_missing,
    "quantity-malformed": refused_types.quantity_malformed,
    "name-invalid": refused_values.name_invalid,
    "name-too-long": refused_values.name_too_long,
    "mount-without-volume": refused_values.mount_without_volume,
    "value-not-supported": refused_values.value_not_supported,
    "number-out-of-range": refused_values.number_out_of_range,
    "needs-indexed-mode": refused_values.needs_indexed_mode,
    "server-crashes": refused_instead.server_crashes,
    "env-malformed": refused_instead.env_malformed,
    "probe-malformed": refused_instead.probe_malformed,
    "volume-malformed": refused_instead.volume_malformed,
    "schedule-time-zone": refused_instead.schedule_time_zone,
    "schedule-malformed": refused_schedule.schedule_malformed,
    "time-zone-unknown": refused_schedule.time_zone_unknown,
    "selector-set-by-hand": refused_labels.selector_set_by_hand,
    "label-invalid": refused_labels.label_invalid,
    "resources-clash": refused_values.resources_clash,
    "rejected-by-api-server": refused_values.rejected_by_api_server,
}
"""The functions that explain errors of the API server."""
