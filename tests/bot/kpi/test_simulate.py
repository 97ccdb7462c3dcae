"""A small part of the simulation, seeded: the alerts are rare where nothing changed, and soon where a rate halved."""

from tests.bot.kpi.simulate import SEASONS, Nature, false_alarms, found


def test_stable_streams_page_less_than_once_a_year_where_the_bare_rule_cries_wolf() -> None:
    natures = [
        Nature(0.1, 60),
        Nature(0.3, 20),
        Nature(0.3, 60, rho=0.02),
        Nature(0.6, 20, months=SEASONS["quarter end +28%"]),
    ]
    years = [false_alarms(nature, runs=12, seed=7) for nature in natures]
    assert sum(year.alerts for year in years) / len(years) <= 1
    assert all(year.bare > 9 for year in years)


def test_a_halved_conversion_is_found_within_eight_weeks() -> None:
    assert found(Nature(0.3, 24), runs=40, seed=7)[0] >= 0.95
    assert found(Nature(0.5, 16), runs=40, seed=7)[0] >= 0.95
