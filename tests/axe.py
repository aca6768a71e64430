"""axe-core, which judges a page by rules of WCAG 2.2 AA, and by what is good practice."""

from playwright.sync_api import Frame, Page

from tests.conftest import ROOT

AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
"""axe leaves WCAG 2.2's target-size out unless it is asked for by name."""
# What passed is not described, and what no rule asked for looks at (media, style sheets of others) is not loaded
# again: both take longer than the judging.
RUN = """([within, tags]) => axe.run(within, {runOnly: tags, resultTypes: ["violations"], preload: false}).then(
    found => found.violations.map(v => `${v.id}: ${v.help} at ${v.nodes.map(n => n.target.join(" ")).join(", ")}`))"""


def barriers(page: Page | Frame, within: str = "html") -> list[str]:
    """What no reader should meet, in words; looks into the frames of a page too."""
    for frame in page.frames if isinstance(page, Page) else [page]:
        if not frame.evaluate("'axe' in window"):
            frame.evaluate(AXE)
    found: list[str] = page.evaluate(RUN, [within, TAGS])
    return found
