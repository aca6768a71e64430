"""Where everybody is in every module: the rule, what it follows from, and the board that keeps it in memory."""
