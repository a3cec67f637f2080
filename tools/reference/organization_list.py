"""The bodies of the regional SME policy, as far as their names were found; (p) = from memory or inferred."""

# 시·도 by the short readable part of the codes; the values are the 시·도 code before the merger and the Korean stem.
PROVINCES = {
    "SEOUL": ("11", "서울"), "BUSAN": ("26", "부산"), "DAEGU": ("27", "대구"), "INCHEON": ("28", "인천"),
    "GWANGJU": ("29", "광주"), "DAEJEON": ("30", "대전"), "ULSAN": ("31", "울산"), "SEJONG": ("36", "세종"),
    "GYEONGGI": ("41", "경기"), "GANGWON": ("51", "강원"), "CHUNGBUK": ("43", "충북"), "CHUNGNAM": ("44", "충남"),
    "JEONBUK": ("52", "전북"), "JEONNAM": ("46", "전남"), "GYEONGBUK": ("47", "경북"), "GYEONGNAM": ("48", "경남"),
    "JEJU": ("50", "제주"),
}  # fmt: skip
ROMAN = {code: code.capitalize() for code in PROVINCES}

# 13 지방중소벤처기업청: code, stem of the name, English stem, 시·도 codes.
OFFICES = [
    ("RO-SEOUL", "서울", "Seoul", ["11"]),
    ("RO-BUSAN", "부산", "Busan", ["26"]),
    ("RO-DAEGU-GYEONGBUK", "대구·경북", "Daegu-Gyeongbuk", ["27", "47"]),
    ("RO-GWANGJU-JEONNAM", "광주·전남", "Gwangju-Jeonnam", ["29", "46"]),
    ("RO-GYEONGGI", "경기", "Gyeonggi", ["41"]),
    ("RO-INCHEON", "인천", "Incheon", ["28"]),
    ("RO-DAEJEON-SEJONG", "대전·세종", "Daejeon-Sejong", ["30", "36"]),
    ("RO-ULSAN", "울산", "Ulsan", ["31"]),
    ("RO-GANGWON", "강원", "Gangwon", ["51"]),
    ("RO-CHUNGBUK", "충북", "Chungbuk", ["43"]),
    ("RO-CHUNGNAM", "충남", "Chungnam", ["44"]),
    ("RO-JEONBUK", "전북", "Jeonbuk", ["52"]),
    ("RO-GYEONGNAM", "경남", "Gyeongnam", ["48"]),
]
JEJU_OFFICE = "RO-GWANGJU-JEONNAM"  # a default the ministry may change: 제주 has no office of its own

# Sub-offices seen in news of 2014 and 2017: code, name stem, English, parent, districts (blank list = not found).
SUBOFFICES = [
    ("RS-GYEONGGI-BUKBU", "경기북부", "Northern Gyeonggi", "RO-GYEONGGI", []),
    ("RS-JEONNAM-DONGBU", "전남동부", "Eastern Jeonnam", "RO-GWANGJU-JEONNAM",
     ["46150", "46130", "46230", "46770", "46780", "46720", "46730"]),
    ("RS-GYEONGBUK-BUKBU", "경북북부", "Northern Gyeongbuk", "RO-DAEGU-GYEONGBUK", []),
    ("RS-GANGWON-YEONGDONG", "강원영동", "Yeongdong Gangwon", "RO-GANGWON", []),
]  # fmt: skip

# Technoparks besides one for each 시·도: code, name stem, English, region; and the year each one was founded.
EXTRA_TECHNOPARKS = [
    ("TP-GYEONGGI-DAEJIN", "경기대진", "Gyeonggi Daejin", "41"),
    ("TP-POHANG", "포항", "Pohang", "47110"),
]
TECHNOPARK_YEARS = {
    "TP-GYEONGGI": 1997, "TP-INCHEON": 1997, "TP-GYEONGBUK": 1997, "TP-CHUNGNAM": 1997, "TP-GWANGJU": 1997,
    "TP-DAEGU": 1997, "TP-BUSAN": 2000, "TP-POHANG": 2000, "TP-GANGWON": 2003, "TP-CHUNGBUK": 2003,
    "TP-JEONBUK": 2003, "TP-JEONNAM": 2003, "TP-GYEONGNAM": 2004, "TP-ULSAN": 2004, "TP-GYEONGGI-DAEJIN": 2005,
    "TP-DAEJEON": 2005, "TP-SEOUL": 2005, "TP-JEJU": 2010, "TP-SEJONG": 2019,
}  # fmt: skip

