"""The Job controller's own code, played through random scenarios and compared with joblint's model of it."""
