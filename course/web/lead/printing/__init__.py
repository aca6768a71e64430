"""The evidence pack as a page and as a tagged PDF. Nothing of Flask."""
