"""Demo: what people of 경상남도 said of areas of the newest round, and two changed copies of its rules; all marked 예시.

Rests on an evaluated round: without one, or without the demo's accounts, it does nothing. Loading twice changes nothing.
"""

from django.db import transaction
from django.db.models import F

from crisis.enums import AreaLevel, RoundState
from crisis.models import Area, Result, Round
from crisis.workbench import services
from crisis.workbench.models import Comment, WhatIf
from crisis.workbench.selectors.desk import shown_run
from portal.directory.models import Membership, User

MARK = "(예시)"
SIDO = "48"
#: Who says what of the areas with the highest index, in their order, and whether the council is to be told.
SAID = (
    (0, "tp-gyeongnam", "예시: 입주기업 3곳을 찾아가 보니 수주가 다음 분기까지 비어 있음.", True),
    (0, "gyeongnam", "예시: 수출 통계의 신고지가 본사로 잡힌 기업이 있어 값을 확인 중임.", False),
    (1, "cc-gyeongnam", "예시: 협력기업 두 곳이 휴업을 알려 왔음.", True),
    (2, "gyeongnam", "예시: 같은 내용을 두 번 적음.", False),
)
WITHDRAWN = 3
#: Title and what is changed of the rules, each tried on the round.
TRIALS = (
    ("주의 문턱을 5점 낮추면", {"figures": {"T1": "35"}}),
    ("인구 지표를 빼면", {"off": ("POP",)}),
)


@transaction.atomic
def load_workbench_demo() -> int:
    """Returns how many remarks and trials were made."""
    newest = Round.objects.filter(state=RoundState.EVALUATED).order_by("-reference_month").first()
    if newest is None:
        return 0
    return _say(newest) + _try(newest)


def _body(user: User) -> Membership | None:
    return user.memberships.current().select_related("organization").order_by("pk").first()


def _say(round: Round) -> int:
    if Comment.objects.filter(is_demo=True).exists():
        return 0
    rows = Result.objects.filter(run=shown_run(round), area__region__parent__code=SIDO, area__level=AreaLevel.SIGUNGU)
    top = rows.order_by(F("rci").desc(nulls_last=True), "area__code").values_list("area", flat=True)
    areas = [Area.objects.get(pk=pk) for pk in top[:3]]
    made = 0
    for at, (place, login, text, told) in enumerate(SAID):
        author = User.objects.filter(login_id=login, is_demo=True).first()
        seat = _body(author) if author is not None else None
        if author is None or seat is None or place >= len(areas):
            continue
        comment = services.add_comment(
            round=round, area=areas[place], organization=seat.organization, text=text, for_council=told, actor=author,
            is_demo=True,
        )  # fmt: skip
        if at == WITHDRAWN:
            services.withdraw_comment(comment=comment, reason="예시: 두 번 적음", actor=author)
        made += 1
    return made


def _try(round: Round) -> int:
    owner = User.objects.filter(login_id="hq", is_demo=True).first()
    seat = _body(owner) if owner is not None else None
    run = shown_run(round)
    if owner is None or seat is None or run is None:
        return 0
    made = 0
    for title, changes in TRIALS:
        known = set(run.rule_set.body["indicators"])
        if WhatIf.objects.filter(title=title + MARK).exists() or not set(changes.get("off", ())) < known:
            continue
        services.start_what_if(run=run, title=title + MARK, organization=seat.organization, actor=owner, **changes)
        made += 1
    return made
