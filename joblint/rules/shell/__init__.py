"""What a container runs: command and args as Kubernetes joins them, the shell script in them, when it ends; no rules."""
