"""The benchmark's figures mean something only if a wrong answer ends it, and if both contenders say the whole talk."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.bench import talks
from tests.bench.contenders import CONTENDERS, FLOORS, Contender, Launch
from tests.bench.people import WrongAnswerError
from tests.bench.processes import StartError
from tests.bench.rounds import Stage
from tests.bench.talks import Exchange

BY_KEY = {contender.key: contender for contender in (*FLOORS, *CONTENDERS)}


def altered(key: str, talk: talks.Talk) -> Contender:
    one = BY_KEY[key]
    return Contender(key, one.title, one.keeps, talk, one.launch, one.in_response, one.chats_are_named, one.floor)


def test_both_talks_have_the_same_number_of_turns() -> None:
    assert len(talks.SETARA) == len(talks.PEER)


@pytest.mark.parametrize("key", ["floor-a", "floor-b", "c1", "c2", "c2-pickle-1s"])
def test_a_contender_answers_every_turn_as_expected(tmp_path: Path, key: str) -> None:
    played = Stage(tmp_path).play(BY_KEY[key], seconds=0.4)
    assert len(played.together.latencies) > len(talks.PEER) * 2
    assert played.together.latencies[0] > 0
    assert played.together.percentile(0.5) <= played.together.percentile(0.99)
    assert played.together.by_response in (0, len(played.together.latencies))


@pytest.mark.parametrize("key", ["floor-a", "floor-b"])
def test_a_wrong_answer_ends_the_run(tmp_path: Path, key: str) -> None:
    with pytest.raises(WrongAnswerError, match="without 'kata lain'"):
        Stage(tmp_path).play(altered(key, (Exchange("halo", "kata lain"),)), seconds=0.2)


def test_an_answer_that_comes_the_other_way_ends_the_run(tmp_path: Path) -> None:
    one = BY_KEY["floor-a"]
    through_api = Contender(one.key, one.title, one.keeps, one.talk, one.launch, in_response=False)
    with pytest.raises(WrongAnswerError, match="came in the response"):
        Stage(tmp_path).play(through_api, seconds=0.2)


def test_a_service_that_ends_is_reported_with_what_it_said(tmp_path: Path) -> None:
    def launch(_: object) -> Launch:
        return Launch((sys.executable, "-c", "raise SystemExit('pengaturan salah')"))

    broken = Contender("broken", "", "", talks.FLOOR, launch, True)
    with pytest.raises(StartError, match="pengaturan salah"):
        Stage(tmp_path).play(broken, seconds=0.2)


def test_a_silent_service_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.bench.people.PATIENCE", 0.5)
    server = "import socket as s, time; l = s.create_server(('127.0.0.1', {port})); time.sleep(20)"
    silent = Contender(
        "silent",
        "",
        "",
        talks.FLOOR,
        lambda place: Launch((sys.executable, "-c", server.format(port=place.hook.port))),
        True,
    )
    with pytest.raises(WrongAnswerError, match="no answer for"):
        Stage(tmp_path).play(silent, seconds=0.2)
