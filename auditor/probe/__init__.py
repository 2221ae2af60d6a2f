"""What can be asked: one file a subject, each a question and a pure parser of its answer."""
