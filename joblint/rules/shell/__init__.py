"""What a container runs: its command and args as Kubernetes joins them, the shell script in them, when it ends; no rules, no texts."""
