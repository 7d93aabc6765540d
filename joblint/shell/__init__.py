"""What a shell script does; knows shells and programs, but not Kubernetes."""
