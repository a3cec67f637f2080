"""What kinds of difficulties there are: rows, so that the list can follow an official one."""

from typing import Self

from django.db import models
from django.utils.translation import get_language

from portal.directory.history import tracked
from portal.kernel.constraints import not_blank


class DifficultyKindQuerySet(models.QuerySet):
    def in_use(self) -> Self:
        return self.filter(retired=False)


@tracked()
class DifficultyKind(models.Model):
    """One kind of difficulty. A kind no longer used is retired, never deleted: old cases keep it."""

    code = models.SlugField("코드", max_length=20, unique=True)
    name_ko = models.CharField("이름", max_length=40)
    name_en = models.CharField("영문 이름", max_length=60, blank=True)
    position = models.PositiveSmallIntegerField("순서", default=0)
    provisional = models.BooleanField("잠정", default=True)
    retired = models.BooleanField("쓰지 않음", default=False)

    objects = DifficultyKindQuerySet.as_manager()

    class Meta:
        verbose_name = "애로 종류"
        ordering = ["position", "code"]
        constraints = [
            not_blank("name_ko", name="difficulty_kind_has_a_name", message="애로 종류의 이름을 적어 주세요.")
        ]

    def __str__(self) -> str:
        return self.name_en if get_language() == "en" and self.name_en else self.name_ko
