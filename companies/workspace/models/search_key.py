"""The search index of companies: made from the registry, never entered, may be made anew at any time."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from companies.models import Company


class SearchKey(models.Model):
    """One row for each company that can be found. What `keys` and `text` hold: `companies.search_keys`.

    There is no foreign key in the database: the index follows the registry (`companies.search.index_companies`) and
    must not slow it down, nor stand in the way when a batch is undone.
    """

    company = models.OneToOneField(
        Company, models.DO_NOTHING, primary_key=True, related_name="+", db_constraint=False, verbose_name="기업"
    )
    keys = ArrayField(models.IntegerField(), verbose_name="찾는 수")
    text = models.TextField("찾는 글", db_collation="C")

    class Meta:
        verbose_name = "기업 검색 색인"
        indexes = [GinIndex(fields=["keys"], name="company_search_keys")]

    def __str__(self) -> str:
        return self.text.strip().split("\n", 1)[0]
