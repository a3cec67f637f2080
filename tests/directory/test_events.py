"""The page of deeds, and that every deed has words."""

import csv
import io
import re
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings

from portal.directory.audit import deed
from portal.directory.enums import Role
from portal.directory.models import Event
from portal.directory.verbs import VERBS
from portal.kernel.dates import KST
from tests.factories.directory import person

pytestmark = pytest.mark.django_db
EVENTS = "/events/"


def note(region, verb="open_round", *, actor=None, reason="", label=None, at=None):
    with deed(verb, actor=actor, reason=reason) as done:
        event = done.about(region, region=region)
    if label or at:  # the table is append-only: a row of another day is written anew
        event.pk, event._state.adding = None, True
        event.subject_label, event.at = label or event.subject_label, at or event.at
        event.save(force_insert=True)
    return event


def verbs_in_the_code():
    for app in ("portal", "crisis", "network", "companies", "projects"):
        for path in (Path(settings.BASE_DIR) / app).rglob("*.py"):
            for call in re.findall(r"\bdeed\((.*?)(?:, actor|\))", path.read_text(encoding="utf-8"), re.DOTALL):
                yield from re.findall(r'"([a-z_]+)"', call)


def test_every_deed_has_words():
    found = set(verbs_in_the_code())
    assert {"sign_in_locked", "record_observations"} <= found, "the search is broken"
    assert found - set(VERBS) == set(), "add them to portal.directory.verbs.VERBS"


class TestEvents:
    def test_each_of_the_four_people_reads_of_their_own_regions(self, text, people, places):
        note(places.near, "confirm_determinations")
        note(places.far, "close_meeting")
        with deed("add_user", actor=None) as done:
            done.about(people.clerk)  # of no region: for nationwide readers
        clerk = text(people.clerk, EVENTS)
        rows = clerk[clerk.index("<tbody>") :]
        assert ("단계 결정 확정" in rows, "회의 마침" in rows, "사용자 등록" in rows) == (True, False, False)
        other = text(people.other, EVENTS)
        assert "회의 마침" in other[other.index("<tbody>") :]
        for somebody in (people.ministry, people.administrator, person(role=Role.AUDITOR)):
            page = text(somebody, EVENTS)
            assert all(
                words in page[page.index("<tbody>") :] for words in ("단계 결정 확정", "회의 마침", "사용자 등록")
            )
        text(people.nobody, EVENTS, status=403)
        text(None, EVENTS, status=302)

    def test_a_role_that_may_not_read_history_does_not(self, text, places):
        member = person(role=Role.COUNCIL_MEMBER, organization=places.office)
        assert text(member, EVENTS, status=403).status_code == 403

    def test_history_is_read_only_where_the_role_holds(self, text, people, places):
        """Clerk here, council member there: what was done there stays unread."""
        from tests.factories.directory import MembershipFactory

        MembershipFactory(user=people.clerk, organization=places.other_office, role=Role.COUNCIL_MEMBER)
        note(places.far, label="먼 곳의 일")
        assert "먼 곳의 일" not in text(people.clerk, EVENTS)

    def test_deeds_are_found_by_verb_person_day_and_subject(self, text, people, places):
        note(places.near, "open_round", actor=people.clerk, label="가 회차")
        old = datetime(2025, 3, 1, 23, 59, tzinfo=KST)
        note(places.near, "close_meeting", actor=people.ministry, label="나 회의", at=old)

        def rows(**query):
            page = text(people.ministry, EVENTS, **query)
            body = page[page.index("<tbody>") :] if "<tbody>" in page else ""
            return "가 회차" in body, "나 회의" in body

        assert rows(verb="open_round") == (True, False)
        assert rows(person=people.clerk.login_id) == (True, False)
        assert rows(subject="회의") == (False, True)
        assert rows(since="2025-03-01", until="2025-03-01") == (False, True)
        assert rows(since="2025-03-02", subject="회차") == (True, False)
        assert rows(verb="no_such_verb") == (False, False)

    def test_it_is_exported_with_reasons(self, client, people, places):
        note(places.near, "open_round", actor=people.clerk, reason="=HYPERLINK(1)")
        client.force_login(people.clerk)
        answer = client.get(EVENTS, {"export": "csv"})
        rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
        assert [(row["한 일"], row["한 사람"], row["사유"]) for row in rows] == [
            ("판정 회차 열기", people.clerk.name, "'=HYPERLINK(1)")
        ]

    @pytest.mark.parametrize("rows", [1, 8])
    def test_the_list_costs_the_same_for_any_number_of_rows(
        self, client, people, places, rows, django_assert_num_queries
    ):
        for _ in range(rows):
            note(places.near, actor=people.ministry)
        client.force_login(people.clerk)
        client.get(EVENTS)
        with django_assert_num_queries(5):  # session, user, scope, count, rows
            client.get(EVENTS)

    def test_the_record_itself_cannot_be_changed(self, places):
        from django.db import InternalError, transaction

        event = note(places.near)
        with pytest.raises(InternalError), transaction.atomic():
            Event.objects.filter(pk=event.pk).update(reason="x")
