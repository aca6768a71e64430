"""What a learner did, as xAPI: the profile (every IRI that the course uses) and an event as an XapiStatement.

Pure: nothing here reads a database, opens a connection or makes a page. No XapiStatement has a field that could
hold what a learner wrote, since no event has one.
"""
