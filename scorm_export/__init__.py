"""Packages for an LMS: one module's lesson as a document, a manifest and a launch script, zipped.

Imports the lesson and what lies below it; knows no learner, no database and no web app. What is peculiar to a
standard stands in standards/, launch/ and manifests/ and nowhere else.
"""
