"""Files of companies: read as people write them, compared with the registry, written as a set, taken back."""

from datetime import date

import pytest

from companies import services
from companies.models import Company, IntakeLink, Workplace
from portal.directory.models import Region
from portal.intake.enums import RowOutcome, UploadState
from portal.kernel.errors import Refusal
from tests.companies.registry.desk import HEAD, csv_bytes, messages_of, rules_of, xlsx_bytes
from tests.factories.companies import WorkplaceFactory, business_number

pytestmark = pytest.mark.django_db
FULL = [*HEAD, "법인등록번호", "설립일", "업종코드", "주소", "대표자", "전화", "기업 유형", "기업 규모"]
NUMBERS = [business_number(n) for n in range(50)]


def only(upload):
    return upload.rows.get()


class TestNew:
    def test_a_row_becomes_a_company_with_its_headquarters(self, desk):
        row = [NUMBERS[1], "㈜한빛 정밀", "경남 거제시", "130111-0006246", "2012. 3. 2.", "26299", "거제시 옥포로 1"]
        row += ["예시인", "055-1", "법인", "중기업"]
        upload = desk.take_in(FULL, row)
        assert upload.counts["written"] == {"new": 1, "changed": 0, "same": 0}
        place = Workplace.objects.select_related("company__industry", "region").get()
        company = place.company
        assert (place.business_number, place.region.code, place.is_headquarters) == (NUMBERS[1], "48310", True)
        assert (place.address, place.effective.lower) == ("거제시 옥포로 1", date(2012, 3, 2))
        assert (company.name_ko, company.name_key, company.initials) == ("㈜한빛 정밀", "한빛정밀", "ㅎㅂㅈㅁ")
        assert (company.corporate_number, company.founded_on) == ("1301110006246", date(2012, 3, 2))
        assert (company.kind, company.size, company.representative) == ("CORPORATION", "MEDIUM", "예시인")
        assert company.industry is not None
        assert company.version == 1
        link = IntakeLink.objects.get()
        assert (link.upload, link.company, link.created, link.row) == (upload, company, True, 2)
        history = Company.pgh_event_model.objects.get(pgh_obj=company)
        assert history.pgh_context.metadata["deed"] == "commit_upload"

    @pytest.mark.parametrize(
        "written", ["2012-03-02", "2012. 3. 2.", "2012.3.2", "2012/03/02", "20120302", "2012년 3월 2일", 20120302]
    )
    def test_a_day_is_read_in_every_style(self, desk, written):
        upload = desk.read(xlsx_bytes([*HEAD, "설립일"], [NUMBERS[1], "한빛", "거제시", written]))
        assert only(upload).values["founded_on"] == "2012-03-02"

    @pytest.mark.parametrize(
        ("written", "code"),
        [
            ("경상남도 거제시", "48310"),
            ("경남거제시", "48310"),
            ("48310", "48310"),
            ("거제시", "48310"),
            ("서울시 마포구", "11440"),
            ("서울특별시 마포구", "11440"),
        ],
    )
    def test_a_region_is_read_by_any_of_its_names(self, desk, written, code):
        upload = desk.read(csv_bytes(HEAD, [NUMBERS[1], "한빛", written]))
        assert Region.objects.get(pk=only(upload).values["_region"]).code == code

    @pytest.mark.parametrize(
        ("address", "code"),
        [
            ("서울시마포구 백범로 1", "11440"),
            ("서울 강남구 논현로 1", "11680"),
            ("경상남도 창원시 성산구 공단로 211 -", "48120"),
            ("서울특별시 서초구 바우뫼로 201 &nbsp", "11650"),
        ],
    )
    def test_the_region_is_taken_from_the_address(self, desk, address, code):
        upload = desk.read(csv_bytes(["bizr_no", "corp_name", "adres"], [NUMBERS[1], "한빛", address]))
        row = only(upload)
        assert row.outcome == RowOutcome.NEW
        assert Region.objects.get(pk=row.values["_region"]).code == code
        assert "&" not in row.values["address"]

    def test_marks_of_nothing_are_empty_and_numbers_lose_their_float_tail(self, desk):
        head = ["사업자등록번호", "기업명", "시군구", "법인등록번호", "대표자", "누리집"]
        upload = desk.read(csv_bytes(head, [f"{NUMBERS[1]}.0", "한빛", "거제시", "1101115201431.0", "-", "미제공"]))
        values = only(upload).values
        assert (values["business_number"], values["corporate_number"]) == (NUMBERS[1], "1101115201431")
        assert (values["representative"], values["homepage"]) == (None, None)

    def test_full_width_digits_are_digits(self, desk):
        wide = NUMBERS[1].translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)})
        assert only(desk.read(csv_bytes(HEAD, [wide, "한빛", "거제시"]))).values["business_number"] == NUMBERS[1]


