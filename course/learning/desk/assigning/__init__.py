"""Assignments: who is asked to do what by when."""
