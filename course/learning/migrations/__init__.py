"""How the tables came to be, one step a file. A step that has been released is never edited.

A new step: `python -m alembic` needs an alembic.ini that we do not have; call `command.revision` with
course.learning.database.migrations() instead, and write its operations by hand.
"""
