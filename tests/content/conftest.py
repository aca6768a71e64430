"""Property tests here try the same examples on every machine, however slow, and leave nothing behind."""

from hypothesis import settings

settings.register_profile("steady", max_examples=60, deadline=None, derandomize=True, database=None)
settings.load_profile("steady")
