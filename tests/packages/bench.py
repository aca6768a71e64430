"""What packages weigh, what they say to an LMS and how soon they can be used: `make bench-packages`.

Figures 3 and 4 of the bounds that the packages are held to. Counts and bytes are exact; the time is the median of
several cold starts on a slow phone, as Chromium plays one: 1.6 Mbit/s, 150 ms a request, a processor slowed four
times, from a server that does not compress. Exit code 1 if a bound is crossed.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from time import perf_counter

from playwright.sync_api import Browser, sync_playwright
from rich.console import Console
from rich.table import Table

from course.catalogue.library import load
from course.catalogue.model import Module
from scorm_export.options import Options
from scorm_export.package import Packer
from scorm_export.standards import STANDARDS
from scorm_export.state import LONGEST, worst_state
from scorm_export.zip import zipped
from tests.conftest import chromium
from tests.packages.conftest import unzipped
from tests.packages.learner import longest_choices, sit_down, way_through
from tests.packages.lms import EDITIONS, Lms

RUNS = 7
ONE = Options(one_package=True)
PHONE = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 200_000}
"""Bytes a second: 1.6 Mbit/s."""
SLOWED = 4
USABLE = """() => new Promise((done) => new MutationObserver((_, watch) => {
  if (!document.body || !document.body.classList.contains("is-playing")) { return; }
  watch.disconnect();
  const time = performance.now();
  document.querySelector("#overview form[data-act=open] button").click();
  const next = document.querySelector("#vignette h1");
  done(next.offsetHeight > 0 ? time : -1);
}).observe(document, {subtree: true, attributes: true, attributeFilter: ["class"]}))"""
"""From when on the first button works, in milliseconds since the navigation began: a press brings the next page."""

LATER = {"/content/phone/steps.js", "/content/phone/steps.css"}
"""Asked for when the first page works already."""

failures: list[str] = []


def bounded(what: str, figure: float, bound: float) -> str:
    """The figure and its bound as a cell; a crossed bound is remembered."""
    if figure > bound:
        failures.append(f"{what}: {figure:,.0f} is over {bound:,.0f}")
    return f"{figure:,.0f} of {bound:,.0f}"


def main() -> int:
    """Measure, print, and say by the exit code whether every bound holds."""
    console = Console(width=120)
    packer = Packer(load())
    modules = packer.library.modules
    console.print(weights(packer))
    console.print(states(modules))
    with sync_playwright() as playwright, lms_running() as lms:
        browser = playwright.chromium.launch(
            executable_path=chromium(),
            args=["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        console.print(talk(browser, lms, packer))
        console.print(first_screen(browser, lms, packer))
        browser.close()
    console.print(building(packer))
    for failure in failures:
        console.print(f"[bold]Bound crossed:[/] {failure}")
    return bool(failures)


@contextmanager
def lms_running() -> Iterator[Lms]:
    lms = Lms()
    yield lms
    lms.close()


def weights(packer: Packer) -> Table:
    """Zipped bytes of packages, and of all in them that is no module's text."""
    table = Table("Standard", "One module, largest", "All fourteen in one", "Of it no text, one", "No text, fourteen")
    for standard in STANDARDS.values():
        singles = [packer.package([m], standard) for m in packer.library.modules]
        whole = packer.package(packer.library.modules, standard, ONE)
        rests = [bounded(f"{standard.name} without text", bare(z), 60_000) for z in (singles[0], whole)]
        table.add_row(standard.title, f"{max(map(len, singles)):,}", f"{len(whole):,}", *rests)
    return table


def bare(package: bytes) -> int:
    """Zipped bytes of a package without its modules' documents; a course's shell is no module's text."""
    files = unzipped(package)
    texts = {n for n in files if n[:2].isdigit()} if "course.js" in files else {"index.html", "steps.js"}
    return len(zipped({n: b for n, b in files.items() if n not in texts}))


def states(modules: tuple[Module, ...]) -> Table:
    """The place that an LMS is given to keep, at its largest."""
    table = Table("suspend_data at its largest", "Characters")
    worst = max(modules, key=worst_state)
    table.add_row(
        f"Module {worst.number}: every mark and role, two looks", bounded("state", worst_state(worst), LONGEST)
    )
    whole = sum(len(f"{m.number}=;") + LONGEST for m in modules)
    table.add_row("All fourteen, each as full as it is let", bounded("state of the course", whole, 4096))
    return table


