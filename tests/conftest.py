"""What holds for all tests: no test is timed, so hypothesis sets no deadline to an example."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
