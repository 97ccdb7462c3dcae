"""All that an operator may set, from `PACELINE_*` variables; a secret also from the file that `*_FILE` names."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from bot.errors import BotError


@dataclass(frozen=True, slots=True)
class Settings:
    """`timezone` reads times that carry no zone and no person; `language` greets whoever has none of their own."""

    home: Path
    db_url: str
    host: str
    port: int
    timezone: ZoneInfo
    language: str
    public_url: str
    log_level: str

    @property
    def base_url(self) -> str:
        """Where people reach the pages, without a slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url or f"http://{host}:{self.port}"


def read_settings(env: Mapping[str, str] | None = None) -> Settings:
    """The settings, or a `BotError` that names the variable and what it may be."""
    env = os.environ if env is None else env
    home = Path(_value(env, "HOME") or ".paceline")
    return Settings(
        home=home,
        db_url=_value(env, "DB_URL") or f"sqlite:///{home / 'paceline.db'}",
        host=_value(env, "HOST") or "127.0.0.1",
        port=_port(_value(env, "PORT") or "8100"),
        timezone=_zone(_value(env, "TIMEZONE") or "UTC"),
        language=_one_of("LANGUAGE", _value(env, "LANGUAGE") or "en", ("en", "zh")),
        public_url=_url(_value(env, "URL")),
        log_level=_one_of("LOG_LEVEL", (_value(env, "LOG_LEVEL") or "info").lower(), _LEVELS),
    )


_LEVELS = ("debug", "info", "warning", "error")


def _value(env: Mapping[str, str], name: str) -> str:
    """`PACELINE_<name>`, or what stands in the file that `PACELINE_<name>_FILE` names."""
    path = env.get(f"PACELINE_{name}_FILE", "")
    if not path:
        return env.get(f"PACELINE_{name}", "").strip()
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as fault:
        raise BotError(f"PACELINE_{name}_FILE: cannot read {path} ({fault}). Name a readable text file.") from fault


def _port(text: str) -> int:
    if text.isdecimal() and int(text) < 65536:
        return int(text)
    raise BotError(f"PACELINE_PORT is {text!r}. Give a port number from 0 to 65535 (0 takes any free one).")


def _zone(name: str) -> ZoneInfo:
    if name not in available_timezones():
        raise BotError(f"PACELINE_TIMEZONE is {name!r}. Give an IANA zone such as Asia/Shanghai or Europe/Berlin.")
    return ZoneInfo(name)


def _url(text: str) -> str:
    if text and not text.startswith(("http://", "https://")):
        raise BotError(f"PACELINE_URL is {text!r}. Give the address people open, such as https://paceline.example.")
    return text.rstrip("/")


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise BotError(f"PACELINE_{name} is {value!r}. Give one of {', '.join(allowed)}.")
    return value
