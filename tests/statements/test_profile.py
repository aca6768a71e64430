"""The profile: one place for every IRI, and the same ids for the web app and for a package's launch script."""

import json
from urllib.parse import urlsplit

from course.statements.profile import DEFAULT_BASE, Profile


def test_a_launch_script_puts_the_same_ids_together_as_the_web_app() -> None:
    profile = Profile("https://learn.example.org/sub")
    ids = json.loads(json.dumps(profile.for_package()))["activities"]
    assert ids["course"] == profile.course
    assert ids["modules"] + "bruising" == profile.module("bruising")
    assert ids["modules"] + "bruising" + ids["decisions"] + "clinic" == profile.decision("bruising", "clinic")
    assert ids["modules"] + "bruising" + ids["selfAssessment"] == profile.self_assessment("bruising")


def test_ids_of_activities_and_extensions_lie_under_the_partnerships_address() -> None:
    profile = Profile("https://learn.example.org")
    for iri in (profile.course, profile.module("a"), profile.decision("a", "b"), profile.version, profile.ratings):
        assert iri.startswith("https://learn.example.org/xapi/")


def test_without_an_address_the_ids_belong_to_nobody_and_are_whole() -> None:
    assert urlsplit(DEFAULT_BASE).hostname == "learning-into-practice.invalid"
    assert Profile().module("a") == "https://learning-into-practice.invalid/xapi/modules/a"


def test_every_verb_has_words_in_the_courses_language() -> None:
    for verb in Profile().for_package()["verbs"].values():
        assert urlsplit(verb["id"]).scheme and verb["display"]["en-GB"]