def talk(browser: Browser, lms: Lms, packer: Packer) -> Table:
    """Calls of the API: at a first launch, at a later one, and the most at any one act of a whole journey."""
    table = Table(
        "Calls", "First launch: gets", "sets", "Later launch: gets", "sets", "An act: sets", "commits", "gets, errors"
    )
    for edition in EDITIONS.values():
        standard = STANDARDS[edition.name]
        module = max(packer.library.modules, key=lambda m: len(longest_choices(m)))
        lms.begin_again()
        lms.upload(module.id, unzipped(packer.package([module], standard)))
        device = browser.new_context()
        sitting = sit_down(lms, device, lms.launch("ada-7", module.id, edition=edition))
        first, most = Counter(c.name for c in sitting.calls), Counter[str]()
        events = way_through(module, longest_choices(module))
        for n, event in enumerate(events[:-1]):
            before = len(sitting.calls)
            sitting.walk(module, [event], since=events[:n])
            most |= Counter(c.name for c in sitting.calls[before:])
        again = Counter(c.name for c in sit_down(lms, device, lms.launch("ada-7", module.id, edition=edition)).calls)
        device.close()
        row = [
            *(bounded("gets at a launch", n["get"], 8) for n in (first,)),
            bounded("sets at a launch", first["set"], 3),
            bounded("gets at a launch", again["get"], 8),
            bounded("sets at a launch", again["set"], 3),
            bounded("sets at an act", most["set"], 2),
            bounded("commits at an act", most["commit"], 1),
            bounded("gets and error look-ups at an act", most["get"] + most["error"], 0),
        ]
        table.add_row(standard.title, *row)
    return table


def first_screen(browser: Browser, lms: Lms, packer: Packer) -> Table:
    """How soon the first page can be used on a slow phone, and what it asked for until then."""
    table = Table(
        "First screen on a slow phone",
        "Requests",
        "Bytes of script and style",
        "Usable after ms (median)",
        "min",
        "max",
    )
    largest = max(packer.library.modules, key=lambda m: len(packer.package([m], STANDARDS["scorm12"])))
    for standard in STANDARDS.values():
        files = unzipped(packer.package([largest], standard))
        lms.upload("phone", files)
        times = [cold_start(browser, lms) for _ in range(RUNS)]
        asked = {r.path for r in lms.requests if r.path.startswith("/content/phone/")} - LATER
        middle = bounded(f"{standard.name} usable", median(times), 700)
        size = len(files["lesson.css"]) + len(files["lesson.js"])
        row = [bounded("requests", len(asked), 3), f"{size:,}", middle, f"{min(times):.0f}", f"{max(times):.0f}"]
        table.add_row(f"{standard.title}, module {largest.number}", *row)
    return table


def cold_start(browser: Browser, lms: Lms) -> float:
    """Milliseconds from the navigation until the first button works, with nothing cached."""
    lms.requests.clear()
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", PHONE)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    page.add_init_script(f"window.usable = ({USABLE})()")
    page.goto(f"{lms.address}/content/phone/index.html")
    time = float(page.evaluate("window.usable"))
    context.close()
    assert time > 0, "the first button did nothing"
    return time


def building(packer: Packer) -> Table:
    """Seconds to build all fourteen, warm: the steps rendered already, as they are in a running web app."""
    table = Table("Building", "Seconds")
    cold = timed(lambda: [Packer(packer.library).package([m], STANDARDS["scorm12"]) for m in packer.library.modules])
    table.add_row("All fourteen, steps rendered anew", f"{cold:.2f}")
    for standard in STANDARDS.values():
        warm = median(timed(lambda s=standard: list(packer.packages(packer.library.modules, s))) for _ in range(3))  # type: ignore[misc]
        table.add_row(f"All fourteen, warm: {standard.title}", f"{warm:.2f} of 1")
        if warm > 1:
            failures.append(f"building {standard.name} warm: {warm:.2f} s is over 1 s")
    return table


def timed(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