# 창조경제혁신센터 besides one for each 시·도: code, stem, English, region, provisional.
EXTRA_INNOVATION_CENTRES = [
    ("IC-POHANG", "포항", "Pohang", "47110", "0"),
    ("IC-BITGARAM", "빛가람", "Bitgaram", "46170", "1"),  # (p)
]

# 위기지원센터: opened in 2022 as a trial, the others in 2023.
CRISIS_CENTRES = {
    **dict.fromkeys(["BUSAN", "DAEGU", "GANGWON", "JEONNAM", "GYEONGBUK"], 2022),
    **dict.fromkeys(["GYEONGNAM", "GWANGJU", "DAEJEON", "ULSAN", "JEONBUK", "CHUNGNAM", "CHUNGBUK"], 2023),
}
# 구조혁신지원센터 of 2022, ten cities: code, stem, English, region of the city.
RESTRUCTURING_CENTRES = [
    ("RC-SEOUL", "서울", "Seoul", "11"),
    ("RC-INCHEON", "인천", "Incheon", "28"),
    ("RC-SUWON", "수원", "Suwon", "41110"),
    ("RC-GOYANG", "고양", "Goyang", "41280"),
    ("RC-DAEJEON", "대전", "Daejeon", "30"),
    ("RC-GWANGJU", "광주", "Gwangju", "29"),
    ("RC-JEONJU", "전주", "Jeonju", "52110"),
    ("RC-DAEGU", "대구", "Daegu", "27"),
    ("RC-BUSAN", "부산", "Busan", "26"),
    ("RC-CHANGWON", "창원", "Changwon", "48120"),
]

