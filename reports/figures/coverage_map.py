"""The map of the municipalities: rows in, a plotly figure out, no request and no database between.

Drawn as outlines in `scatter` traces, so that the basic bundle is enough and no world map is fetched
(docs/adr/0002). Each status has a colour and a pattern of its own: neither alone says what it is.
"""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

BOUNDARIES = Path(__file__).resolve().parents[1] / "data" / "kommuner.geojson"

#: One degree of longitude is this many degrees of latitude wide at 56°N, the middle of Denmark.
WIDTH_OF_A_DEGREE = math.cos(math.radians(56))

#: Bornholm lies 150 km to the east of the rest. It is moved into a frame in the Kattegat, by degrees.
BORNHOLM = "400"
BORNHOLM_MOVED = (-2.55, 2.2)
BORNHOLM_FRAME = (12.0, 57.08, 12.72, 57.6)

Point = tuple[float, float]


@dataclass(frozen=True)
class Look:
    """How a status is drawn. `pattern` is one of plotly's fill patterns; empty is an even fill."""

    ink: str
    paper: str
    pattern: str = ""
    solidity: float = 0.3
    size: int = 8


#: The inks are those of the status markers (`lindra.css`). Each has a contrast of at least 3:1 to the
#: white page and to its own paper, as WCAG 1.4.11 asks of graphics.
LOOKS: Mapping[str, Look] = {
    "covered": Look(ink="#358000", paper="#358000"),
    "at_risk": Look(ink="#b35900", paper="#fff4e0", pattern="-", solidity=0.4),
    "gap": Look(ink="#cc0000", paper="#ffffff", pattern="x", solidity=0.4),
    "unknown": Look(ink="#707070", paper="#f1f1f1", pattern="/", solidity=0.2),
    "no_target": Look(ink="#707070", paper="#ffffff"),
}
OUTLINE = "#5a5a5a"


@dataclass(frozen=True)
class MapRow:
    """One municipality: its code, its status (a key of LOOKS), and the lines that are shown on hover."""

    code: str
    status: str
    lines: tuple[str, ...]


def coverage_map(rows: Iterable[MapRow], *, frame_title: str) -> dict[str, Any]:
    """A plotly figure: one trace a municipality. A municipality that isn't among the rows isn't drawn.

    `frame_title` says over the frame that Bornholm has been moved.
    """
    outlines = boundaries()
    traces = [_trace(row, outlines[row.code]) for row in rows if row.code in outlines]
    return {"data": traces, "layout": _layout(frame_title)}


def _trace(row: MapRow, outline: tuple[tuple[Point, ...], ...]) -> dict[str, Any]:
    look = LOOKS[row.status]
    x: list[float | None] = []
    y: list[float | None] = []
    for ring in outline:
        x += [lon for lon, _lat in ring] + [None]
        y += [lat for _lon, lat in ring] + [None]
    trace: dict[str, Any] = {
        "type": "scatter",
        "mode": "lines",
        "x": x[:-1],
        "y": y[:-1],
        "fill": "toself",
        "fillcolor": look.paper,
        "line": {"color": OUTLINE, "width": 0.6},
        "hoveron": "fills",
        "hoverinfo": "text",
        # What comes from data is text only: plotly would read some HTML in it.
        "text": "<br>".join(escape(line, quote=False) for line in row.lines),
        "name": row.code,
        "meta": row.status,
        "showlegend": False,
    }
    if look.pattern:
        trace["fillpattern"] = {
            "shape": look.pattern,
            "bgcolor": look.paper,
            "fgcolor": look.ink,
            "solidity": look.solidity,
            "size": look.size,
            "fillmode": "replace",
        }
    return trace


def _layout(frame_title: str) -> dict[str, Any]:
    west, south, east, north = BORNHOLM_FRAME
    axis = {"visible": False, "fixedrange": True}
    return {
        "autosize": True,
        "dragmode": False,
        "showlegend": False,
        "hovermode": "closest",
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "paper_bgcolor": "#ffffff",
        "plot_bgcolor": "#ffffff",
        "font": {"family": "IBM Plex Sans, Helvetica, Arial, sans-serif", "size": 14, "color": "#1a1a1a"},
        "hoverlabel": {"bgcolor": "#ffffff", "bordercolor": "#1a1a1a", "align": "left", "namelength": 0},
        "xaxis": {**axis, "range": [8.0 * WIDTH_OF_A_DEGREE, 12.8 * WIDTH_OF_A_DEGREE]},
        "yaxis": {**axis, "range": [54.5, 57.82], "scaleanchor": "x", "scaleratio": 1},
        "shapes": [
            {
                "type": "rect",
                "x0": west * WIDTH_OF_A_DEGREE,
                "x1": east * WIDTH_OF_A_DEGREE,
                "y0": south,
                "y1": north,
                "line": {"color": OUTLINE, "width": 1, "dash": "dot"},
            }
        ],
        "annotations": [
            {
                "x": east * WIDTH_OF_A_DEGREE,
                "xanchor": "right",
                "y": north,
                "yanchor": "bottom",
                "text": escape(frame_title, quote=False),
                "showarrow": False,
                "font": {"size": 12},
            }
        ],
    }


@lru_cache(maxsize=1)
def boundaries() -> Mapping[str, tuple[tuple[Point, ...], ...]]:
    """Municipality code → its outlines in the figure's coordinates, islands each for themselves."""
    features = json.loads(BOUNDARIES.read_text(encoding="utf-8"))["features"]
    return {feature["id"]: tuple(_outlines(feature)) for feature in features}


def _outlines(feature: dict[str, Any]) -> Iterable[tuple[Point, ...]]:
    geometry = feature["geometry"]
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    east, north = BORNHOLM_MOVED if feature["id"] == BORNHOLM else (0.0, 0.0)
    for polygon in polygons:
        # No municipality of the file has a hole: the first ring is all of a polygon.
        yield tuple(
            (round((lon + east) * WIDTH_OF_A_DEGREE, 4), round(lat + north, 3)) for lon, lat in polygon[0]
        )
