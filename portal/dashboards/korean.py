"""The particle that a Korean word takes after it."""

import re

from portal.kernel import display

_ASIDE = re.compile(r"\s*\([^()]*\)\s*$")
_FIRST, _LAST = 0xAC00, 0xD7A3
_RIEUL = 8
#: Final consonant of a digit or letter as it is read aloud; 8 is ㄹ, 0 none.
_READ = {**dict.fromkeys("036", 21), **dict.fromkeys("178", 8), **dict.fromkeys("2459", 0), **dict.fromkeys("lr", 8),
         **dict.fromkeys("mn", 16)}  # fmt: skip


def _final(word: str) -> int:
    """Number of the final consonant (0: none) of the word's last sound; an aside in brackets is not read."""
    while (shorter := _ASIDE.sub("", word)) != word and shorter:
        word = shorter
    last = word.strip()[-1:].lower()
    if last and _FIRST <= ord(last) <= _LAST:
        return (ord(last) - _FIRST) % 28
    return _READ.get(last, 0)


def with_particle(word: str, pair: str) -> str:
    """`with_particle("수출액", "이/가")` → `수출액이`. `pair`: after a consonant / after a vowel. `으로/로` knows ㄹ.

    In English the word stands alone.
    """
    if not display.korean():
        return word
    after_consonant, after_vowel = pair.split("/")
    final = _final(word)
    plain = final == 0 or (final == _RIEUL and pair == "으로/로")
    return word + (after_vowel if plain else after_consonant)
