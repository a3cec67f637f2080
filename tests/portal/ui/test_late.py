"""A line chart says where its figures end and what is overdue."""

from portal.kernel import charts

POINTS = [("2025-07", 3), ("2025-08", 4)]


def drawn(**more):
    return charts.line_chart([charts.Series("수출액", POINTS)], title="수출액", unit="천달러", **more)


def test_overdue_months_stand_behind_the_last_value_with_a_line_and_a_word():
    html = drawn(late=charts.Late(["2025-09", "2025-10"], "2개월 지연"))
    assert html.count("ch-late-edge") == 3  # one for each of the three widths
    assert html.count(">2개월 지연</text>") == 3
    assert "2개월 지연.</desc>" in html  # heard as well as seen
    edge = float(html.split('class="ch-late-edge" x1="')[1].split('"')[0])
    last = float(html.split('class="ch-dot-1" cx="')[1].split('"')[0])
    assert edge > last


def test_nothing_overdue_changes_nothing():
    assert drawn(late=charts.Late([], "최신")) == drawn()
    assert "ch-late" not in drawn()
