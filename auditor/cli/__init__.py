"""The command line: options → one call → exit code."""
