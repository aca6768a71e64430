"""What a module is: its content files, the local overlay, checks, the completion rule, events.

No learner, no database and no HTML; nothing here imports Jinja, Flask or SQLAlchemy.
"""