class TestFaults:
    @pytest.mark.parametrize(
        ("row", "rule"),
        [
            (["12345", "한빛", "거제시"], "cell"),
            (["", "한빛", "거제시"], "required"),
            ([NUMBERS[1], "", "거제시"], "required"),
            ([NUMBERS[1], "(!)", "거제시"], "name_empty"),
            ([NUMBERS[1], "한빛", "없는시"], "region_unknown"),
            ([NUMBERS[1], "한빛", "중구"], "region_unknown"),
            ([NUMBERS[1], "한빛", ""], "region_missing"),
            ([NUMBERS[1], "한빛", "부산광역시 중구"], "region_elsewhere"),
        ],
    )
    def test_a_fault_is_named_and_nothing_is_written(self, desk, row, rule):
        upload = desk.read(csv_bytes(HEAD, row, [NUMBERS[2], "다른빛", "거제시"]))
        assert upload.state == UploadState.REJECTED
        assert rule in rules_of(upload)
        assert not Company.objects.exists()

    def test_every_fault_of_a_file_is_told_at_once(self, desk):
        upload = desk.read(csv_bytes(FULL, ["1", "", "없는시", "2", "3", "4", "", "", "", "5", "6"]))
        assert len(rules_of(upload)) >= 8

    def test_a_number_twice_in_the_file_is_refused_on_both_rows(self, desk):
        upload = desk.read(csv_bytes(HEAD, [NUMBERS[1], "한빛", "거제시"], [NUMBERS[1], "한빛2", "거제시"]))
        assert rules_of(upload) == ["doubled", "doubled"]
        assert "3행과" in messages_of(upload)

    def test_an_unknown_column_is_named_with_the_nearest_one(self, desk):
        upload = desk.read(csv_bytes([*HEAD, "설립 일자쯤"], [NUMBERS[1], "한빛", "거제시", "2012-01-01"]))
        assert upload.state == UploadState.REJECTED
        assert "설립" in messages_of(upload)

    def test_an_industry_code_that_is_no_more_leads_to_the_class_above(self, desk):
        upload = desk.read(csv_bytes([*HEAD, "업종코드"], [NUMBERS[1], "한빛", "거제시", "26998"]))
        row = only(upload)
        assert (row.outcome, row.values["industry"]) == (RowOutcome.WARNING, "26")
        assert rules_of(desk.read(csv_bytes([*HEAD, "업종코드"], [NUMBERS[1], "한빛", "거제시", "00111"]))) == [
            "industry_unknown"
        ]


