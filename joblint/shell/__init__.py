"""What a shell script does; knows shells and programs, nothing of Kubernetes."""
