"""What distributors say of packages, joined with what is installed: verdicts, due dates, actions.

Pure: facts and rows of feeds go in, values come out.
"""
