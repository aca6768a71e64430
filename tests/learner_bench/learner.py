"""A learner who keeps one connection open and asks for one page after another."""

import re
from collections import defaultdict
from collections.abc import Sequence
from http.client import HTTPConnection
from random import Random
from urllib.parse import urlencode, urlsplit

from course.catalogue.model import Module
from tests.learner_bench.worker import HEADER

PASSWORD = "a long enough password"
PLACES = ("overview", "vignette", "debrief", "practice", "self-assessment", "reflection", "done", "briefing", "sources")
OWN = {
    "My learning": "/mine/",
    "Journal": "/mine/journal",
    "Action plan": "/mine/plan",
    "Cards": "/mine/cards",
    "Record": "/mine/record",
    "My data": "/mine/data",
    "Help": "/help",
}


class Learner:
    """One of them; `times` holds the milliseconds of each kind of page, `sizes` its largest answer in bytes."""

    def __init__(self, port: int, email: str, done: Sequence[Module], *, seed: int) -> None:
        self.times: dict[str, list[float]] = defaultdict(list)
        self.sizes: dict[str, int] = defaultdict(int)
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self._email, self._done, self._chance = email, done, Random(seed)  # noqa: S311 (the same each time)
        self._cookie = self._page = ""

    def sign_in(self) -> None:
        """Sign in as people do."""
        self._ask("GET", "/sign-in")
        token = self._csrf()
        self._ask("POST", "/sign-in", {"email": self._email, "password": PASSWORD, "csrf_token": token}, status=302)

    def go_round(self, rounds: int) -> None:
        """Ask for every page, in an order of chance, so many times."""
        pages = [(name, path) for name, path in OWN.items()]
        for _ in range(rounds):
            module = self._chance.choice(self._done)
            at = f"/modules/{module.folder}"
            of_module = [(place, f"{at}/{place}") for place in PLACES if place != "self-assessment"]
            of_module += [("Self-assessment", f"{at}/self-assessment-practitioner"), ("Step", f"{at}/decisions/2")]
            everything = [("Home", "/"), *pages, *of_module]
            self._chance.shuffle(everything)
            for name, path in everything:
                self._timed(name.capitalize(), "GET", path)
            self._choose_anew(at)

    def _choose_anew(self, at: str) -> None:
        """Go back to the last decision, and make it again."""
        self._ask("GET", f"{at}/debrief")
        forms = re.findall(r'action="([^"]*/go-back)".*?name="target" value="([^"]+)"', self._page, re.DOTALL)
        action, target = forms[-1]
        self._timed("Go back", "POST", action, {"target": target, "csrf_token": self._csrf()})
        while not self._page_is_ending():
            fields = self._chance.choice(re.findall(r"<form[^>]*/choose\".*?</form>", self._page, re.DOTALL))
            hidden = dict(re.findall(r'name="([^"]+)" value="([^"]+)"', fields))
            self._timed("Choose", "POST", f"{at}/choose", hidden)

    def _page_is_ending(self) -> bool:
        return 'class="choices"' not in self._page

    def _timed(self, name: str, method: str, path: str, fields: dict[str, str] | None = None) -> None:
        took = self._ask(method, path, fields, status=200 if method == "GET" else 302)
        self.times[name].append(took)
        self.sizes[name] = max(self.sizes[name], len(self._page))
        if method == "POST":
            self._ask("GET", self._goes_to)

    def _ask(self, method: str, path: str, fields: dict[str, str] | None = None, *, status: int = 200) -> float:
        headers = {"Cookie": self._cookie, "Host": "127.0.0.1"}
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, urlencode(fields) if fields is not None else None, headers)
        answer = self._connection.getresponse()
        self._page = answer.read().decode()
        if answer.status != status:
            raise AssertionError(f"{method} {path}: {answer.status}")
        if cookie := answer.headers.get("Set-Cookie"):
            self._cookie = cookie.partition(";")[0]
        self._goes_to = urlsplit(answer.headers.get("Location", "")).path
        return float(answer.headers[HEADER])

    def _csrf(self) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self._page)
        assert found
        return found[1]
