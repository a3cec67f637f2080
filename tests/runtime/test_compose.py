"""docker-compose.yml describes the same system as `./start`; no engine runs here, so its text is checked."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from portal.runtime import services
from portal.runtime.paths import ROOT, Paths

# The part of the Compose specification this file uses. What is not listed is not allowed, so a typing error fails.
TEXTS = {"type": "array", "items": {"type": "string"}, "minItems": 1}
CONDITION = {"enum": ["service_started", "service_healthy", "service_completed_successfully"]}
DURATION = {"type": "string", "pattern": r"^\d+(ms|s|m|h)$"}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["name", "services", "volumes"],
    "additionalProperties": False,
    "patternProperties": {"^x-": {}},
    "properties": {
        "name": {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]*$"},
        "volumes": {"type": "object", "additionalProperties": {"type": "null"}},
        "services": {"type": "object", "additionalProperties": {"$ref": "#/$defs/service"}},
    },
    "$defs": {
        "service": {
            "type": "object",
            "required": ["image", "restart"],
            "additionalProperties": False,
            "properties": {
                "image": {"type": "string", "pattern": r"^[a-z0-9/.-]+(:[\w.-]+)?$"},
                "build": {"const": "."},
                "restart": {"enum": ["no", "always", "on-failure", "unless-stopped"]},
                "init": {"type": "boolean"},
                "read_only": {"type": "boolean"},
                "cap_drop": TEXTS,
                "security_opt": TEXTS,
                "tmpfs": TEXTS,
                "command": TEXTS,
                "expose": TEXTS,
                "environment": {"type": "object", "additionalProperties": {"type": "string"}},
                "ports": {"type": "array", "items": {"type": "string", "pattern": r"^\S+:\d+$"}},
                "volumes": {"type": "array", "items": {"type": "string", "pattern": r"^\S+:/\S+$"}},
                "stop_signal": {"type": "string", "pattern": "^SIG[A-Z]+$"},
                "stop_grace_period": DURATION,
                "shm_size": {"type": "string", "pattern": r"^\d+[kmg]b?$"},
                "depends_on": {
                    "type": "object",
                    "additionalProperties": {
                        "type": "object",
                        "required": ["condition"],
                        "additionalProperties": False,
                        "properties": {"condition": CONDITION},
                    },
                },
                "healthcheck": {
                    "type": "object",
                    "required": ["test", "interval", "timeout", "retries"],
                    "additionalProperties": False,
                    "properties": {
                        "test": TEXTS,
                        "interval": DURATION,
                        "timeout": DURATION,
                        "start_period": DURATION,
                        "retries": {"type": "integer", "minimum": 1},
                    },
                },
            },
        }
    },
}
OWN = ("prepare", "web", "worker", "beat")
Compose = dict[str, Any]


@pytest.fixture(scope="module")
def compose() -> Compose:
    loaded: Compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return loaded


def test_it_follows_the_compose_specification(compose: Compose) -> None:
    assert [fault.message for fault in jsonschema.Draft202012Validator(SCHEMA).iter_errors(compose)] == []


@pytest.mark.skipif(shutil.which("docker") is None, reason="no docker client here")
def test_the_client_reads_it(tmp_path: Path) -> None:
    if subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode:
        pytest.skip("the docker client has no compose plugin")
    values = {"PORTAL_SECRET_KEY": "x", "POSTGRES_PASSWORD": "x", "PORTAL_ALLOWED_HOSTS": "x", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        ["docker", "compose", "-f", ROOT / "docker-compose.yml", "config", "--quiet"],
        capture_output=True, text=True, env=values, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_every_part_of_the_system_is_a_service(compose: Compose) -> None:
    assert set(compose["services"]) == {*OWN, "postgres", "redis", "proxy"}
    assert {compose["services"][name]["image"] for name in OWN} == {"regional-sme-portal"}


def test_dependencies_and_named_volumes_exist(compose: Compose) -> None:
    used = set()
    for name, service in compose["services"].items():
        for needed, how in service.get("depends_on", {}).items():
            assert needed in compose["services"], (name, needed)
            if how["condition"] == "service_healthy":
                assert "healthcheck" in compose["services"][needed], (name, needed)
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            used |= {source} if re.fullmatch(r"\w+", source) else set()
    assert used == set(compose["volumes"])
    assert compose["services"]["web"]["depends_on"]["prepare"]["condition"] == "service_completed_successfully"


def test_our_variables_are_read_by_the_settings(compose: Compose) -> None:
    read = "".join(path.read_text() for path in (ROOT / "portal" / "settings").glob("*.py"))
    for name in OWN:
        for variable in compose["services"][name]["environment"]:
            assert variable == "DJANGO_SETTINGS_MODULE" or f'"{variable}"' in read, variable
    example = (ROOT / "deploy" / "env.example").read_text()
    asked = set(re.findall(r"\$\{(\w+):\?", (ROOT / "docker-compose.yml").read_text()))
    assert asked == {"PORTAL_SECRET_KEY", "POSTGRES_PASSWORD", "PORTAL_ALLOWED_HOSTS"}
    assert all(re.search(rf"^{name}=", example, re.MULTILINE) for name in asked)


def test_no_secret_is_written_down(compose: Compose) -> None:
    for name, service in compose["services"].items():
        for variable, value in service.get("environment", {}).items():
            if re.search("SECRET|PASSWORD|TOKEN|KEY", variable):
                assert value.startswith("${"), (name, variable)
    assert "portal:${POSTGRES_PASSWORD" in compose["services"]["web"]["environment"]["DATABASE_URL"]
    example = (ROOT / "deploy" / "env.example").read_text()
    assert re.findall(r"^(?:PORTAL_SECRET_KEY|POSTGRES_PASSWORD)=(.*)$", example, re.MULTILINE) == ["", ""]
    assert {".env", ".git", "var"} <= set((ROOT / ".dockerignore").read_text().split())


def test_only_the_proxy_is_reached_from_outside(compose: Compose) -> None:
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["proxy"]


def test_our_containers_have_few_rights(compose: Compose) -> None:
    for name in OWN:
        service = compose["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
    dockerfile = (ROOT / "Dockerfile").read_text()
    users = re.findall(r"^USER (\S+)", dockerfile, re.MULTILINE)
    assert users[-1:] == ["portal"]
    assert "--require-hashes" in dockerfile


def test_the_commands_are_those_of_start(compose: Compose, tmp_path: Path) -> None:
    """The worker's and beat's programs, applications and queues must not drift apart from the supervisor's."""
    paths = Paths(tmp_path)
    for name, child in (("worker", services.worker(paths)), ("beat", services.beat(paths))):
        local = [str(part) for part in child.command]
        container = compose["services"][name]["command"]
        assert container[:4] == ["celery", *local[1:4]], name
    dockerfile = (ROOT / "Dockerfile").read_text()
    command = json.loads(re.search(r"^CMD (\[.*?\])$", dockerfile.replace("\\\n", ""), re.MULTILINE | re.DOTALL)[1])  # type: ignore[index]
    assert command[:2] == ["gunicorn", "portal.wsgi"]
    assert " ".join(services.STATIC_OPTIONS) in dockerfile


def test_the_proxy_asks_the_web_service_and_hides_nothing_from_it(compose: Compose) -> None:
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    port = compose["services"]["web"]["expose"][0]
    assert f"server web:{port};" in text
    assert re.findall(r"proxy_set_header X-Forwarded-(\w+) (\S+);", text) == [
        ("For", "$remote_addr"),
        ("Proto", "https"),
        ("Host", '""'),
    ]
    mounted = "".join(compose["services"]["proxy"]["volumes"])
    for path in re.findall(r"ssl_certificate(?:_key)? (\S+);", text):
        assert str(Path(path).parent) in mounted
