"""Where the boxes and lines of a drawing stand, from left to right.

Sugiyama's method, small enough to need no library: layers by depth, lanes for lines that pass a layer, an order
with few crossings found by barycentres, then heights that keep lines short and straight.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

GAP = 36
"""Clear space below a box. A lane has half of it."""

Spot = tuple[str, int]
"""A box's id and a layer: the box itself in its own layer, and in earlier ones the lane that leads to it."""


class Port(NamedTuple):
    """Where a line leaves a box, measured from the box's top, and the box that it leads to."""

    down: float
    leads: str


@dataclass(frozen=True)
class Shape:
    """What the layout needs to know of a box."""

    layer: int
    height: float
    ports: tuple[Port, ...]


class Link(NamedTuple):
    """A stretch of line from one layer to the next: out of a box's port or, where `port` is -1, out of a lane."""

    start: Spot
    port: int
    end: Spot


Shapes = Mapping[str, Shape]


def depths(onward: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Each id's layer: its longest way from the start. What leads back gets no smaller a layer than its target."""
    finished: list[str] = []
    seen: set[str] = set()

    def visit(id_: str) -> None:
        seen.add(id_)
        for following in onward[id_]:
            if following not in seen:
                visit(following)
        finished.append(id_)

    for id_ in onward:
        if id_ not in seen:
            visit(id_)
    place = {id_: n for n, id_ in enumerate(reversed(finished))}
    depth = dict.fromkeys(place, 0)
    for id_ in place:
        for following in onward[id_]:
            if place[following] > place[id_]:
                depth[following] = max(depth[following], depth[id_] + 1)
    return depth


def links_of(shapes: Shapes) -> list[Link]:
    """Every stretch of line. Lines to the same box share its lanes; those that lead back are not drawn."""
    found: dict[Link, None] = {}
    for id_, shape in shapes.items():
        for p, port in enumerate(shape.ports):
            last = shapes[port.leads].layer
            if last > shape.layer:
                found[Link((id_, shape.layer), p, (port.leads, shape.layer + 1))] = None
            for layer in range(shape.layer + 1, last):
                found[Link((port.leads, layer), -1, (port.leads, layer + 1))] = None
    return list(found)


def heights(shapes: Shapes, links: Sequence[Link]) -> dict[Spot, float]:
    """How far down the top of each spot is: near what it is linked to, and never over another."""
    layers = _ordered(shapes, links)
    y = {spot: (n - len(layer) / 2) * 200 for layer in layers for n, spot in enumerate(layer)}
    for sweep in range(60):
        for layer in layers if sweep % 2 else reversed(layers):
            y |= _apart(shapes, layer, {spot: _wish(shapes, links, spot, y) for spot in layer})
    top = min(y.values())
    return {spot: value - top for spot, value in y.items()}


def leaves(shapes: Shapes, link: Link) -> float:
    """How far below the top of its start a line leaves."""
    return shapes[link.start[0]].ports[link.port].down if link.port >= 0 else 0


def height_of(shapes: Shapes, spot: Spot) -> float:
    """The height of a box; a lane has none."""
    return shapes[spot[0]].height if shapes[spot[0]].layer == spot[1] else 0


def _ordered(shapes: Shapes, links: Sequence[Link]) -> list[list[Spot]]:
    """Each layer from top to bottom, in the order with the fewest crossings of those tried."""
    spots = dict.fromkeys([*((id_, shape.layer) for id_, shape in shapes.items()), *(x.end for x in links)])
    layers = [[s for s in spots if s[1] == n] for n in range(1 + max(layer for _, layer in spots))]
    at = {spot: float(n) for layer in layers for n, spot in enumerate(layer)}

    def leaving(link: Link) -> float:
        return at[link.start] + (link.port + 1) / (len(shapes[link.start[0]].ports) + 1)

    best, fewest = layers, len(links) ** 2
    for downstream in (True, False) * 8:
        for layer in layers if downstream else reversed(layers):
            for spot in layer:
                into = [leaving(x) for x in links if x.end == spot]
                onward = [at[x.end] for x in links if x.start == spot]
                near = (into if downstream else onward) or [at[spot]]
                at[spot] = sum(near) / len(near)
            at |= {spot: float(n) for n, spot in enumerate(sorted(layer, key=lambda s: at[s]))}
        ends = [(x.end[1], leaving(x), at[x.end]) for x in links]
        crossings = sum(a[0] == b[0] and a[1] < b[1] and a[2] > b[2] for a in ends for b in ends)
        if crossings < fewest:
            best, fewest = [sorted(layer, key=lambda s: at[s]) for layer in layers], crossings
    return best


def _wish(shapes: Shapes, links: Sequence[Link], spot: Spot, y: Mapping[Spot, float]) -> float:
    """Where a spot would stand if it were alone in its layer: by its neighbours, and a little to the middle."""
    pulls = [(-height_of(shapes, spot) / 2, 0.5)]
    for link in links:
        if spot in (link.start, link.end):
            bend = y[link.start] + leaves(shapes, link) - y[link.end] - height_of(shapes, link.end) / 2
            strength = 1 if link.port >= 0 else 8  # lanes should run straight
            pulls.append((y[spot] + (bend if spot == link.end else -bend), strength))
    return sum(place * strength for place, strength in pulls) / sum(strength for _, strength in pulls)


def _apart(shapes: Shapes, layer: Sequence[Spot], wish: Mapping[Spot, float]) -> dict[Spot, float]:
    """The wishes of one layer made to keep clear of each other, in their order."""

    def room(spot: Spot) -> float:
        return height_of(shapes, spot) + GAP if shapes[spot[0]].layer == spot[1] else GAP / 2

    down, up = {}, {}
    floor, ceiling = float("-inf"), float("inf")
    for spot in layer:
        down[spot] = max(wish[spot], floor)
        floor = down[spot] + room(spot)
    for spot in reversed(layer):
        up[spot] = ceiling = min(wish[spot], ceiling - room(spot))
    return {spot: (down[spot] + up[spot]) / 2 for spot in layer}  # both keep clear, so their mean does
