"""Triggers that the migrations make, for both databases."""

from alembic import op

from course.learning.mine.erased import NOWHERE, OF_NOBODY


def keep_for_ever(table: str) -> None:
    """Refuse to change or delete a row, with an integrity error on both databases."""
    said = f"rows of {table} are kept for ever"
    if _is_sqlite():
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER tr_{table}_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION keep_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{said}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER tr_{table}_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION keep_{table}()"
    )


def refuse_of_nobody(table: str) -> None:
    """Refuse a new row of somebody whose data was erased: a request may have begun before it and write after it.

    PostgreSQL waits for an erasing that is going on, and one waits for whoever was here first.
    """
    if _is_sqlite():
        whose = "(SELECT email FROM people WHERE id = NEW.person_id)"
        op.execute(
            f"CREATE TRIGGER tr_{table}_of_nobody BEFORE INSERT ON {table} WHEN {whose} LIKE '%{NOWHERE}' "
            f"BEGIN SELECT RAISE(ABORT, '{OF_NOBODY}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION of_nobody_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE address text; "  # noqa: S608
        f"BEGIN SELECT email INTO address FROM people WHERE id = NEW.person_id FOR KEY SHARE; "
        f"IF address LIKE '%{NOWHERE}' THEN RAISE EXCEPTION '{OF_NOBODY}' USING ERRCODE = 'restrict_violation'; "
        f"END IF; RETURN NEW; END $$"
    )
    op.execute(
        f"CREATE TRIGGER tr_{table}_of_nobody BEFORE INSERT ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION of_nobody_{table}()"
    )


def keep_nobody() -> None:
    """Refuse to give somebody whose data was erased a name or an address again, for the same reason."""
    changed = f"OLD.email LIKE '%{NOWHERE}' AND (NEW.name <> OLD.name OR NEW.email <> OLD.email)"
    if _is_sqlite():
        op.execute(
            f"CREATE TRIGGER tr_people_stay_nobody BEFORE UPDATE ON people WHEN {changed} "
            f"BEGIN SELECT RAISE(ABORT, '{OF_NOBODY}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION stay_nobody() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{OF_NOBODY}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER tr_people_stay_nobody BEFORE UPDATE ON people "
        f"FOR EACH ROW WHEN ({changed}) EXECUTE FUNCTION stay_nobody()"
    )


def note_change(table: str, *, who: str, changes: str = "INSERT OR UPDATE") -> None:
    """Note in `changed` whom a change of a row touches: `who` is SQL about NEW, or '' in quotes for everybody.

    Numbers follow the order of commits: SQLite has one writer anyway, and PostgreSQL takes a lock before the statement
    touches a row, so that two that wait for each other's rows cannot happen.
    """
    noted = (
        f"INSERT INTO changed (person_id, number) "  # noqa: S608 - both come from the migration alone
        f"SELECT {who}, coalesce(max(number), 0) + 1 FROM changed WHERE true "
        f"ON CONFLICT (person_id) DO UPDATE SET number = excluded.number"
    )
    if _is_sqlite():
        for change in changes.split(" OR "):
            name = f"tr_{table}_changed_{change.lower()}"
            op.execute(f"CREATE TRIGGER {name} AFTER {change} ON {table} BEGIN {noted}; END")
        return
    op.execute(
        f"CREATE FUNCTION changed_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {noted}; RETURN NULL; END $$"
    )
    op.execute(
        f"CREATE TRIGGER tr_{table}_changed AFTER {changes} ON {table} FOR EACH ROW EXECUTE FUNCTION changed_{table}()"
    )
    op.execute(
        f"CREATE TRIGGER tr_{table}_in_turn BEFORE {changes} ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION change_in_turn()"
    )


def change_in_turn() -> None:
    """Make the function by which PostgreSQL lets one transaction at a time note changes."""
    if not _is_sqlite():
        op.execute(
            "CREATE FUNCTION change_in_turn() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN PERFORM pg_advisory_xact_lock({_TURN}); RETURN NULL; END $$"
        )


_TURN = 0x6C6971  # any number that is ours and not database.py's


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
