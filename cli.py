"""Run the auditor from a checkout: `python cli.py …` is `auditor …`."""

from auditor.cli import main

if __name__ == "__main__":
    main(prog_name="auditor")
