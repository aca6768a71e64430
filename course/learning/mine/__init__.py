"""What is a learner's own: words, links to them, checks, cards, certificates, and everything that is kept of them.

Free text of a reflection is read in reflections.py alone, and handed to whoever wrote it or by a link that they made.
"""
