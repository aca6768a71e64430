"""What stands in place of the name and address of somebody whose data was erased."""

NOBODY = "Somebody whose data was erased"
NOWHERE = "@invalid"
"""How the address ends that stands for theirs. RFC 2606 gives it to nobody, and no list or form takes it."""

OF_NOBODY = "nothing new is kept of somebody whose data was erased"
"""What a database says that refuses it: words of its triggers, so another wording needs a migration."""


class NobodyNow(Exception):
    """Their data was erased between what somebody was asked and what would have been kept; nothing is kept."""


def was_erased(email: str) -> bool:
    """Whether this is the address of somebody whose data was erased."""
    return email.endswith(NOWHERE)
