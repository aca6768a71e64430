"""What the training lead's desk asks and does.

standing/   where everybody is in every module: one rule, kept in memory
people/     people join, move, change and leave          lists/     many of them at once, from a file
uploads/    files read within limits                     mail/      invitations, passwords and reminders
assigning/  who is asked to do what by when              figures/   what many people say, counted in tens
and the audit (audit.py, deeds.py), notes, days, and voiding by new versions.

Nothing here knows of Flask. Verbs refuse what is outside the scope of whoever asks, and keep their line in the audit.
"""