# National bodies: code, kind, name, English, short name, valid_from, valid_to, provisional, note.
NATIONAL = [
    ("MSS", "MINISTRY", "중소벤처기업부", "Ministry of SMEs and Startups", "중기부", "", "", "0", ""),
    ("KOSME", "FUND", "중소벤처기업진흥공단", "Korea SMEs and Startups Agency", "중진공", "", "", "0", ""),
    ("KIBO", "FUND", "기술보증기금", "Korea Technology Finance Corporation", "기보", "", "", "0", ""),
    ("KODIT", "FUND", "신용보증기금", "Korea Credit Guarantee Fund", "신보", "", "", "0", ""),
    ("SEMAS", "FUND", "소상공인시장진흥공단", "Small Enterprise and Market Service", "소진공", "", "", "0", ""),
    ("TIPA", "AGENCY", "중소기업기술정보진흥원", "Korea Technology and Information Promotion Agency for SMEs", "기정원",
     "", "", "0", "지역산업육성사업 전문기관"),
    ("KISED", "AGENCY", "창업진흥원", "Korea Institute of Startup and Entrepreneurship Development", "창진원",
     "", "", "0", ""),
    ("KOSI", "AGENCY", "중소벤처기업연구원", "Korea Small Business Institute", "중기연", "", "", "0", ""),
    ("KICOX", "AGENCY", "한국산업단지공단", "Korea Industrial Complex Corporation", "산단공", "", "", "0", ""),
    ("KIAT", "AGENCY", "한국산업기술진흥원", "Korea Institute for Advancement of Technology", "산기진", "", "", "0",
     ""),
    ("WINWIN", "AGENCY", "대·중소기업·농어업협력재단", "Korea Foundation for Cooperation of Large and Small Business, "
     "Rural Affairs", "상생협력재단", "", "", "0", ""),
    ("KTPA", "AGENCY", "한국테크노파크진흥회", "Korea Technopark Association", "TP진흥회", "", "", "0", ""),
    ("KBIZ", "AGENCY", "중소기업중앙회", "Korea Federation of SMEs", "중기중앙회", "", "", "0", ""),
    ("KISTI", "AGENCY", "한국과학기술정보연구원", "Korea Institute of Science and Technology Information", "KISTI",
     "", "", "0", ""),
    ("KOTRA", "AGENCY", "대한무역투자진흥공사", "Korea Trade-Investment Promotion Agency", "코트라", "", "", "0", ""),
    ("KSURE", "AGENCY", "한국무역보험공사", "Korea Trade Insurance Corporation", "무보", "", "", "0", ""),
    ("KITA", "AGENCY", "한국무역협회", "Korea International Trade Association", "무협", "", "", "0", ""),
    ("KPC", "AGENCY", "한국생산성본부", "Korea Productivity Center", "KPC", "", "", "0", ""),
    ("KSA", "AGENCY", "한국표준협회", "Korean Standards Association", "KSA", "", "", "0", ""),
    ("KEXIM", "AGENCY", "한국수출입은행", "Export-Import Bank of Korea", "수은", "", "", "0", ""),
    ("BOK", "CENTRAL_BANK", "한국은행", "Bank of Korea", "한은", "", "", "0", ""),
    ("OM-MOEF", "OTHER_MINISTRY", "기획재정부", "Ministry of Economy and Finance", "기재부", "", "2026-01-02", "0",
     "재정경제부와 기획예산처로 분리"),
    ("OM-MOFE", "OTHER_MINISTRY", "재정경제부", "Ministry of Finance and Economy", "재경부", "2026-01-02", "", "0", ""),
    ("OM-MPB", "OTHER_MINISTRY", "기획예산처", "Ministry of Planning and Budget", "기획처", "2026-01-02", "", "0", ""),
    ("OM-MSIT", "OTHER_MINISTRY", "과학기술정보통신부", "Ministry of Science and ICT", "과기정통부", "", "", "0", ""),
    ("OM-MOE", "OTHER_MINISTRY", "교육부", "Ministry of Education", "교육부", "", "", "0", ""),
    ("OM-MOIS", "OTHER_MINISTRY", "행정안전부", "Ministry of the Interior and Safety", "행안부", "", "", "0", ""),
    ("OM-MOTIE", "OTHER_MINISTRY", "산업통상자원부", "Ministry of Trade, Industry and Energy", "산업부",
     "", "2025-10-01", "0", "산업통상부로 개편"),
    ("OM-MOTIR", "OTHER_MINISTRY", "산업통상부", "Ministry of Trade, Industry and Resources", "산업부",
     "2025-10-01", "", "0", "영문 명칭 확인 필요"),
    ("OM-ME", "OTHER_MINISTRY", "환경부", "Ministry of Environment", "환경부", "", "2025-10-01", "0",
     "기후에너지환경부로 개편"),
    ("OM-MCEE", "OTHER_MINISTRY", "기후에너지환경부", "Ministry of Climate, Energy and Environment", "기후부",
     "2025-10-01", "", "0", "영문 명칭 확인 필요"),
    ("OM-MOEL", "OTHER_MINISTRY", "고용노동부", "Ministry of Employment and Labor", "고용부", "", "", "0", ""),
    ("OM-MOLIT", "OTHER_MINISTRY", "국토교통부", "Ministry of Land, Infrastructure and Transport", "국토부",
     "", "", "0", ""),
    ("OM-KIPO", "OTHER_MINISTRY", "특허청", "Korean Intellectual Property Office", "특허청", "", "2025-10-01", "0",
     "지식재산처로 개편"),
    ("OM-MOIP", "OTHER_MINISTRY", "지식재산처", "Ministry of Intellectual Property", "지재처", "2025-10-01", "", "0",
     "영문 명칭 확인 필요"),
    ("OM-KOSTAT", "OTHER_MINISTRY", "통계청", "Statistics Korea", "통계청", "", "2025-10-01", "0",
     "국가데이터처로 개편"),
    ("OM-MODS", "OTHER_MINISTRY", "국가데이터처", "Ministry of Data and Statistics", "데이터처", "2025-10-01", "", "0",
     "영문 명칭 확인 필요"),
]  # fmt: skip
