"""Lists of people: kept, planned line by line, and brought in whole or not at all."""
