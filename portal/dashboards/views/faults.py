"""Pages for what went wrong. They show no more than the visitor may know."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.views.decorators.csrf import requires_csrf_token


@requires_csrf_token
def bad_request(request: HttpRequest, exception: BaseException | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


@requires_csrf_token
def permission_denied(request: HttpRequest, exception: BaseException | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


@requires_csrf_token
def not_found(request: HttpRequest, exception: BaseException | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """Without the database, the session or the reader: any of them may be what failed. A machine is told as one."""
    if request.path_info.startswith("/api/v1/"):
        number = getattr(request, "id", "")
        text = "서버에서 처리하지 못했습니다. 잠시 뒤 다시 요청하고, 되풀이되면 요청 번호를 알려 주세요."
        answer = {"code": "server_error", "message": text, "fields": {}, "request_id": number}
        return JsonResponse(answer, status=500, json_dumps_params={"ensure_ascii": False})
    return HttpResponse(loader.render_to_string("500.html", {"request": request}), status=500)
