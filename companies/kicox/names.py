"""Under which names a complex is known: the book writes one name in several ways from year to year."""

import re
import unicodedata

_MARKS = re.compile(r"\([①-⑳\s+]+\)|[①-⑳]|▷")
_FORMER = re.compile(r"[(\[]\s*구\s*[:：]?\s*([^)\]]+)[)\]]")
_GENERIC = re.compile(r"(?:(?:국가|일반|도시첨단|농공)?(?:산업|농공)?단지|농공)$")
_NOISE = re.compile(r"[\s·ㆍ・‧.,]+")
_EARLIER = "이전 이름:"


def key(name: str) -> str:
    """A name without marks, blanks and middle dots, composed and in small letters."""
    # Marks and dots go first: NFKC turns ① into 1 and the wide middle dot into a vowel.
    bare = _NOISE.sub("", _MARKS.sub("", unicodedata.normalize("NFC", name)))
    return _NOISE.sub("", unicodedata.normalize("NFKC", bare)).casefold()


def bare_key(name: str) -> str:
    """The key without the remark "(구 …)" and the generic ending: `사리테크노빌(구:사리농공)` → `사리테크노빌`."""
    return _GENERIC.sub("", key(_FORMER.sub("", name))) or key(name)


def keys(name: str, note: str = "") -> set[str]:
    """Every key under which a complex may be looked for: its name, what it was called before, with and without the
    generic ending. `note` may list earlier names ("이전 이름: 가, 나").
    """
    names = [name, *_FORMER.findall(name)]
    for part in note.split(";"):
        if part.strip().startswith(_EARLIER):
            names += [one.strip() for one in part.strip().removeprefix(_EARLIER).split(",")]
    return {found for one in names if one for found in (key(one), bare_key(one)) if found}
