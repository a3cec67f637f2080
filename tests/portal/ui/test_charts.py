"""Charts are well-formed, honest about gaps, escaped, and readable without seeing."""

import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from portal.kernel import charts
from portal.kernel.charts.scale import period_ticks, round_ticks
from tests.portal.ui.conftest import Page

EVIL = '<script>alert("1")</script>&'
MONTHS = [f"{2022 + n // 12}-{n % 12 + 1:02d}" for n in range(36)]


def series(label="고용", values=None):
    values = values if values is not None else [Decimal(n % 7) - 3 for n in range(36)]
    return charts.Series(label, list(zip(MONTHS, values, strict=False)))


BANDS = [charts.Band("GOOD", -1, None), charts.Band("CAUTION", -2, -1), charts.Band("SEVERE", None, -2)]


def pieces(evil=""):
    """One of each chart."""
    return {
        "line": charts.line_chart(
            [series(evil or "고용"), series("전국")],
            title=evil or "추이",
            unit="%",
            bands=BANDS,
            markers=[charts.Marker("2023-05", evil or "지정")],
        ),
        "single": charts.line_chart([series()], title=evil or "하나", unit=evil or "%"),
        "spark": charts.sparkline([1, None, 3, 2], evil or "미니"),
        "strip": charts.stage_strip([("2013H1", "GOOD"), ("2013H2", None)], evil or "회차"),
        "bars": charts.contribution_bars(
            [charts.Contribution(evil or "종사자수", Decimal("22.5"), note=evil)],
            caption=evil or "구성",
            total=Decimal("22.5"),
        ),
        "distribution": charts.distribution_bar({"GOOD": 3, "SEVERE": 1, None: 2}, label=evil or "단계별"),
        "table": charts.chart_table([series(evil or "고용")], caption=evil or "표"),
    }


@pytest.mark.parametrize("name", sorted(pieces()))
def test_every_chart_is_well_formed_and_without_styles_or_scripts(name):
    html = pieces()[name]
    ElementTree.fromstring(f"<div>{html}</div>")
    assert "style=" not in html
    assert "<script" not in html
    assert not re.search(r"\son\w+=", html)


@pytest.mark.parametrize("name", sorted(pieces()))
def test_every_text_is_escaped(name):
    html = pieces(EVIL)[name]
    ElementTree.fromstring(f"<div>{html}</div>")
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def paths(html):
    """The line paths of the first of the three drawings."""
    return re.findall(r'<path class="ch-line[^"]*" d="([^"]*)"', html.split("p-chart-middle")[0])


def test_a_gap_breaks_the_line_and_is_no_nought():
    values = [Decimal(5)] * 10 + [None] * 3 + [Decimal(5)] * 10
    (path,) = paths(charts.line_chart([series(values=values)], title="틈"))
    assert path.count("M") == 2
    assert path.count("L") == 18
    heights = set(re.findall(r" (\d+\.\d)", path))
    assert len(heights) == 1, "a missing month was drawn at another height"


def test_a_lone_value_between_gaps_is_a_dot():
    html = charts.line_chart([series(values=[None, Decimal(4), None, Decimal(2), Decimal(3)])], title="점")
    wide = html.split("p-chart-middle")[0]
    assert len(re.findall(r'<circle class="ch-dot-1"', wide)) == 2  # the lone one and the last one


def test_periods_missing_from_one_series_are_gaps_in_it():
    long, short = series(values=[1] * 6), charts.Series("짧은", [("2022-01", 2), ("2022-04", 2), ("2022-05", 2)])
    _first, second = paths(charts.line_chart([long, short], title="둘"))
    assert second.count("M") == 2


def test_without_any_value_a_sentence_stands_instead():
    html = charts.line_chart([series(values=[None, None])], title="빈 것")
    assert "<svg" not in html
    assert "그릴 값이 없습니다" in html


def test_ids_are_unique_among_the_charts_of_a_page_and_stable_between_requests():
    page = pieces()
    again = charts.line_chart([series()], title="하나", unit="%", bands=BANDS, key="둘째")
    twin = charts.line_chart([series()], title="하나", unit="%", bands=BANDS)
    ids = Page("".join(page.values()) + again + twin).ids
    assert len(ids) == len(set(ids))
    assert pieces() == page


def test_each_pattern_a_chart_fills_with_is_defined_in_it():
    for html in pieces().values():
        used = set(re.findall(r"url\(#([^)]+)\)", html))
        assert used <= set(Page(html).ids)
    assert re.search(r'fill="url\(#c\w+-severe\)"', pieces()["distribution"])


def test_a_chart_tells_its_last_lowest_and_highest_value():
    html = charts.line_chart([series(values=[1, Decimal("-2.5"), 4, 3])], title="말", unit="%")
    assert "마지막 2022년 4월 3%, 최저 2022년 2월 △2.5%, 최고 2022년 3월 4%" in html


def test_bands_say_their_stage_in_words_and_shape():
    wide = pieces()["line"].split("p-chart-middle")[0]
    for word, shape in (("양호", "good"), ("주의", "caution"), ("심각", "severe")):
        assert f">{word}</text>" in wide
        assert f"ch-shape-{shape}" in wide


def test_the_strip_says_every_round():
    page = Page(pieces()["strip"])
    assert [item["title"] for item in page.all("li")] == ["2013년 상반기 양호", "2013년 하반기 판정보류"]
    assert "2013년 상반기 양호" in page.text


def test_contributions_start_where_the_last_one_ended():
    items = [charts.Contribution("가", Decimal("22.5")), charts.Contribution("나", Decimal("13.5"))]
    html = charts.contribution_bars(items, caption="구성", total=Decimal("36.0"))
    bars = [(rect["x"], rect["width"]) for rect in Page(html).all("rect") if rect["class"] == "bar-value"]
    assert bars == [("0.00%", "22.50%"), ("22.50%", "13.50%"), ("0.00%", "36.00%")]


def test_the_distribution_counts_the_undecided_too():
    page = Page(pieces()["distribution"])
    shares = [float((rect["width"] or "").rstrip("%")) for rect in page.all("rect") if "dist-part" in rect["class"]]
    assert sum(shares) == pytest.approx(100, abs=0.01)
    assert len(shares) == 3
    assert "판정보류" in page.text


def test_the_table_holds_every_period_newest_first():
    page = Page(charts.chart_table([series()], caption="표", unit="%"))
    assert len(page.all("tr")) == 37
    assert page.text.index("2024년 12월") < page.text.index("2022년 1월")


def test_ticks_enclose_the_values_at_round_steps():
    assert [float(t) for t in round_ticks(-6.9, 4.8)] == [-10, -5, 0, 5]
    assert [float(t) for t in round_ticks(0, 0)] == [0, 0.2]
    assert [float(t) for t in round_ticks(71, 74)] == [71, 72, 73, 74]


def test_long_periods_are_ticked_by_year():
    assert period_ticks(MONTHS, 10) == [(0, "2022년"), (12, "2023년"), (24, "2024년")]
    assert [at for at, _words in period_ticks([f"{y}H{h}" for y in range(2013, 2027) for h in (1, 2)], 5)] == [
        0,
        6,
        12,
        18,
        24,
    ]
