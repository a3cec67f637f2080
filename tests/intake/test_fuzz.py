"""Whatever the bytes are, the end is a preview or a sentence."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.directory.enums import JobState
from portal.intake.enums import UploadState
from portal.intake.models import Upload
from tests.intake.conftest import HEAD, csv_bytes, messages_of, xlsx_bytes

pytestmark = pytest.mark.django_db

MAGIC = [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"%PDF"]
relaxed = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def check(office, data):
    Upload.objects.all().delete()
    upload = office.read(data)
    assert upload.state in {UploadState.READY, UploadState.REJECTED}
    assert upload.job.state == JobState.DONE, upload.job.error
    if upload.state == UploadState.REJECTED:
        said = messages_of(upload)
        assert said
        assert all(any("가" <= letter <= "힣" for letter in message) for message in said)


@given(st.sampled_from(MAGIC), st.binary(min_size=1, max_size=2000))
@relaxed
def test_any_bytes(office, magic, data):
    check(office, magic + data)


@given(st.lists(st.lists(st.text(max_size=30), min_size=7, max_size=9), max_size=5))
@relaxed
def test_any_text_below_a_right_head(office, rows):
    text = "\r\n".join([",".join(HEAD), *(",".join(row) for row in rows)])
    check(office, text.encode("utf-8", "replace"))


@given(
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=20),
    st.integers(500_000, 10**6),
)
@relaxed
def test_a_right_file_with_some_bytes_altered(office, hits, kept):
    """Places are given in millionths of the file, whose length varies by a byte or two."""
    whole = bytearray(xlsx_bytes(office.row(), office.row("1", "2025-04")))
    for place, byte in hits:
        whole[place * (len(whole) - 1) // 10**6] = byte
    check(office, bytes(whole[: kept * len(whole) // 10**6]))


CELLS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=20),
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.none(),
)


@given(st.lists(st.lists(CELLS, min_size=7, max_size=7), min_size=1, max_size=4))
@relaxed
def test_any_cells_below_a_right_head(office, rows):
    with suppress(ValueError):  # a date or a text that the writing library refuses
        check(
            office, xlsx_bytes(*[[f"{c}" if isinstance(c, str) and c[:1] == "=" else c for c in row] for row in rows])
        )


@given(st.lists(st.text(st.characters(codec="cp949"), max_size=10), min_size=2, max_size=9))
@relaxed
def test_any_head(office, head):
    check(office, csv_bytes(["가"] * len(head), head=head, encoding="cp949"))
