"""Lines over time: shares in per cent, each line named at its end."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from markupsafe import Markup

from course.web.lead.drawing.ends import STYLES, TOP, draw_sign, end_of, name_ends
from course.web.lead.drawing.svg import QUIET, RULE, element, join, percent, picture, whole_percent, words

TALL, FOOT = 220, 30
"""Pixels: the least height of the plot, and the space under it for the dates."""


@dataclass(frozen=True)
class Series:
    """A line: its name and a share in per cent for each date; None where a figure is withheld or there is nobody."""

    name: str
    values: tuple[float | None, ...]


def lines(title: str, series: Sequence[Series], *, dates: Sequence[date], prefix: str) -> Markup:
    """Shares over time as lines from 0% to 100%, with a gap where a value is None.

    `prefix` begins every id, so that several pictures fit on a page. Raises ValueError for more lines than can be told
    apart, for dates that do not rise, for a value beyond 0 to 100, and for a line without a value for each date.
    """
    _check(series, dates)
    ends = [end_of(one.name, one.values) for one in series]
    height = max(TALL, sum(end.height for end in ends))
    across = _across(dates)
    drawn = [_line(one, across, height=height, style=n) for n, one in enumerate(series)]
    description = " ".join(_say(one, dates) for one in series) or "There is nothing to show yet."
    return picture(
        title,
        description,
        _grid(height),
        _dates(dates, across, y=TOP + height),
        *drawn,
        name_ends(ends, height),
        prefix=prefix,
        height=TOP + height + FOOT,
        kind="lines",
    )


def _check(series: Sequence[Series], dates: Sequence[date]) -> None:
    if len(series) > len(STYLES):
        raise ValueError(f"At most {len(STYLES)} lines can be told apart in a picture, not {len(series)}")
    if sorted(set(dates)) != list(dates):
        raise ValueError("The dates of a picture must rise from each to the next")
    for one in series:
        if len(one.values) != len(dates):
            raise ValueError(f"“{one.name}” has {len(one.values)} values for {len(dates)} dates")
        if not all(0 <= value <= 100 for value in one.values if value is not None):
            raise ValueError(f"“{one.name}” has a value that is no share from 0 to 100")


def _across(dates: Sequence[date]) -> list[float]:
    """How far along the picture each date is, from 0 to 100. A single date is at the end, beside the names."""
    if len(dates) < 2:
        return [100.0 for _ in dates]
    days = (dates[-1] - dates[0]).days
    return [100 * (day - dates[0]).days / days for day in dates]


def _grid(height: float) -> Markup:
    """A faint line for each quarter, and the numbers that _desk.scss leaves room for on the left."""
    drawn = []
    for share in (0, 25, 50, 75, 100):
        y = TOP + height * (1 - share / 100)
        colour = QUIET if share == 0 else RULE
        drawn.append(element("line", x1="0", x2="100%", y1=y, y2=y, stroke=colour))
        if share % 50 == 0:
            drawn.append(words(f"{share}%", x=-6, y=y + 5, text_anchor="end"))
    return element("g", *drawn)


def _dates(dates: Sequence[date], across: Sequence[float], *, y: float) -> Markup:
    ticks = [element("line", x1=percent(x), x2=percent(x), y1=y, y2=y + 5, stroke=QUIET) for x in across]
    ends = [words(short(dates[0]), x=0, y=y + 22)] if len(dates) > 1 else []
    ends += [words(short(dates[-1]), x="100%", y=y + 22, text_anchor="middle")] if dates else []
    return element("g", *ticks, *ends)


def short(day: date) -> str:
    """A date in little room: 3 May 2025."""
    return f"{day.day} {day:%b %Y}"


def _line(one: Series, across: Sequence[float], *, height: float, style: int) -> Markup:
    """A line in pieces where there are gaps, its sign at its end and wherever a value stands alone."""
    colour, dashes, _ = STYLES[style]
    runs = list(_runs(one.values))
    signed = [run[-1] for run in runs if len(run) == 1 or run is runs[-1]]
    pieces = [
        element(
            "polyline",
            points=" ".join(f"{across[n]:.2f},{100 - value:.2f}" for n, value in run),
            vector_effect="non-scaling-stroke",
        )
        for run in runs
    ]
    drawn = element(
        "svg",
        *pieces,
        y=TOP,
        width="100%",
        height=height,
        viewBox="0 0 100 100",
        preserveAspectRatio="none",
        overflow="visible",
        fill="none",
        stroke=colour,
        stroke_width=2.5,
        stroke_dasharray=dashes,
        stroke_linejoin="round",
    )
    marks = [
        element("svg", draw_sign(style), x=percent(across[n]), y=TOP + height * (1 - v / 100), overflow="visible")
        for n, v in signed
    ]
    return join([drawn, *marks])


def _runs(values: Sequence[float | None]) -> Iterator[list[tuple[int, float]]]:
    """The stretches without a gap, as positions and values."""
    for is_gap, run in groupby(enumerate(values), key=lambda pair: pair[1] is None):
        if not is_gap:
            yield [(n, value) for n, value in run if value is not None]


def _say(one: Series, dates: Sequence[date]) -> str:
    """A line in words."""
    known = [(day, value) for day, value in zip(dates, one.values, strict=True) if value is not None]
    if not known:
        return f"{one.name}: no figure."
    gaps = len(dates) - len(known)
    missing = f", without a figure on {gaps} of {len(dates)} dates" if gaps else ""
    told = dict.fromkeys(known[:1] + known[-1:])
    ends = ", ".join(f"{whole_percent(value)}% on {day.day} {day:%B %Y}" for day, value in told)
    return f"{one.name}: {ends}{missing}."
