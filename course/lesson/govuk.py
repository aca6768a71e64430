"""The macros of GOV.UK Frontend that steps use."""

from functools import cache, lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, PrefixLoader
from markupsafe import Markup

from course.catalogue.events import RATINGS

GOVUK = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})


@cache
def macro(component: str, name: str) -> Any:
    """A macro of GOV.UK Frontend; it asks for parameters that nobody gave, so its own environment is lenient."""
    lenient = Environment(loader=GOVUK, autoescape=True)
    return getattr(lenient.get_template(f"govuk_frontend_jinja/components/{component}/macro.html").module, name)


def rating_radios(role: str, statement_id: str, *, legend: Markup, value: str, is_missing: bool) -> Markup:
    """The four ratings of a statement to choose from; `value` is the one that is chosen, or empty."""
    drawn, of_value = _radios(role, statement_id, legend, is_missing), f'type="radio" value="{value}"'
    return Markup(drawn.replace(of_value, f"{of_value} checked", 1))  # noqa: S704 - made of what the macro escaped


@lru_cache(maxsize=4096)
def _radios(role: str, statement_id: str, legend: Markup, is_missing: bool) -> str:
    """With none chosen. Kept, since the macro takes longer than the page around it."""
    return str(
        macro("radios", "govukRadios")(
            {
                "name": statement_id,
                "idPrefix": f"{role}-{statement_id}",
                "classes": "govuk-radios--inline govuk-radios--small",
                "fieldset": {"legend": {"html": legend, "classes": "govuk-fieldset__legend--s"}},
                "errorMessage": {"text": "Choose one of the four"} if is_missing else None,
                "items": [{"value": rating, "text": text} for rating, text in RATINGS.items()],
            }
        )
    )
