"""The columns of the file of companies: they read the file, make the template and name the export."""

from collections.abc import Callable, Sequence

from companies import rules
from companies.enums import CompanyKind, CompanySize
from companies.importers import cell_readers as read
from companies.importers.region_names import RegionNames
from portal.directory.scope import Scope
from portal.intake import cells
from portal.intake.registry import Column

KINDS = {str(label): str(value) for value, label in CompanyKind.choices}
SIZES = {str(label): str(value) for value, label in CompanySize.choices}
_KIND_WORDS = KINDS | {"법인사업자": "CORPORATION", "개인사업자": "INDIVIDUAL"}
_SIZE_WORDS = SIZES | {"중소기업": "MEDIUM", "소공인": "MICRO"}


def _regions(scope: Scope) -> Sequence[str]:
    return RegionNames().labels(None if scope.nationwide else scope.region_ids)


def _offered(words: dict[str, str]) -> Callable[[Scope], Sequence[str]]:
    return lambda scope: list(words)


def _shown(words: dict[str, str]) -> Callable[[str], str]:
    back = {value: word for word, value in words.items()}
    return lambda kept: back.get(kept, kept)


CLEARS = f" 비우면 지금 값을 그대로 두고, ‘{read.CLEAR_WORD}’이라고 적으면 지웁니다."

COLUMNS = (
    Column(
        "business_number", "사업자등록번호", read.business_number, width=16, text=True, example="124-81-00998",
        aliases=("사업자번호", "사업자 등록번호", "bizr_no"), show=rules.written_business_number,
        help="본사의 번호 열 자리. 이 번호로 이미 있는 기업을 찾아 고치고, 없으면 새로 등록합니다.",
    ),
    Column(
        "name_ko", "기업명", read.needed(120, "기업명"), width=26, text=True, example="한빛정밀(주)",
        aliases=("회사명", "업체명", "상호", "법인명", "corp_name"), help="등기된 이름.",
    ),
    Column(
        "name_en", "영문 이름", read.text(160), required=False, width=24, text=True, aliases=("영문명",),
        help="영문 이름." + CLEARS,
    ),
    Column(
        "corporate_number", "법인등록번호", read.optional(rules.corporate_number), required=False, width=18, text=True,
        aliases=("법인번호", "jurir_no"), example="130111-0006246", show=rules.written_corporate_number,
        help="열세 자리. 검증번호가 맞지 않으면 알려만 드립니다." + CLEARS,
    ),
    Column(
        "kind", "기업 유형", read.word(_KIND_WORDS), required=False, width=10, text=True, choices=_offered(KINDS),
        aliases=("유형", "법인구분"), show=_shown(KINDS), help="법인이나 개인. 비우면 새 기업은 법인으로 봅니다.",
    ),
    Column(
        "size", "기업 규모", read.word(_SIZE_WORDS), required=False, width=12, text=True, choices=_offered(SIZES),
        aliases=("규모",), show=_shown(SIZES), help="소상공인, 소기업, 중기업, 중견기업, 대기업.",
    ),
    Column(
        "founded_on", "설립일", read.optional(cells.day), required=False, width=12, text=True, example="2012-03-02",
        aliases=("설립일자", "설립연월일", "개업일", "est_dt"), help="2012-03-02, 2012. 3. 2., 20120302처럼." + CLEARS,
    ),
    Column(
        "representative", "대표자", read.text(120), required=False, width=14, text=True,
        aliases=("대표자명", "대표이사", "ceo_nm"), help="대표자의 이름. 여럿이면 쉼표로 나눕니다." + CLEARS,
    ),
    Column(
        "industry", "업종코드", read.optional(read.industry), required=False, width=10, text=True, example="26299",
        aliases=("업종", "표준산업분류", "산업분류코드", "KSIC", "induty_code"),
        help="한국표준산업분류(11차) 코드 두 자리에서 다섯 자리." + CLEARS,
    ),
    Column(
        "main_product", "주생산품", read.text(200), required=False, width=24, text=True, aliases=("생산품", "주요제품"),
        help="주로 만드는 것이나 하는 일." + CLEARS,
    ),
    Column(
        "region", "시·군·구", read.text(60), required=False, width=20, text=True, choices=_regions,
        aliases=("지역", "소재지", "지역코드", "관할지역"), example="경상남도 거제시",
        help="본사가 있는 시·군·구의 이름이나 코드. 비우면 주소에서 찾습니다.",
    ),
    Column(
        "address", "주소", read.text(200), required=False, width=40, text=True,
        aliases=("본사 주소", "소재지 주소", "adres"), help="본사의 도로명 주소." + CLEARS,
    ),
    Column(
        "homepage", "누리집", read.text(200), required=False, width=24, text=True, aliases=("홈페이지", "hm_url"),
        help="누리집 주소." + CLEARS,
    ),
    Column(
        "phone", "전화", read.text(40), required=False, width=16, text=True, aliases=("전화번호", "연락처"),
        help="대표 전화." + CLEARS,
    ),
    Column(
        "email", "전자우편", read.optional(read.email), required=False, width=24, text=True, aliases=("이메일",),
        help="전자우편 주소." + CLEARS,
    ),
    Column(
        "contact_name", "담당자", read.text(60), required=False, width=12, text=True, aliases=("담당자명",),
        help="연락할 사람의 이름." + CLEARS,
    ),
    Column(
        "number_reason", "검증번호 사유", read.text(200), required=False, width=24, text=True,
        help="사업자등록번호의 검증번호가 맞지 않는데도 맞는 번호인 까닭. 파일을 반영할 때 한꺼번에 적어도 됩니다.",
    ),
)  # fmt: skip
