"""The evidence pack’s account of the content: which versions were current, what voids, notes, and hashes."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from course.catalogue.model import Change, Module
from course.learning.desk.days import day_of, end_of
from course.learning.desk.voiding import InForce, counting
from course.learning.tables import Note
from course.web.lead.asked import Look
from course.web.lead.content_hashes import LOCAL
from course.web.lead.ledger_rows import KINDS, MEANINGS, OTHER
from course.web.lead.picture_rows import title
from course.web.printing.pack import Section, Table

MOST_NOTES = 300


def versions(seen: Look, in_force: InForce) -> Section:
    """The currency ledger of each module up to the day, newest first, with the completions that counted then."""
    rows = tuple(row for module in seen.picture.modules for row in _versions_of(seen, module, in_force))
    columns = ("Module", "Version", "Date", "Kind", "What changed", "On that day", "Completions that counted")
    about = (
        "Versions up to this day, the newest first, and later ones on which completions of this day stand. "
        "A completion stands on the version on which it was made.",
        " ".join(f"{KINDS[kind]}: {meaning}" for kind, meaning in MEANINGS.items()),
    )
    return Section("Versions of the content", about, Table("The currency ledger", columns, rows, frozenset({6})))


def _versions_of(seen: Look, module: Module, in_force: InForce) -> Iterator[tuple[str, ...]]:
    counts, day = counting(seen.picture, module, seen.rows), seen.picture.day
    lines = [change for change in reversed(module.about.ledger) if change.date <= day or counts[change.version]]
    current = next((change.version for change in lines if change.date <= day), "")
    for change in lines:
        state = _state(module, change, in_force, day=day)
        when = "Later than this day" if change.date > day else "Current" if change.version == current else ""
        words = "; ".join(filter(None, (when, state)))
        about = (title(module), change.version, str(change.date), KINDS[change.kind], change.what)
        yield *about, words, f"{counts[change.version]:,}"
    if counts[""]:
        yield title(module), OTHER, "", "", "", "", f"{counts['']:,}"


def _state(module: Module, change: Change, in_force: InForce, *, day: date) -> str:
    if change.kind != "voids":
        return ""
    row = in_force.get((module.id, change.version))
    return f"In force since {day_of(row.at)}" if row and row.at < end_of(day) else "Not in force"


def notes(modules: Sequence[Module], found: Sequence[Note], *, day: date) -> Section:
    """What leads had written beside an issue by the end of the day."""
    titles = {module.id: title(module) for module in modules}
    written = [note for note in found if note.at < end_of(day)]
    written.sort(key=lambda note: list(titles).index(note.module_id) if note.module_id in titles else len(titles))
    rows = tuple(_note(note, titles, day=day) for note in written[:MOST_NOTES])
    columns = ("Issue", "Note or action", "Who does it", "By when", "On that day", "Written")
    about = ["Notes and actions are kept by leads beside each issue. Here are those about these people and no others."]
    if len(written) > MOST_NOTES:
        about.append(f"There are {len(written):,}; the first {MOST_NOTES} are here, and all stand beside their issues.")
    if not written:
        return Section("Notes and actions", (*about, "Nothing had been written by this day."))
    return Section("Notes and actions", tuple(about), Table("Notes and actions beside issues", columns, rows))


def _note(note: Note, titles: Mapping[str, str], *, day: date) -> tuple[str, ...]:
    done = note.done_at is not None and note.done_at < end_of(day)
    late = note.due_on is not None and note.due_on < day
    state = "" if note.due_on is None else "Done" if done else "Late" if late else "To be done"
    by = f"{day_of(note.at)}, {note.by.name}"
    return titles.get(note.module_id, note.module_id), note.text, note.owner, str(note.due_on or ""), state, by


def hashes(modules: Sequence[Module], found: Mapping[str, str]) -> Section:
    """What tells whether another server has the same content."""
    # Short names, so that a hash stays on one line of a page.
    rows = (*((f"Module {m.number}", m.version, found[m.id]) for m in modules), ("Local words", "", found[LOCAL]))
    about = (
        "These are of the content that is served now, whatever the day of the figures: of each module as JSON with "
        "sorted keys, without spaces, in UTF-8. The local words are what this partnership has filled in. Two servers "
        "with the same hashes teach the same."
    )
    return Section("SHA-256 of the content", (about,), Table("Content", ("Content", "Version", "SHA-256"), rows))
