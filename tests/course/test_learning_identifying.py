"""What looks as if it said who a child is, and what only looks like that to a careless rule."""

from datetime import date
from time import perf_counter

import pytest

from course.learning.mine.identifying import SIGNS, Sign, signs_in

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Amir Khan 12/03/2019", "birth"),
        ("Amir, 12.3.19, was in her class", "birth"),
        ("I thought of Ella-Mae O’Neil (3rd March 2021).", "birth"),
        ("the baby, born on 2 November 2026", "birth"),
        ("DOB: 2019-03-12", "birth"),
        ("his date of birth is 12/03/19", "birth"),
        ("12 March 2019 is the day that he was born", "birth"),
        ("Zoë March 12, 2019", "birth"),
        ("DOB: 14th April", "birth"),
        ("D.O.B. 14/4", "birth"),
        ("Ellie-Mae b. 14 Apr 26", "birth"),
        ("Ellie-Mae (b. 14/04/26)", "birth"),
        ("EM b 14 April, at home with Mum", "birth"),
        ("the baby, b. April 14", "birth"),
        ("Ellie-Mae 14 Apr 26.", "birth"),
        ("Ellie-Mae, 14 Apr ’26", "birth"),
        ("she was born on the 14th of April at home", "birth"),
        ("14 April is his birthday", "birth"),
        ("his number is 943 476 5919", "nhs-number"),
        ("9434765919", "nhs-number"),
        ("NHS 943\u2013476\u20135919.", "nhs-number"),
        ("they live at SW1A 1AA now", "postcode"),
        ("near m1 1ae", "postcode"),
        ("(LS28 7HQ)", "postcode"),
        ("B33 8TH, the third floor", "postcode"),
        ("Mum is on 07700 900123", "telephone"),
        ("+44 7700 900 123", "telephone"),
        ("+44 (0)20 7946 0018", "telephone"),
        ("(0114) 496 0123", "telephone"),
        ("01632 960001.", "telephone"),
    ],
)
def test_what_may_say_who_a_child_is(text: str, kind: str) -> None:
    assert signs_in({"answer-1": text}, today=TODAY) == [Sign(kind, "answer-1")]
    assert signs_in({"answer-1": f"At first I did not see it. {text}\nAnd so on."}, today=TODAY) == [
        Sign(kind, "answer-1")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I will ring the health visitor by 12 March 2027.",
        "We met on Monday 3 March 2025, and again on 17/03/2025.",
        "Strategy Meeting 14/05/2026, then the Review Conference 2 June 2026",
        "I spoke to Priya on 3 March 2026 and with Tom Ash 4 March 2026",
        "ICPC 12/03/2026; MASH 2 May 2026",
        "Completed 3 March 2025. Reviewed 12/12/2025.",
        "Supervision with Sam, 12/01/2027",
        "By 12 March 2026 nobody had asked. On 13 March 2026 I did.",
        "Section 47 of the Children Act 1989, as Working Together 2023 says",
        "the Domestic Abuse Act 2021, sections 1 to 3 and 17",
        "It took 10 days and 45 minutes; there were 1,200 of 3,400 and £1,250.50",
        "Module 3: Not making a referral after bruising to non-mobile babies",
        "the M1 2nd exit, room E3 4PM, KS2 and year 11, at 14:05 on the 9th",
        "m1 2nd, b4 3rd",
        "V3 2DL and Q1 2AB are no places",
        "Childline is 0800 1111, the NSPCC 0808 800 5000, and NHS 111; in danger ring 999 or 101",
        "our front door is 0300 123 4567",
        "01-02-2026 10:30 until 11:45 and 2025-03-14 09:00",
        "943 476 5918",
        "4000000000 grains of sand",
        "reference 12345678901234",
        "Amir was in on Tuesday and Ella on Friday",
        "Amir, 14 April: we met. Ella came on 3 May",
        "Priya 14 March 10:30, Tom 14 March 10 to 11, Sam 14 March 9.30, Ade 14 March 10am",
        "Plan B 3 March, option b. 14 April 2026, Part b 3 March, a. ring on 3 May, b. 4 May write",
        "before 14 April, when the baby is to be born; the baby will be born by 2 May; it is born 3 May",
        "what changes for babies born after 12 March 2027, and for those born from April 14, 2027",
        "born at 14.30, 1/2 hour after he was born, born 3 decisions ago",
        "The newborn clinic is on 3 May, and the unborn baby protocol of 4 June",
        "By the 14th of April I will have asked the 3 midwives, dob or no dob",
        "2019",
        "99/99/2019 31/02/2019",
    ],
)
def test_what_says_nothing_about_a_child(text: str) -> None:
    assert signs_in({"answer-1": text}, today=TODAY) == []


def test_a_day_to_come_is_no_birth() -> None:
    assert signs_in({"a": "Amir 12/03/2027, Ella 23/11/2026"}, today=TODAY) == [Sign("birth", "a")]
    assert signs_in({"a": "Amir 12/03/2027"}, today=TODAY) == []


def test_each_field_and_kind_is_named_once_and_nothing_of_it_repeated() -> None:
    texts = {"answer-1": "SW1A 1AA, SW1A 1AA, 07700 900123", "answer-2": "nothing", "commitment": "ring 07700 900123"}
    found = signs_in(texts, today=TODAY)
    assert found == [Sign("postcode", "answer-1"), Sign("telephone", "answer-1"), Sign("telephone", "commitment")]
    assert {kind for kind, _ in found} <= SIGNS.keys()


@pytest.mark.parametrize(
    "text",
    ["3 May " * 1500, "A b. " * 1500, "9" * 5000, "A1 " * 2000, "Amir " * 1500, "0 " * 4000, "12/" * 3000, "(0" * 3000],
)
def test_no_text_makes_it_slow(text: str) -> None:
    begun = perf_counter()
    signs_in({"answer-1": text}, today=TODAY)
    assert perf_counter() - begun < 0.5
