"""How much is in place within each domain, as one horizontal bar each."""

from dataclasses import dataclass
from html import escape

import plotly.graph_objects as go

#: The site's accent, and the white of what is still to come with its grey edge.
ACCENT = "#004d99"
EDGE = "#8e8e8e"
#: Pixels: a bar with its name above it, and the room around all bars.
BAR, AROUND = 56, 16


@dataclass(frozen=True)
class Bar:
    """A domain of which something is asked: how many competencies, and how many are in place."""

    name: str
    count: str
    reached: int
    required: int


def profile_figure(bars: list[Bar]) -> go.Figure:
    """One bar a domain, in the framework's order from the top, as long as what is asked there.

    The filled part is in place. Name and count stand above the bar, so that nothing is cut off on a
    phone and the colour says nothing alone.
    """
    places = list(range(len(bars)))
    in_place = go.Bar(
        x=[bar.reached for bar in bars],
        y=places,
        orientation="h",
        marker={"color": ACCENT, "line": {"color": ACCENT, "width": 1}},
        width=0.36,
        hoverinfo="skip",
    )
    to_come = go.Bar(
        x=[bar.required - bar.reached for bar in bars],
        y=places,
        orientation="h",
        marker={"color": "#ffffff", "line": {"color": EDGE, "width": 1}},
        width=0.36,
        hoverinfo="skip",
    )
    longest = max((bar.required for bar in bars), default=1)
    return go.Figure(
        [in_place, to_come],
        {
            "template": None,
            "barmode": "stack",
            "showlegend": False,
            "height": BAR * len(bars) + AROUND,
            "margin": {"l": 2, "r": 2, "t": AROUND, "b": 0},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "dragmode": False,
            "hovermode": False,
            "xaxis": {"visible": False, "range": [0, longest * 1.005], "fixedrange": True},
            "yaxis": {
                "visible": False,
                "range": [len(bars) - 0.7, -0.8],
                "fixedrange": True,
            },
            "annotations": [
                {
                    "x": 0,
                    "xanchor": "left",
                    "y": place - 0.22,
                    "yanchor": "bottom",
                    # What comes from data is text only: plotly would read some HTML in it.
                    "text": f"{escape(bar.name, quote=False)}: <b>{escape(bar.count, quote=False)}</b>",
                    "showarrow": False,
                    "align": "left",
                }
                for place, bar in enumerate(bars)
            ],
        },
    )
