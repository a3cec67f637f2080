"""The search index of companies: made from the registry, never entered, may be made anew at any time."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.timezone import now


class SearchKey(models.Model):
    """One row for each company that can be found. What `keys` and `text` hold: `companies.search_keys`.

    The company's number is no foreign key: the index follows the registry (`companies.search_index`) and
    must not slow it down, nor stand in the way when a batch is undone.
    """

    company_id = models.BigIntegerField("기업", primary_key=True)
    keys = ArrayField(models.IntegerField(), verbose_name="찾는 수")
    text = models.TextField("찾는 글", db_collation="C")

    class Meta:
        verbose_name = "기업 검색 색인"
        indexes = [GinIndex(fields=["keys"], name="company_search_keys")]

    def __str__(self) -> str:
        return self.text.strip().split("\n", 1)[0]


class SearchDebt(models.Model):
    """Companies whose index is behind the registry: written with them, gone once they are indexed."""

    company_ids = ArrayField(models.BigIntegerField(), verbose_name="기업")
    since = models.DateTimeField("생긴 일시", default=now)

    class Meta:
        verbose_name = "밀린 검색 색인"

    def __str__(self) -> str:
        return f"{len(self.company_ids)}"
