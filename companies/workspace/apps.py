from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    name = "companies.workspace"
    label = "workspace"
    verbose_name = "기업 작업 공간"

    def ready(self) -> None:
        from companies import search_index
        from companies.services import changed, merge_rules

        changed.subscribe(search_index.follow)
        merge_rules.register("workspace.Bookmark.company", merge_rules.Move(same=("owner",)))
