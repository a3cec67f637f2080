"""What a company is found by, as small numbers an index can hold; and what somebody typed, as the numbers to look for.

Pure: no Django, no database. The index (`companies.search`) keeps for each company `keys`, the numbers of every pair
of neighbouring characters of its names, of their initial consonants and of its products, and `text`, the same words
written out. A search first takes the rows that have all pairs of what was typed (a GIN index answers that), then
looks at the text, because pairs may stand in any order and two pairs may share a number.

A name is held between `^` and `$`, so that a search for the beginning of a name, even for its single first syllable,
is one more pair. Initial consonants are few, so three neighbours of them are kept as well as two. Every pair is mixed
with the number of the 시·도 the company lies in (of each, if there are several): a search inside a scope reads the
lists of its own 시·도 alone, and a search of the country takes one 시·도 after the other and stops when it has enough.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

from companies.rules.names import LEADS, initials_of, name_key

LONGEST_TYPED = 60
"""Characters of a search that count; what is typed beyond them is dropped."""
_SEVERAL = re.compile(r"[,·/;]| 외 ")
_NUMBER = re.compile(r"[\d\s-]+")


@lru_cache(maxsize=200_000)
def number_of(key: str) -> int:
    """A key as a signed 32-bit integer. Two keys may share one: every match is looked at again."""
    return crc32(key.encode()) - 2**31


def pairs(text: str) -> set[str]:
    """Each two neighbouring characters."""
    return {text[at : at + 2] for at in range(len(text) - 1)}


def triples(text: str) -> set[str]:
    """Each three neighbouring characters."""
    return {text[at : at + 3] for at in range(len(text) - 2)}


NOWHERE = 0
"""Stands for the 시·도 of a company without any place."""


def inside(province_id: int, numbers: Iterable[int]) -> list[int]:
    """Keys of pairs as they are kept for one 시·도."""
    mixed = region_key(province_id)
    return [number ^ mixed for number in numbers]


@lru_cache(maxsize=10_000)
def region_key(region_id: int) -> int:
    return number_of(f"지역:{region_id}")


@lru_cache(maxsize=10_000)
def facet_key(name: str, value: object) -> int:
    """Key of a property companies are filtered by: `facet_key("size", "SMALL")`."""
    return number_of(f"{name}={value}")


def person_keys(names: str) -> set[int]:
    """Keys of representatives, by whole name and by its beginning of two syllables or more.

    The names themselves are not written into the index: a match is looked up in the registry.
    """
    found = set()
    for name in _SEVERAL.split(names) if _SEVERAL.search(names) else (names,):
        bare = f"@{name_key(name)}"
        found.update([crc32(bare[:end].encode()) - 2**31 for end in range(3, min(len(bare), 13) + 1)])
    return found


def document(
    names: Iterable[str],
    products: str,
    representative: str,
    *,
    province_ids: Iterable[int],
    region_ids: Iterable[int],
    facets: Iterable[tuple[str, object]] = (),
) -> tuple[list[int], str]:
    """(keys, text) of one company.

    `names`: name keys, the current one first, then of every other spelling. `province_ids`: the 시·도 it lies in,
    `region_ids`: those and the places below them.
    """
    bare = list(dict.fromkeys(filter(None, names)))
    made = name_key(products) if products else ""
    initials = [line for line in dict.fromkeys(map(initials_of, bare)) if line not in bare]
    lines = bare + initials
    keys = pairs(made).union(*(pairs(f"^{line}$") for line in lines), *map(triples, initials))
    words = list(map(number_of, keys))
    numbers = set().union(*(inside(province, words) for province in set(province_ids) or {NOWHERE}))
    if representative:
        numbers |= person_keys(representative)
    numbers.update(map(region_key, region_ids))
    numbers.update(facet_key(name, value) for name, value in facets)
    text = "\n".join(["", *lines, f"\t{made}", ""] if made else ["", *lines, ""])
    return sorted(numbers), text


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
        consonants = [sign in LEADS for sign in self.word]
        if all(consonants) or not any(consonants):
            return [self.word]
        runs = re.findall(f"[^{LEADS}]+", self.word)
        return [initials_of(self.word), *runs]

    def anywhere(self) -> list[int]:
        """Keys every row must have that holds the word anywhere; a single character is sought at the beginning."""
        if len(self.word) == 1:
            return [number_of(f"^{self.word}")]
        keys = set()
        for part in self.parts:
            of_initials = len(part) > 2 and all(sign in LEADS for sign in part)
            keys |= triples(part) if of_initials else pairs(part)
        return sorted(map(number_of, keys))

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
    word = name_key(text)
    person = word if 2 <= len(word) <= 12 and not any(sign in LEADS or sign.isdigit() for sign in word) else ""
    return Typed(word=word, person=person)
