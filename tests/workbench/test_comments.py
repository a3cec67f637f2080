"""Remarks: by whom, seen by whom, never edited, withdrawn once with a reason."""

import hashlib

import pgtrigger
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, InternalError, transaction
from django.urls import reverse

from crisis.workbench.models import Comment
from crisis.workbench.services import add_comment, withdraw_comment
from portal.directory.enums import Role
from portal.directory.models import Event, Notice
from portal.kernel.errors import Refusal
from tests.factories.directory import OrganizationFactory, UserFactory, person

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 " + b"x" * 100


@pytest.fixture
def said(land, office, clerk):
    return add_comment(round=land.round, area=land.sigungu[2], organization=office, text="앵커기업 감산", actor=clerk)


def add_url(area="G2"):
    return reverse("workbench:comment_add", args=["2025H1", area])


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.OFFICE_STAFF, 302),
        (Role.OFFICE_HEAD, 302),
        (Role.TECHNOPARK, 302),
        (Role.CRISIS_CENTRE, 302),
        (Role.SIDO, 302),
        (Role.COUNCIL_MEMBER, 403),
        (Role.HQ, 403),
    ],
)
def test_those_who_know_the_region_speak(client, land, office, role, status):
    client.force_login(person(role=role, organization=office))
    assert client.post(add_url(), {"text": "현장 확인"}).status_code == status
    assert Comment.objects.count() == (status == 302)


def test_nobody_speaks_of_another_region_nor_unsigned(client, land, stranger):
    assert client.post(add_url(), {"text": "x"}).status_code == 302
    client.force_login(UserFactory())
    assert client.post(add_url(), {"text": "x"}).status_code == 403
    client.force_login(stranger)
    assert client.post(add_url(), {"text": "x"}).status_code == 404
    assert not Comment.objects.exists()


def test_an_empty_remark_comes_back_with_its_fault(client, land, clerk):
    client.force_login(clerk)
    answer = client.post(add_url(), {"text": "  "})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["text"])


def test_a_remark_is_shown_as_plain_text(client, land, clerk):
    client.force_login(clerk)
    client.post(add_url(), {"text": "<b>굵게</b> @담당\n둘째 줄"})
    text = client.get(reverse("workbench:sheet", args=["2025H1", "G2"])).content.decode()
    assert "&lt;b&gt;굵게&lt;/b&gt; @담당<br>둘째 줄" in text


def test_a_remark_for_the_council_tells_those_who_prepare_it(land, office, clerk):
    head = person(role=Role.OFFICE_HEAD, organization=office)
    person(role=Role.OFFICE_STAFF, region=land.sido[0].region)
    add_comment(round=land.round, area=land.sigungu[2], organization=office, text="폐업", actor=clerk, for_council=True)
    assert set(Notice.objects.values_list("recipient", flat=True)) == {clerk.pk, head.pk}


def test_a_file_is_kept_as_it_came(client, land, clerk, stranger):
    client.force_login(clerk)
    client.post(add_url(), {"text": "사진", "file": SimpleUploadedFile("../현장 1.pdf", PDF)})
    comment = Comment.objects.get()
    assert (comment.filename, comment.sha256) == ("현장 1.pdf", hashlib.sha256(PDF).hexdigest())
    url = reverse("workbench:comment_file", args=[comment.pk])
    answer = client.get(url)
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    client.force_login(stranger)
    assert client.get(url).status_code == 404
    comment.file.storage.delete(comment.file.name)


def test_a_file_that_is_not_what_it_says_is_refused(client, land, clerk):
    client.force_login(clerk)
    answer = client.post(add_url(), {"text": "사진", "file": SimpleUploadedFile("a.pdf", b"<html>")})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["file"])
    assert not Comment.objects.exists()


@pytest.mark.parametrize("facts", [{"text": "다른 말"}, {"for_council": True}, {"area_id": None}])
def test_what_was_said_cannot_be_changed(said, facts):
    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        Comment.objects.filter(pk=said.pk).update(**facts)


def test_what_was_said_cannot_be_deleted(said):
    with pytest.raises(InternalError, match="comment_is_kept"), transaction.atomic():
        Comment.objects.filter(pk=said.pk).delete()


def test_a_withdrawn_remark_stays_struck_through_and_counts_no_more(client, said, clerk, office, land):
    client.force_login(person(role=Role.OFFICE_STAFF, organization=office))
    url = reverse("workbench:comment_withdraw", args=[said.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"reason": ""}).context["form"].errors
    assert client.post(url, {"reason": "잘못 앎"}).status_code == 302
    assert not Comment.objects.standing().exists()
    text = client.get(reverse("workbench:sheet", args=["2025H1", "G2"])).content.decode()
    assert "<del>앵커기업 감산</del>" in text
    assert "잘못 앎" in text
    assert Event.objects.filter(verb="withdraw_comment", reason="잘못 앎").exists()
    with pytest.raises(Refusal, match="이미 거둔"):
        withdraw_comment(comment=said, reason="또", actor=clerk)
    with pytest.raises(InternalError), transaction.atomic():
        Comment.objects.filter(pk=said.pk).update(withdraw_reason="고침")


def test_only_ones_own_body_withdraws(client, said, land, stranger):
    url = reverse("workbench:comment_withdraw", args=[said.pk])
    other = OrganizationFactory(of_region=land.sido[1].region)
    for user in (stranger, person(role=Role.TECHNOPARK, organization=other)):
        client.force_login(user)
        assert client.get(url).status_code == 404
    said.refresh_from_db()
    assert said.withdrawn_at is None


@pytest.mark.parametrize(
    ("constraint", "facts"),
    [
        ("comment_withdrawn_with_a_reason", {"withdraw_reason": "까닭만"}),
        ("comment_says_something", {"text": ""}),
        ("comment_file_with_its_name_and_hash", {"filename": "a.pdf"}),
    ],
)
def test_incoherent_remarks_are_impossible(said, constraint, facts):
    with (
        pgtrigger.ignore("workbench.Comment:comment_is_never_edited"),
        pytest.raises(IntegrityError, match=constraint),
        transaction.atomic(),
    ):
        Comment.objects.filter(pk=said.pk).update(**facts)
