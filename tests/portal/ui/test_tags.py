"""The page pieces of `{% load ui %}`."""

from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from tests.portal.ui.conftest import Page

EVIL = "<b>&\"'"


@pytest.mark.parametrize(
    ("value", "css", "word"),
    [
        ("GOOD", "good", "양호"),
        ("CAUTION", "caution", "주의"),
        ("SEVERE", "severe", "심각"),
        (None, "hold", "판정보류"),
        ("", "hold", "판정보류"),
    ],
)
def test_a_stage_is_shape_class_and_word(draw, value, css, word):
    assert draw("{% stage v %}", v=value) == f'<span class="p-stage p-stage-{css}">{word}</span>'
    assert "p-stage-large" in draw('{% stage v size="large" %}', v=value)


def test_a_change_of_stage_is_said_in_words(draw):
    assert Page(draw('{% stage_change "CAUTION" "SEVERE" %}')).text == "주의→에서심각"


@pytest.mark.parametrize("letter", ["A", "B", "C", "D"])
def test_a_grade_says_what_it_means(draw, letter):
    assert draw("{% grade g %}", g=letter).count(f"{letter}등급 · 자료 ") == 1


def test_badges_for_what_is_unknown_or_unset(draw):
    assert "자료 등급 없음" in draw("{% grade None %}")
    assert "견고성 미산출" in draw('{% robustness "" %}')
    assert "민감" in draw('{% robustness "SENSITIVE" %}')
    assert draw("{% provisional False %}{% example False %}") == ""
    assert "잠정" in draw("{% provisional %}")


def test_text_given_to_pieces_is_escaped(draw):
    source = (
        "{% badge v title=v %}{% kpi v v unit=v note=v url=v %}{% empty v text=v url=v label=v %}"
        "{% tabs items label=v %}{% breadcrumb v v v %}{% steps v v current=2 %}"
        "{% progress v 1 2 url=v note=v %}{% table_wrap v %}{% endtable_wrap %}"
        "{% card title=v %}{% endcard %}{% alert 'danger' title=v %}{% endalert %}{% sort_th 'a' v %}"
    )
    html = draw(source, v=EVIL, items=[{"label": EVIL, "url": EVIL, "current": True, "count": None}])
    assert "<b>" not in html
    assert 'href="&lt;b&gt;&amp;&quot;&#x27;"' in html


def test_sorting_turns_round_keeps_the_query_and_returns_to_the_first_page(draw):
    def head(query, **context):
        request = RequestFactory().get(f"/?{query}")
        return draw('{% sort_th "name" "이름" default=d css="num" %}', request=request, d="", **context)

    assert 'href="?q=%EC%B0%BD&amp;sort=name"' in head("q=창&page=3")
    assert "aria-sort" not in head("q=창")
    up = head("sort=name")
    assert 'aria-sort="ascending"' in up
    assert 'href="?sort=-name"' in up
    down = head("sort=-name")
    assert 'aria-sort="descending"' in down
    assert 'href="?sort=name"' in down


def test_the_default_order_is_shown_as_such(draw):
    request = RequestFactory().get("/")
    assert 'aria-sort="descending"' in draw('{% sort_th "n" "수" default="-n" %}', request=request)


def test_pages_keep_the_query_and_name_where_one_is(draw):
    page = Paginator(range(983), 50).page(4)
    found = Page(draw("{% pagination page %}", page=page, request=RequestFactory().get("/?q=창&page=4")))
    links = {link.get("href") for link in found.all("a")}
    assert "?q=%EC%B0%BD&page=5" in links
    assert [link["href"] for link in found.all("a") if link.get("aria-current") == "page"] == ["?q=%EC%B0%BD&page=4"]
    assert "모두 983건" in found.text
    assert {link.get("rel") for link in found.all("a")} >= {"prev", "next"}


def test_a_single_page_has_a_count_and_no_links(draw):
    found = Page(draw("{% pagination page %}", page=Paginator([1], 50).page(1)))
    assert "모두 1건" in found.text
    assert found.all("nav") == []


def test_a_breadcrumb_ends_on_the_page_itself(draw):
    html = draw('{% breadcrumb "위기대응" "/a" "회차" "/b" "2026년" %}')
    found = Page(html)
    assert [a["href"] for a in found.all("a")] == ["/", "/a", "/b"]
    assert [li for li in found.all("li") if li.get("aria-current")] == [{"aria-current": "page"}]
    assert [a["href"] for a in Page(draw('{% breadcrumb "가" "/a" "나" "/b" %}')).all("a")] == ["/", "/a", "/b"]


