"""People join, move, change and leave, one at a time, and what is known of each."""
