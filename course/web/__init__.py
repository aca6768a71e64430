"""The web app: a blueprint an audience, and around them config, security and the web's Delivery.

The only package that imports Flask. A view reads: look up, decide (a pure function of course.catalogue), record
one event (course.learning), go (a redirect). No SQL and no branching rule stands here.
"""
