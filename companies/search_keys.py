"""What a company is found by, as small numbers an index can hold; and what somebody typed, as the numbers to look for.

Pure: no Django, no database. The index (`companies.search`) keeps for each company `keys`, the numbers of every pair
of neighbouring characters of its names, of their initial consonants and of its products, and `text`, the same words
written out. A search first takes the rows that have all pairs of what was typed (a GIN index answers that), then
looks at the text, because pairs may stand in any order and two pairs may share a number.

A name is held between `^` and `$`, so that a search for the beginning of a name, even for its single first syllable,
is one more pair. Regions are keys as well, so that a search inside a scope never looks at rows outside it.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from zlib import crc32

LONGEST_TYPED = 60
"""Characters of a search that count; what is typed beyond them is dropped."""
_FIRST, _LAST = 0xAC00, 0xD7A3
_LEADS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_PER_LEAD = 588
# The legal form of a firm, in the spellings people use; only where it stands apart from the name.
_FORMS = re.compile(
    r"[(（]\s*(?:주|유|합|합자|사|재|재단|사단|株|有)\s*[)）]|[㈜㈔㈐㈎]|주식회사|유한책임회사|유한회사|합자회사|합명회사"
)
_LATIN_FORMS = re.compile(r"[\s,]+(?:co|corp|corporation|inc|ltd|llc|company|limited)\b\.?", re.IGNORECASE)
_NOT_WORDS = re.compile(r"[^0-9a-z가-힣ㄱ-ㅎ一-鿿ぁ-ヿ]+")
_NUMBER = re.compile(r"[\d\s-]+")


def plain(written: str) -> str:
    """A name as it is compared: `㈜ 삼성 전기`, `삼성전기주식회사`, `삼성-전기(주)` all give `삼성전기`.

    Width and composition are made one, the legal form, spaces and signs go, letters become small. A name that is
    nothing but a legal form keeps its words.
    """
    text = unicodedata.normalize("NFC", written)
    text = _FORMS.sub(" ", text)
    text = unicodedata.normalize("NFKC", text) if not any(sign in _LEADS for sign in text) else text
    bare = _NOT_WORDS.sub("", _LATIN_FORMS.sub(" ", f" {text}").lower())
    return bare or _NOT_WORDS.sub("", unicodedata.normalize("NFC", written).lower())


def initials_of(text: str) -> str:
    """The leading consonant of each syllable, everything else as it is: `삼성전기` → `ㅅㅅㅈㄱ`."""
    return "".join(_LEADS[(ord(sign) - _FIRST) // _PER_LEAD] if _FIRST <= ord(sign) <= _LAST else sign for sign in text)


def number_of(key: str) -> int:
    """A key as a signed 32-bit integer. Two keys may share one: every match is looked at again."""
    return crc32(key.encode()) - 2**31


def pairs(text: str) -> set[str]:
    """Each two neighbouring characters."""
    return {text[at : at + 2] for at in range(len(text) - 1)}


def region_key(region_id: int) -> int:
    return number_of(f"지역:{region_id}")


def facet_key(name: str, value: object) -> int:
    """Key of a property companies are filtered by: `facet_key("size", "SMALL")`."""
    return number_of(f"{name}={value}")


def person_keys(names: str) -> set[int]:
    """Keys of representatives, by whole name and by its beginning of two syllables or more.

    The names themselves are not written into the index: a match is looked up in the registry.
    """
    found = set()
    for name in re.split(r"[,·/;]| 외 ", names):
        bare = _NOT_WORDS.sub("", unicodedata.normalize("NFC", name).lower())
        found |= {number_of(f"@{bare[:end]}") for end in range(2, min(len(bare), 12) + 1)}
    return found


def document(
    names: Iterable[str],
    products: str,
    representative: str,
    region_ids: Iterable[int],
    facets: Iterable[tuple[str, object]] = (),
) -> tuple[list[int], str]:
    """(keys, text) of one company. `names`: the current one first, then every other spelling it is known by."""
    bare = list(dict.fromkeys(filter(None, map(plain, names))))
    made = plain(products)
    keys: set[str] = set(pairs(made))
    for name in bare:
        keys |= pairs(f"^{name}$") | pairs(f"^{initials_of(name)}$")
    numbers = {number_of(key) for key in keys} | person_keys(representative)
    numbers |= {region_key(pk) for pk in region_ids} | {facet_key(name, value) for name, value in facets}
    lines = [*bare, *dict.fromkeys(map(initials_of, bare)), f"\t{made}" if made else ""]
    return sorted(numbers), "\n" + "".join(f"{line}\n" for line in lines if line)


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed into the search box, understood.

    `word` is matched against names, initials and products; `digits` against registration numbers; `person` against
    representatives. All may be empty: then nothing is searched for.
    """

    word: str = ""
    digits: str = ""
    person: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.word or self.digits)

    @property
    def parts(self) -> list[str]:
        """The word cut where syllables and bare consonants meet: `삼성ㅈㄱ` → `삼성`, and `ㅅㅅㅈㄱ` as a whole."""
        consonants = [sign in _LEADS for sign in self.word]
        if all(consonants) or not any(consonants):
            return [self.word]
        runs = re.findall(f"[^{_LEADS}]+", self.word)
        return [initials_of(self.word), *runs]

    def anywhere(self) -> list[int]:
        """Keys every row must have that holds the word anywhere; a single character is sought at the beginning."""
        if len(self.word) == 1:
            return [number_of(f"^{self.word}")]
        return sorted({number_of(pair) for part in self.parts for pair in pairs(part)})

    def at_the_beginning(self) -> list[int]:
        """Keys of rows with a name that begins with the word."""
        first = self.parts[0]
        return sorted({number_of(f"^{first[0]}"), *self.anywhere()})


def understood(written: str) -> Typed:
    """A search as typed: a number when it has digits only (three or more), a word otherwise."""
    text = unicodedata.normalize("NFC", written).strip()[:LONGEST_TYPED]
    if _NUMBER.fullmatch(text):
        digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", text))
        return Typed(word=digits if len(digits) >= 2 else "", digits=digits if len(digits) >= 3 else "")
    word = plain(text)
    person = word if 2 <= len(word) <= 12 and not any(sign in _LEADS or sign.isdigit() for sign in word) else ""
    return Typed(word=word, person=person)
