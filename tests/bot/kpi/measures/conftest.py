"""A picture that is fed from files, as in the tests of the CRM."""

from tests.bot.crm.conftest import crm

__all__ = ["crm"]
