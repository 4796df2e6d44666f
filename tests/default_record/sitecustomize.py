"""Python runs this at its start where the folder is in PYTHONPATH."""

from tests.default_record import install

install()
