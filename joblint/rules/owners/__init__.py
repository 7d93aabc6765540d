"""Jobs that the controller of another object creates: where they are in it, what it makes of them, why it is rejected."""
