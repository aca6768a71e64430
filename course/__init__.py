"""Learning into Practice: fourteen modules, one learner's way, and packages for an LMS.

Layers, each importing only those to its left (held by import-linter, see pyproject.toml):
story < catalogue < statements < lesson | learning, lesson < scorm_export < web, learning < web.
"""
