"""Figures about many people, counted in tens, so that none tells of fewer."""
