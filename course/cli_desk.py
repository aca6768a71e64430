"""What a mail server, cron and whoever runs the course do for the training lead’s desk."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from textwrap import indent

import click
from sqlalchemy.exc import SQLAlchemyError

from course.catalogue.library import load
from course.cli_options import INSTANCE
from course.learning.database import WrongDatabase, check_version, new_sessions, open_engine
from course.learning.desk.days import LONDON
from course.learning.desk.mail.bounces import keep_returned, read_returned
from course.learning.desk.mail.follow_ups import follow_ups
from course.learning.desk.mail.links import Links
from course.learning.desk.mail.mailbox import one_line
from course.learning.desk.mail.post import Draft, Posted, post
from course.learning.desk.mail.reminder_words import Terms, draft_of
from course.learning.desk.mail.reminders import Plan, plan
from course.learning.desk.mail.reminders import remind as remind_all
from course.learning.desk.people.first import AddressTaken, add_administrator
from course.learning.desk.people.written import email_of, name_of
from course.learning.desk.standing.board import Board
from course.learning.people import find_by_email
from course.learning.tables import Person
from course.web.config import Config, WrongSetting, from_environment

FAILED = 1
TRY_AGAIN = 75
"""EX_TEMPFAIL of sysexits.h: a mail server keeps the message and runs the command again later."""
LARGEST = 10 * 1024 * 1024
"""Bytes that are read of a returned message; what matters stands long before."""

NO_MAIL = (
    "No e-mail was sent: no mail server is set. Set MAIL_SERVER, MAIL_FROM and COURSE_URL, for the web app too; or "
    "copy the list above."
)


@click.command()
@INSTANCE
def bounce(instance: Path) -> None:
    """Read one returned letter from the standard input and mark it as come back. Made for a mail server’s pipe.

    Exit code 0 for whatever was read, also for a message that is no report or about none of our letters: a mail
    server would only send it on to somebody. Exit code 75 where the database cannot be used now: it tries again.
    """
    returned = read_returned(sys.stdin.buffer.read(LARGEST))
    if returned is None:
        click.echo("Not a report of a letter that failed for good, so nothing was changed.", err=True)
        return
    try:
        engine = open_engine(from_environment(instance).database_url)
        check_version(engine)
        with new_sessions(engine)() as session:
            letter = keep_returned(session, returned)
    except (SQLAlchemyError, WrongDatabase, WrongSetting, OSError) as error:
        click.echo(f"Cannot keep it now: {str(error).splitlines()[0]}", err=True)
        sys.exit(TRY_AGAIN)
    if letter is None:
        click.echo("A report about a letter that is none of ours, so nothing was changed.", err=True)


@click.command()
@click.option("--due", is_flag=True, help="Send what is due: the one kind of reminder that there is.")
@click.option("--dry-run", is_flag=True, help="Print what would go, and send nothing.")
@click.option("-v", "--verbose", is_flag=True, help="With --dry-run, print each letter whole.")
@INSTANCE
def remind(due: bool, dry_run: bool, verbose: bool, instance: Path) -> None:
    """Remind people by e-mail of modules that are due, and of what waits: checks, cards, talks. Made for cron, daily.

    Nobody gets more than one letter of a kind in seven days, so a run that is repeated, or runs twice at once, sends
    nothing twice. Exit code 0, also where nothing is due; 1 if a letter could not be sent; 2 for a wrong setting.
    """
    if not due:
        raise click.UsageError("Say what to send: course remind --due.")
    config, now = from_environment(instance), datetime.now(UTC)
    engine = open_engine(config.database_url)
    check_version(engine)
    library = load(local_file=config.local_file)
    terms = Terms(config.course_url, config.reminders_opt_out, library.partnership)
    with new_sessions(engine)() as session:
        picture = Board(library.modules).picture(session, now)
        if dry_run or config.mailbox is None:
            _print(plan(session, picture, now=now, may_opt_out=terms.may_opt_out), terms, verbose=verbose)
            if dry_run:
                _print_later(follow_ups(session, library.modules, now=now, terms=terms), verbose=verbose)
            else:
                click.echo(NO_MAIL, err=True)
            return
        posted = remind_all(session, picture, now=now, mailbox=config.mailbox, terms=terms)
        later = follow_ups(session, library.modules, now=now, terms=terms)
        more = Posted(left=len(later)) if posted.stopped else post(session, config.mailbox, later, now=now)
        _say(posted + more)


def _print(planned: Plan, terms: Terms, *, verbose: bool) -> None:
    for reminder in planned.go:
        draft = draft_of(reminder, terms)
        lines = len(reminder.own) + sum(len(one.lines) for one in reminder.others)
        said = f"{lines} line{'s'[: lines != 1]}"
        click.echo(f"{draft.email}  {one_line(draft.name)}: {draft.subject} ({said})")
        if verbose:
            click.echo(indent(draft.text, "    "))
    held, without = len(planned.held), planned.without_password
    click.echo(f"{len(planned.go)} to send, {held} held back for a week, {without} without a password yet.")


def _print_later(drafts: list[Draft], *, verbose: bool) -> None:
    for draft in drafts:
        click.echo(f"{draft.email}  {one_line(draft.name)}: {draft.subject}")
        if verbose:
            click.echo(indent(draft.text, "    "))
    if drafts:
        click.echo(f"{len(drafts)} to send about a check, a card or talks that wait.")


def _say(posted: Posted) -> None:
    left = f", {posted.left} not tried" if posted.left else ""
    click.echo(f"{posted.sent} sent, {len(posted.failed)} not sent or not known to be{left}.")
    for draft, why in posted.failed:
        click.echo(f"{draft.email}: {why}", err=True)
    if posted.stopped:
        click.echo(posted.stopped, err=True)
    if posted.failed or posted.stopped:
        sys.exit(FAILED)


@click.command(name="add-administrator")
@click.argument("name")
@click.argument("email")
@click.option("--agency", required=True, help="Their organisation; made if it is new.")
@click.option("--team", required=True, help="Their team there; made if it is new.")
@INSTANCE
def administrator(name: str, email: str, agency: str, team: str, instance: Path) -> None:
    """Add an administrator, and print a link by which they set a password: how a new course begins."""
    config, now = from_environment(instance), datetime.now(UTC)
    try:
        name, email, agency, team = name_of(name), email_of(email), name_of(agency, "agency"), name_of(team, "team")
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    engine = open_engine(config.database_url)
    check_version(engine)
    with new_sessions(engine)() as session:
        try:
            person = add_administrator(session, name=name, email=email, agency=agency, team=team, now=now)
        except AddressTaken as error:
            raise click.UsageError(str(error)) from error
    _hand_over(config, person, "invitation", now=now)


@click.command(name="password-link")
@click.argument("email")
@INSTANCE
def password_link(email: str, instance: Path) -> None:
    """Print a link by which the person with this E-MAIL address can set a password, once.

    For whoever runs a course that sends no e-mail: no lead can make such a link for somebody who has a password.
    """
    config, now = from_environment(instance), datetime.now(UTC)
    engine = open_engine(config.database_url)
    check_version(engine)
    with new_sessions(engine)() as session:
        person = find_by_email(session, email)
    if person is None or person.left_at is not None:
        raise click.UsageError(f"Nobody here has the address {email}, or they have left.")
    _hand_over(config, person, "password" if person.password_hash else "invitation", now=now)


def _hand_over(config: Config, person: Person, purpose: str, *, now: datetime) -> None:
    """Print a link for this person, with until when it works on the error stream."""
    links = Links(config.secret_key, lambda token: f"{config.course_url}/password/{token}")
    link = links.to(person, purpose, now=now)
    click.echo(link.address)
    click.echo(f"For {person.name}. It works once, until {link.until.astimezone(LONDON):%Y-%m-%d %H:%M}.", err=True)
    if not config.course_url:
        click.echo("Before it goes the address of your course; set COURSE_URL to have it there.", err=True)
