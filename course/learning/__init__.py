"""Who is learning and what they did: tables, the verbs that change them, reports and migrations.

The only package that imports SQLAlchemy. It may import course.statements, course.catalogue and course.story; never
Flask, Jinja, course.lesson or course.web. Every verb that writes ends its transaction: it commits, or it changes
nothing.
"""
