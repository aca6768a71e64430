"""The one renderer: makes each of a learner's steps as HTML, for the web app and for every package alike.

What differs between them is only the Delivery that it is handed: where links and forms lead. Jinja, no Flask;
no learner's name, no database, nothing of any standard.
"""
