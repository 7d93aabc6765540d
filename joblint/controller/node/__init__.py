"""The kubelet: what becomes of one Pod on its node."""
