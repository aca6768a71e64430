"""Letters: invitations, passwords and reminders, kept before they go, and what came of them."""
