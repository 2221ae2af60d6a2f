"""Values that travel between the steps: frozen, typed, without I/O."""
