"""Names of companies, made comparable: one key for all spellings, initial consonants, likeness."""

import re
import unicodedata

LEADS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_FIRST, _LAST, _PER_LEAD = 0xAC00, 0xD7A3, 588
_INITIALS = {code: LEADS[(code - _FIRST) // _PER_LEAD] for code in range(_FIRST, _LAST + 1)}
_JAMO = re.compile("[ㄱ-ㆎ]")
_FORMS = re.compile(
    r"\((?:주|유|합|합자|합명|재|사|株|有)\)"
    r"|주식회사|유한책임회사|유한회사|합자회사|합명회사|재단법인|사단법인|농업회사법인|어업회사법인"
)
_LATIN_FORMS = re.compile(r"[\s,]+(?:co|corp|corporation|inc|incorporated|ltd|llc|company|limited)\b\.?", re.IGNORECASE)
_SIGNS = re.compile(r"[\W_]+")
_BARE = re.compile("[가-힣0-9]+")
_BARE_FORMS = re.compile("회사|법인")


def _narrow(written: str) -> str:
    """One composition and one width: NFD, full-width letters and `㈜` become plain; lone consonants stay."""
    text = unicodedata.normalize("NFC", written)
    if _JAMO.search(text):  # NFKC would turn ㅅ into a conjoining half that no keyboard writes
        return "".join(sign if _JAMO.match(sign) else unicodedata.normalize("NFKC", sign) for sign in text)
    return unicodedata.normalize("NFKC", text)


def name_key(name: str) -> str:
    """What every spelling of a name has in common: `㈜ 삼성 전기` and `삼성-전기 주식회사` → `삼성전기`.

    Letters small, no blanks, signs nor legal form. A name that is only a legal form keeps its words; a name without
    any letter or digit has the key "".
    """
    if _BARE.fullmatch(name) and not _BARE_FORMS.search(name):
        return name  # most names of a file: nothing to take away
    text = re.sub(r"\(\s*(\w{1,2})\s*\)", r"(\1)", _narrow(name))
    bare = _SIGNS.sub("", _LATIN_FORMS.sub(" ", _FORMS.sub(" ", f" {text}")).casefold())
    return bare or _SIGNS.sub("", text.casefold())


def compact(name: str) -> str:
    """A name with its legal form kept, blanks made single: how it is stored and shown."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def initials_of(text: str) -> str:
    """The leading consonant of each syllable, everything else as it is: `삼성전기` → `ㅅㅅㅈㄱ`."""
    return text.translate(_INITIALS)


def typed_initials(written: str) -> bool:
    """Whether somebody typed initial consonants only (`ㅅㅅ ㅈㄱ`)."""
    bare = "".join(unicodedata.normalize("NFC", written).split())
    return bool(bare) and all(sign in LEADS for sign in bare)


def bigrams(text: str) -> frozenset[str]:
    """Every two neighbouring characters; the text itself when it has one."""
    return frozenset(text[at : at + 2] for at in range(len(text) - 1)) or frozenset({text} if text else ())


def alike(one: str, other: str) -> float:
    """Likeness of two name keys from 0 to 1: shared pairs of neighbours (Dice). 1 only for the same pairs."""
    left, right = bigrams(one), bigrams(other)
    return 2 * len(left & right) / (len(left) + len(right)) if left and right else 0.0
