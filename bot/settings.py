"""All that an operator may set, from `PACELINE_*` variables; a secret also from the file that `*_FILE` names."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from bot.errors import BotError


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """An internal Slack app. It listens by Socket Mode when there is an `app_token`, else to signed HTTP events.

    `api_url` ends in `/api/`. `per_minute`: messages a minute that the workspace takes from us.
    """

    bot_token: str
    app_token: str
    signing_secret: str
    api_url: str
    per_minute: int


@dataclass(frozen=True, slots=True)
class TelegramSettings:
    """A Telegram bot. It polls, unless there is a `webhook_secret`: then Telegram calls us at `PACELINE_URL`.

    `api_url` is the root to which `/bot<token>/` is appended.
    """

    bot_token: str
    webhook_secret: str
    api_url: str
    per_second: int


@dataclass(frozen=True, slots=True)
class EmbedSettings:
    """A server that speaks OpenAI's embeddings, in place of the model that Paceline carries. `url` ends before
    `/embeddings`; a server without keys takes `key` ""."""

    url: str
    key: str
    model: str


@dataclass(frozen=True, slots=True)
class LlmPrices:
    """For a million tokens that a model is given, makes, or is given again (`cached`)."""

    given: float
    made: float
    cached: float
    currency: str


@dataclass(frozen=True, slots=True)
class LlmSettings:
    """A server that speaks OpenAI's chat completions. `url` ends before `/chat/completions`.

    `prices` None: not known. `daily_budget` in their currency, `daily_tokens`: what a day may take; 0 is no limit.
    """

    url: str
    key: str
    model: str
    prices: LlmPrices | None = None
    daily_budget: float = 0.0
    daily_tokens: int = 0


@dataclass(frozen=True, slots=True)
class SqlSettings:
    """A database of the CRM: its SQLAlchemy `url`, the file that says which of its columns are which of ours, and the
    minutes between two looks."""

    url: str
    mapping: Path
    every: int


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """Where the CRM takes what was changed in chat, and the secret that it is signed with."""

    url: str
    secret: str


@dataclass(frozen=True, slots=True)
class Settings:
    """`timezone` reads times that carry no zone and no person; `language` greets whoever has none of their own.

    `push_secret` signs what a CRM pushes; "": nothing is taken.
    """

    home: Path
    db_url: str
    host: str
    port: int
    timezone: ZoneInfo
    language: str
    public_url: str
    log_level: str
    slack: SlackSettings | None = None
    telegram: TelegramSettings | None = None
    embed: EmbedSettings | None = None
    llm: LlmSettings | None = None
    push_secret: str = ""
    sql: SqlSettings | None = None
    crm_webhook: WebhookSettings | None = None

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
        slack=_slack(env),
        telegram=_telegram(env),
        embed=_embed(env),
        llm=_llm(env),
        push_secret=_secret(env, "CRM_PUSH_SECRET"),
        sql=_sql(env),
        crm_webhook=_crm_webhook(env),
    )


def _slack(env: Mapping[str, str]) -> SlackSettings | None:
    token, app_token = _value(env, "SLACK_BOT_TOKEN"), _value(env, "SLACK_APP_TOKEN")
    secret = _value(env, "SLACK_SIGNING_SECRET")
    if not token and not app_token and not secret:
        return None
    if not token:
        raise BotError("PACELINE_SLACK_BOT_TOKEN is missing. Give the bot token that begins with xoxb-.")
    if not app_token and not secret:
        raise BotError(
            "Slack needs PACELINE_SLACK_APP_TOKEN (it begins with xapp-, for Socket Mode) "
            "or PACELINE_SLACK_SIGNING_SECRET (for signed HTTP events)."
        )
    api_url = _url(_value(env, "SLACK_API_URL") or "https://slack.com/api/", "SLACK_API_URL") + "/"
    return SlackSettings(token, app_token, secret, api_url, _count(env, "SLACK_PER_MINUTE", 300))


def _telegram(env: Mapping[str, str]) -> TelegramSettings | None:
    token = _value(env, "TELEGRAM_BOT_TOKEN")
    if not token:
        return None
    secret = _value(env, "TELEGRAM_WEBHOOK_SECRET")
    if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        raise BotError("PACELINE_TELEGRAM_WEBHOOK_SECRET may hold letters, digits, _ and -, at most 256.")
    if secret and not _value(env, "URL"):
        raise BotError("A Telegram webhook needs PACELINE_URL, the public https address. Without a webhook it polls.")
    api_url = _url(_value(env, "TELEGRAM_API_URL") or "https://api.telegram.org", "TELEGRAM_API_URL")
    return TelegramSettings(token, secret, api_url, _count(env, "TELEGRAM_PER_SECOND", 30))


def _embed(env: Mapping[str, str]) -> EmbedSettings | None:
    url, key, model = _url(_value(env, "EMBED_URL"), "EMBED_URL"), _value(env, "EMBED_KEY"), _value(env, "EMBED_MODEL")
    if not url and not model:
        return None
    if not url or not model:
        raise BotError("PACELINE_EMBED_URL and PACELINE_EMBED_MODEL go together: the server, and which of its models.")
    return EmbedSettings(url, key, model)


def _llm(env: Mapping[str, str]) -> LlmSettings | None:
    url, key, model = _url(_value(env, "LLM_URL"), "LLM_URL"), _value(env, "LLM_KEY"), _value(env, "LLM_MODEL")
    if not url and not model:
        return None
    if not url or not model:
        raise BotError("PACELINE_LLM_URL and PACELINE_LLM_MODEL go together: the server, and which of its models.")
    prices, budget = _prices(env), _amount(env, "LLM_DAILY_BUDGET") or 0.0
    if budget and not prices:
        raise BotError(
            "PACELINE_LLM_DAILY_BUDGET needs PACELINE_LLM_PRICE_IN and PACELINE_LLM_PRICE_OUT, the prices of a million "
            "tokens; without prices, limit a day by PACELINE_LLM_DAILY_TOKENS."
        )
    tokens = _count(env, "LLM_DAILY_TOKENS", 1) if _value(env, "LLM_DAILY_TOKENS") else 0
    return LlmSettings(url, key, model, prices, budget, tokens)


def _prices(env: Mapping[str, str]) -> LlmPrices | None:
    given, made, cached = (_amount(env, f"LLM_PRICE_{what}") for what in ("IN", "OUT", "CACHED"))
    if given is None and made is None:
        return None
    if given is None or made is None:
        raise BotError("PACELINE_LLM_PRICE_IN and PACELINE_LLM_PRICE_OUT go together: prices of a million tokens.")
    return LlmPrices(given, made, given if cached is None else cached, _value(env, "LLM_CURRENCY") or "USD")


def _amount(env: Mapping[str, str], name: str) -> float | None:
    text = _value(env, name)
    if not text:
        return None
    if re.fullmatch(r"\d{1,9}(?:\.\d{1,9})?", text):
        return float(text)
    raise BotError(f"PACELINE_{name} is {text!r}. Give an amount such as 0.15, without a currency.")


def _sql(env: Mapping[str, str]) -> SqlSettings | None:
    url, mapping, every = _value(env, "CRM_SQL_URL"), _value(env, "CRM_SQL_MAPPING"), _count(env, "CRM_SQL_EVERY", 60)
    if not url and not mapping:
        return None
    if not url or not mapping:
        raise BotError(
            "PACELINE_CRM_SQL_URL and PACELINE_CRM_SQL_MAPPING go together: the database, and the file that says which "
            "of its columns are which of ours."
        )
    return SqlSettings(url, Path(mapping), every)


def _secret(env: Mapping[str, str], name: str) -> str:
    found = _value(env, name)
    if found and len(found) < 16:
        raise BotError(
            f"PACELINE_{name} is too short to be a secret. Give at least 16 characters: openssl rand -hex 32."
        )
    return found


def _crm_webhook(env: Mapping[str, str]) -> WebhookSettings | None:
    url, secret = _value(env, "CRM_WEBHOOK_URL"), _value(env, "CRM_WEBHOOK_SECRET")
    if not url and not secret:
        return None
    if not url or len(secret) < 16:
        raise BotError(
            "PACELINE_CRM_WEBHOOK_URL and PACELINE_CRM_WEBHOOK_SECRET go together: where changes made in chat go, "
            "and a secret of at least 16 characters that they are signed with."
        )
    if not re.fullmatch(r"https?://[^/@?#\s]+([/?][^#\s]*)?", url):
        raise BotError(
            f"PACELINE_CRM_WEBHOOK_URL is {url!r}. Give a whole address, such as https://crm.example/paceline."
        )
    return WebhookSettings(url, secret)


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


def _url(text: str, name: str = "URL") -> str:
    if text and not text.startswith(("http://", "https://")):
        raise BotError(f"PACELINE_{name} is {text!r}. Give a whole address, such as https://paceline.example.")
    return text.rstrip("/")


def _count(env: Mapping[str, str], name: str, usual: int) -> int:
    text = _value(env, name) or str(usual)
    if text.isdecimal() and 0 < int(text) < 10**9:
        return int(text)
    raise BotError(f"PACELINE_{name} is {text!r}. Give a whole number above 0.")


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise BotError(f"PACELINE_{name} is {value!r}. Give one of {', '.join(allowed)}.")
    return value
