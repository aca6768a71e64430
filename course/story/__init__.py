"""What a scenario is and how it moves: model, rules, compiler, checks, drawing.

Nothing here reads a file, knows a module or a learner, or makes HTML; pydantic is the only library.
"""
