"""The running site of the web's own tests."""

from tests.bot.web.conftest import site

__all__ = ["site"]