class TestExisting:
    def test_only_what_differs_is_shown_and_written(self, desk):
        desk.take_in([*HEAD, "전화", "누리집"], [NUMBERS[1], "한빛", "거제시", "055-1", "www.example.kr"])
        upload = desk.read(
            csv_bytes(
                [*HEAD, "전화", "누리집"],
                [NUMBERS[1], "한빛", "거제시", "055-2", ""],
                [NUMBERS[2], "새빛", "거제시", "", ""],
            )
        )
        changed, new = upload.rows.order_by("number")
        assert (changed.outcome, changed.before) == (RowOutcome.CHANGED, {"phone": "055-1"})
        assert new.outcome == RowOutcome.NEW
        assert desk.commit(upload).counts["written"] == {"new": 1, "changed": 1, "same": 0}
        company = Company.objects.get(name_key="한빛")
        assert (company.phone, company.homepage, company.version) == ("055-2", "www.example.kr", 2)
        assert Workplace.objects.get(company=company).version == 1

    def test_a_column_that_is_not_there_changes_nothing_and_a_word_clears(self, desk):
        desk.take_in([*HEAD, "전화", "설립일"], [NUMBERS[1], "한빛", "거제시", "055-1", "2012-01-01"])
        upload = desk.read(csv_bytes(HEAD, [NUMBERS[1], "한빛", "거제시"]))
        assert only(upload).outcome == RowOutcome.SAME
        desk.take_in([*HEAD, "전화", "설립일"], [NUMBERS[1], "한빛", "거제시", "지움", "지움"])
        company = Company.objects.get()
        assert (company.phone, company.founded_on) == ("", None)

    def test_a_company_of_another_region_is_refused_without_telling_its_name(self, desk):
        stranger = WorkplaceFactory(business_number=NUMBERS[1], company__name_ko="남모르는 회사")
        upload = desk.read(csv_bytes(HEAD, [stranger.business_number, "한빛", "거제시"]))
        assert rules_of(upload) == ["company_elsewhere"]
        assert "남모르는" not in messages_of(upload)

    def test_a_site_that_is_no_headquarters_is_refused(self, desk):
        geoje = Region.objects.get(code="48310")
        place = WorkplaceFactory(region=geoje, business_number=NUMBERS[1])
        WorkplaceFactory(company=place.company, region=geoje, business_number=NUMBERS[2], site=True)
        assert rules_of(desk.read(csv_bytes(HEAD, [NUMBERS[2], "한빛", "거제시"]))) == ["not_headquarters"]

    def test_a_change_between_preview_and_commit_stops_the_whole_file(self, desk):
        desk.take_in([*HEAD, "전화"], [NUMBERS[1], "한빛", "거제시", "055-1"])
        rows = ([NUMBERS[1], "한빛", "거제시", "055-2"], [NUMBERS[2], "새빛", "거제시", ""])
        upload = desk.read(csv_bytes([*HEAD, "전화"], *rows))
        company = Company.objects.get()
        services.change_company(company=company, version=1, changes={"phone": "055-9"}, actor=desk.officer)
        upload = desk.commit(upload)
        assert (upload.state, upload.job.state, "2행" in upload.job.error) == (UploadState.READY, "FAILED", True)
        company.refresh_from_db()
        assert (company.phone, Company.objects.count()) == ("055-9", 1)

    def test_a_number_registered_meanwhile_stops_the_whole_file(self, desk):
        upload = desk.read(csv_bytes(HEAD, [NUMBERS[1], "한빛", "거제시"], [NUMBERS[2], "새빛", "거제시"]))
        WorkplaceFactory(business_number=NUMBERS[2])
        upload = desk.commit(upload)
        assert (upload.state, Company.objects.count()) == (UploadState.READY, 1)

    def test_a_move_is_written_with_a_warning(self, desk):
        desk.take_in(HEAD, [NUMBERS[1], "한빛", "거제시"])
        upload = desk.read(csv_bytes(HEAD, [NUMBERS[1], "한빛", "통영시"]))
        assert rules_of(upload) == ["region_changes"]
        assert only(upload).before == {"region": "경상남도 거제시"}
        desk.commit(upload)
        assert Workplace.objects.get().region.code == "48220"