def test_steps_say_how_far(draw):
    assert "2/3 단계 · 나" in Page(draw('{% steps "가" "나" "다" current=2 %}')).text
    assert "모두 마침" in draw('{% steps "가" "나" current=3 %}')


def test_progress_asks_on_until_it_is_done(draw):
    going = draw('{% progress "산출" 812 2185 url="/job" %}')
    assert 'hx-get="/job"' in going
    assert 'aria-live="polite"' in going
    assert "812 / 2,185 (37%)" in going
    done = draw('{% progress "산출" 2185 2185 url="/job" done=True %}')
    assert "hx-get" not in done
    assert "마쳤습니다" in done
    assert "value=" not in draw('{% progress "산출" %}')


def test_a_wide_table_is_a_region_the_keyboard_reaches(draw):
    html = draw('{% table_wrap "목록" %}<table></table>{% endtable_wrap %}')
    assert html == '<div class="krds-table-wrap" role="region" aria-label="목록" tabindex="0"><table></table></div>'


@pytest.fixture
def frame():
    """The frame of a page for somebody signed in, as the context processors would fill it."""

    def framed(template="layout/base.html", **extra):
        request = RequestFactory().get("/여기/?a=1")
        request.user = SimpleNamespace(is_authenticated=True, __str__=lambda: "김담당")
        request.id = "req-1"
        menu = [
            {
                "label": "위기대응",
                "url": "/r",
                "current": True,
                "children": [{"label": "회차", "url": "/r", "current": True}],
            },
            {"label": "자료실", "url": "/d", "current": False, "children": []},
        ]
        context = {"request": request, "portal_name": "포털", "menu": menu, "task_count": 7, "demo": True} | extra
        return Page(render_to_string(template, context))

    return framed


def test_the_frame_holds_all_that_every_page_needs(frame):
    page = frame()
    assert next(a["href"] for a in page.all("a")) == "#content"
    assert "content" in page.ids
    assert "예시 자료가 들어 있는 시험판입니다" in page.text
    assert "내 할 일 7건" in " ".join(page.text.split())
    assert {form["action"] for form in page.all("form")} == {"/search/", "/language/", "/logout/"}
    assert [form["method"] for form in page.all("form") if form["action"] == "/logout/"] == ["post"]
    assert {n["aria-label"] for n in page.all("nav")} == {"주 메뉴"}
    current = [a for a in page.all("a") if a.get("aria-current") == "page"]
    assert [a["href"] for a in current] == ["/r"]
    next_page = [i["value"] for i in page.all("input") if i.get("name") == "next"]
    assert next_page == ["/%EC%97%AC%EA%B8%B0/?a=1"]


def test_what_a_button_opens_is_there(frame):
    page = frame()
    for button in page.all("button"):
        if "aria-controls" in button:
            assert button["aria-controls"] in page.ids
            assert button["data-portal-toggle"] == button["aria-controls"]


def test_ids_of_the_frame_are_unique(frame):
    ids = frame().ids
    assert len(ids) == len(set(ids))


def test_no_demo_mark_on_a_portal_that_is_none(frame):
    assert "예시 자료" not in frame(demo=False).text


def test_messages_are_announced_by_their_weight(frame):
    messages = [SimpleNamespace(level_tag="success"), SimpleNamespace(level_tag="error")]
    roles = [d["role"] for d in frame(messages=messages).all("div") if "p-message" in (d.get("class") or "").split()]
    assert roles == ["status", "alert"]


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "429", "500"])
def test_a_fault_page_stands_alone_and_says_what_to_do(name):
    bare = Page(render_to_string(f"{name}.html", {}))
    assert "처음 화면으로" in bare.text
    assert "주세요" in bare.text
    told = render_to_string(f"{name}.html", {"request": SimpleNamespace(id="req-77", user=None, get_full_path="/")})
    assert "req-77" in told


def test_a_fault_page_inside_the_frame_has_one_heading_that_counts(frame):
    assert "찾는 화면이 없습니다" in frame("404.html").text


def test_the_page_says_its_language(frame):
    assert frame().all("html")[0]["lang"] == "ko"
    with translation.override("en"):
        assert frame().all("html")[0]["lang"] == "en"


def test_the_legend_is_well_formed(draw):
    assert len(ElementTree.fromstring(draw("{% stage_legend %}"))) == 4
