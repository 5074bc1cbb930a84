from storage.drift import drift
from storage.work import Database


def test_migrations_make_exactly_what_the_models_say(database: Database) -> None:
    assert drift(database) == []