class TestDoubts:
    def test_likely_twins_in_registry_and_file_are_warned_of(self, desk):
        head = [*HEAD, "법인등록번호", "대표자"]
        desk.take_in(head, [NUMBERS[1], "한빛정밀", "거제시", "1301110006246", "예시인"])
        upload = desk.read(
            csv_bytes(
                head,
                [NUMBERS[2], "(주)한빛정밀", "거제시", "", ""],
                [NUMBERS[3], "다른이름", "통영시", "1301110006246", ""],
                [NUMBERS[4], "한빛정밀공업", "통영시", "", "예시인"],
                [NUMBERS[5], "쌍둥이1", "통영시", "1101110085450", ""],
                [NUMBERS[6], "쌍둥이2", "통영시", "1101110085450", ""],
                [NUMBERS[7], "한빛정밀", "통영시", "", ""],
            )
        )
        assert [[p["rule"] for p in row.problems] for row in upload.rows.order_by("number")] == [
            ["twin_name_in_region"],
            ["twin_corporate_number"],
            ["twin_name_and_representative"],
            ["twin_in_file"],
            ["twin_in_file"],
            [],
        ]
        assert upload.state == UploadState.READY

    def test_a_corporate_number_that_does_not_check_is_only_warned_of(self, desk):
        upload = desk.read(csv_bytes([*HEAD, "법인등록번호"], [NUMBERS[1], "한빛", "거제시", "1301110006247"]))
        assert (only(upload).outcome, rules_of(upload)) == (RowOutcome.WARNING, ["corporate_check_digit"])

    def test_a_reason_in_the_row_settles_a_failed_check_digit(self, desk):
        head = [*HEAD, "검증번호 사유"]
        upload = desk.take_in(
            head, ["1018168693", "한빛", "거제시", "등록증 확인"], [NUMBERS[2], "새빛", "거제시", "몰라서"]
        )
        assert rules_of(upload) == []
        reasons = dict(Workplace.objects.values_list("business_number", "number_reason"))
        assert reasons == {"1018168693": "등록증 확인", NUMBERS[2]: ""}


class TestUndo:
    def test_new_companies_go_and_changed_ones_get_their_facts_back(self, desk):
        desk.take_in([*HEAD, "전화", "설립일"], [NUMBERS[1], "한빛", "거제시", "055-1", "2012-01-01"])
        before = list(Company.objects.values("name_ko", "name_key", "phone", "founded_on", "industry"))
        upload = desk.take_in(
            [*HEAD, "전화", "설립일", "업종코드", "주소"],
            [NUMBERS[1], "한빛전자", "통영시", "055-2", "지움", "26", "새길 1"],
            [NUMBERS[2], "새빛", "거제시", "", "", "", ""],
        )
        assert desk.undo(upload) == {"restored": 1, "withdrawn": 1, "kept": 0}
        assert list(Company.objects.values("name_ko", "name_key", "phone", "founded_on", "industry")) == before
        place = Workplace.objects.get()
        assert (place.region.code, place.address, place.version) == ("48310", "", 3)

    def test_nothing_is_taken_back_once_a_company_was_changed(self, desk):
        upload = desk.take_in(HEAD, [NUMBERS[1], "한빛", "거제시"], [NUMBERS[2], "새빛", "거제시"])
        company = Company.objects.get(name_key="새빛")
        services.change_company(company=company, version=1, changes={"phone": "1"}, actor=desk.officer)
        with pytest.raises(Refusal, match="새빛"):
            desk.undo(upload)
        assert Company.objects.count() == 2

    def test_nothing_is_taken_back_once_something_was_built_on_a_new_company(self, desk):
        upload = desk.take_in(HEAD, [NUMBERS[1], "한빛", "거제시"])
        company = Company.objects.get()
        services.put_figures(company=company, year=2024, source="SURVEY", figures={"sales": 1}, actor=desk.officer)
        with pytest.raises(Refusal, match="연도별 실적 1건"):
            desk.undo(upload)
        company.years.all().delete()
        services.add_workplace(company=company, region=Region.objects.get(code="48220"), actor=desk.officer)
        with pytest.raises(Refusal, match="사업장이 더"):
            desk.undo(upload)
