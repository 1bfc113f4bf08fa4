import pytest
from plotly import graph_objects

from reports.figures.coverage_map import LOOKS, MapRow, boundaries, coverage_map


def rows():
    statuses = list(LOOKS)
    return [
        MapRow(code=code, status=statuses[number % len(statuses)], lines=("Navn", "1 udpeget"))
        for number, code in enumerate(boundaries())
    ]


def contrast(one, other):
    """WCAG 2's contrast ratio of two colours like #1d7a46."""

    def luminance(colour):
        channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_98_municipalities_are_drawn_one_trace_each():
    figure = coverage_map(rows(), frame_title="Bornholm (flyttet)")
    assert len(figure["data"]) == 98
    assert {trace["name"] for trace in figure["data"]} == set(boundaries())


def test_plotly_knows_every_property_of_the_figure():
    figure = coverage_map(rows(), frame_title="Bornholm (flyttet)")
    assert len(graph_objects.Figure(figure).data) == 98


def test_the_same_rows_give_the_same_figure_and_are_left_as_they_are():
    given = rows()
    assert coverage_map(given, frame_title="") == coverage_map(given, frame_title="")
    assert given == rows()


def test_each_status_is_drawn_in_its_own_way_without_the_colours():
    figure = coverage_map(rows(), frame_title="")
    shapes = {
        trace["meta"]: trace.get("fillpattern", {}).get(
            "shape", "even" if trace["fillcolor"] != "#ffffff" else "empty"
        )
        for trace in figure["data"]
    }
    assert shapes == {"covered": "even", "at_risk": "-", "gap": "x", "unknown": "/", "no_target": "empty"}


@pytest.mark.parametrize("status", LOOKS)
def test_every_ink_stands_out_from_the_page_and_from_its_own_paper(status):
    look = LOOKS[status]
    assert contrast(look.ink, "#ffffff") >= 3
    assert not look.pattern or contrast(look.ink, look.paper) >= 3


def test_unknown_is_grey():
    ink = LOOKS["unknown"].ink
    assert ink[1:3] == ink[3:5] == ink[5:7]


def test_bornholm_lies_inside_its_frame():
    figure = coverage_map([MapRow(code="400", status="unknown", lines=("Bornholm",))], frame_title="Bornholm")
    (trace,) = figure["data"]
    frame = figure["layout"]["shapes"][0]
    assert frame["x0"] < min(trace["x"]) < max(trace["x"]) < frame["x1"]
    assert frame["y0"] < min(trace["y"]) < max(trace["y"]) < frame["y1"]


def test_no_other_municipality_reaches_into_the_frame():
    figure = coverage_map([row for row in rows() if row.code != "400"], frame_title="")
    frame = figure["layout"]["shapes"][0]
    inside = [
        trace["name"]
        for trace in figure["data"]
        for x, y in zip(trace["x"], trace["y"], strict=True)
        if x is not None and frame["x0"] <= x <= frame["x1"] and frame["y0"] <= y <= frame["y1"]
    ]
    assert inside == []


def test_a_name_cannot_smuggle_markup_into_the_hover_text():
    figure = coverage_map([MapRow(code="101", status="gap", lines=("<b>A&B</b>", "2"))], frame_title="<i>")
    assert figure["data"][0]["text"] == "&lt;b&gt;A&amp;B&lt;/b&gt;<br>2"
    assert figure["layout"]["annotations"][0]["text"] == "&lt;i&gt;"


def test_a_code_without_a_boundary_is_left_out():
    assert (
        coverage_map([MapRow(code="411", status="gap", lines=("Christiansø",))], frame_title="")["data"] == []
    )
