"""What the environment may say, what is answered when it says something else, and where the key comes from."""

from __future__ import annotations

import stat
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.key_file import KEY_FILE, KeyMaterial, resolve_key
from bot.setting_values import NEVER_QUIET, QuietHours
from bot.settings import OFFICIAL_TELEGRAM, Settings, SettingsError, load_settings
from storage.keys import generate_key

ROOT = Path(__file__).parent.parent
TOKEN = "123456789:AAHcontohcontohcontohcontohcontoh01"


def refused(**given: str) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        load_settings({f"SETARA_{name}": value for name, value in given.items()})
    return caught.value.lines


def test_nothing_needs_to_be_set() -> None:
    settings = load_settings({})
    assert settings.database_url.get_secret_value() == "sqlite:///data/setara.db"
    assert (settings.host, settings.port, settings.region) == ("127.0.0.1", 8080, "12.22")
    assert settings.timezone == ZoneInfo("Asia/Jakarta")
    assert settings.quiet_hours == QuietHours(time(20), time(7))
    assert settings.telegram_api == OFFICIAL_TELEGRAM
    assert settings.telegram_token is None
    assert settings.on_sqlite
    assert not settings.for_real_people
    assert settings.warnings == ()


def test_empty_and_blank_values_count_as_not_set() -> None:
    assert load_settings({"SETARA_PORT": "", "SETARA_TELEGRAM_TOKEN": "  "}) == load_settings({})


def test_the_database_lies_in_the_data_folder_unless_told_otherwise(tmp_path: Path) -> None:
    inside = load_settings({"SETARA_DATA_DIR": str(tmp_path)})
    assert inside.database_url.get_secret_value() == f"sqlite:///{tmp_path}/setara.db"
    elsewhere = load_settings({"SETARA_DATABASE_URL": "postgres://setara:sandi@127.0.0.1/setara"})
    assert elsewhere.database_url.get_secret_value() == "postgresql://setara:sandi@127.0.0.1/setara"
    assert not elsewhere.on_sqlite


def test_the_time_zone_is_the_regions_unless_told_otherwise() -> None:
    assert load_settings({"SETARA_REGION": "12.22"}).timezone == ZoneInfo("Asia/Jakarta")
    told = load_settings({"SETARA_REGION": "12.22", "SETARA_TIMEZONE": "Asia/Jayapura"})
    assert told.timezone == ZoneInfo("Asia/Jayapura")


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("PORT", "delapan", "angka bulat dari 0 sampai 65535"),
        ("PORT", "65536", "angka bulat dari 0 sampai 65535"),
        ("ALERTS_PER_DAY", "-1", "angka bulat"),
        ("REGION", "1222", "bukan kode wilayah"),
        ("REGION", "99.99", "Yang tersedia: 12.22"),
        ("REGION", "../regions/12.22", "kode kabupaten"),
        ("TIMEZONE", "Asia/Kotapinang", "zona waktu"),
        ("TIMEZONE", "../etc/passwd", "zona waktu"),
        ("QUIET_HOURS", "malam", "20.00-07.00"),
        ("QUIET_HOURS", "25.00-07.00", "jamnya tidak ada"),
        ("QUIET_HOURS", "20.00-20.00", "sama"),
        ("HOST", "127.0.0.1:80 80", "alamat"),
        ("DATA_DIR", __file__, "folder"),
        ("TELEGRAM_API", "api.telegram.org", "http"),
        ("TELEGRAM_API", "https://contoh.id/bot", "tanpa /bot"),
        ("TELEGRAM_API", "http://127.0.0.1:99999", "portnya"),
        ("TELEGRAM_WEBHOOK_URL", "https://contoh.id", "jalur"),
        ("TELEGRAM_WEBHOOK_URL", "https://contoh.id//", "jalur"),
        *(
            ("TELEGRAM_WEBHOOK_URL", f"https://contoh.id{path}", "dipakai layanan ini sendiri")
            for path in ("/say", "/say/", "/keluar", "/seen", "/baru", "/statis/telegram", "/healthz")
        ),
        *(
            ("TELEGRAM_WEBHOOK_URL", f"https://contoh.id{path}", "tanda yang tidak bisa")
            for path in ("/{name}", "/t/{name:path}", "/%73ay")
        ),
        ("PROXY", "*", "bukan alamat IP"),
        ("PROXY", "127.0.0.1,", "bukan alamat IP"),
        ("PROXY", "10.0.0.1/24", "bukan alamat IP"),
        ("TELEGRAM_WEBHOOK_URL", "https://[::1", "alamat"),
        ("TELEGRAM_WEBHOOK_URL", "https://orang:sandi@contoh.id/t", "kata sandi"),
    ],
)
def test_a_wrong_value_is_refused_in_one_line(name: str, value: str, expected: str) -> None:
    (line,) = refused(**{name: value})
    assert line.startswith(f"SETARA_{name}: diberi ")
    assert value in line
    assert expected in line
    assert f"Contoh: SETARA_{name}=" in line
    assert "\n" not in line


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KEY", "bukan kunci rahasia"),
        ("TELEGRAM_TOKEN", "token yang salah ketik"),
        ("TELEGRAM_WEBHOOK_SECRET", "rahasia, dengan spasi"),
        ("DATABASE_URL", "mysql://setara:sandi-rahasia@127.0.0.1/setara"),
    ],
)
def test_a_wrong_secret_is_refused_without_being_shown(name: str, value: str) -> None:
    (line,) = refused(**{name: value})
    assert line.startswith(f"SETARA_{name}: diberi nilai yang tidak ditampilkan")
    assert value not in line
    assert "sandi-rahasia" not in line


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///", "sqlite:///:memory:", "postgresql://127.0.0.1", "x.db"])
def test_a_database_that_would_not_keep_anything_is_refused(url: str) -> None:
    assert refused(DATABASE_URL=url)[0].startswith("SETARA_DATABASE_URL: ")


@pytest.mark.parametrize(
    "url", ["sqlite:///x.db?mode=ro", "postgresql://u:sandi@127.0.0.1/x?rahasia=1", "postgresql+psycopg://h/x?port"]
)
def test_options_of_the_database_that_nobody_knows_are_refused(url: str) -> None:
    (line,) = refused(DATABASE_URL=url)
    assert "tanda tanya" in line
    assert not any(secret in line for secret in ("sandi@", "rahasia", "mode"))


def test_options_of_postgresql_are_kept() -> None:
    url = "postgresql+psycopg://u@127.0.0.1/x?sslmode=require&connect_timeout=3"
    assert load_settings({"SETARA_DATABASE_URL": url}).database_url.get_secret_value() == url


def test_every_wrong_value_is_told_at_once_and_on_a_line_of_its_own() -> None:
    lines = refused(PORT="a\nb", REGION="x" * 200)
    assert [line.partition(":")[0] for line in lines] == ["SETARA_PORT", "SETARA_REGION"]
    assert not any("\n" in line or len(line) > 300 for line in lines)


def test_a_webhook_needs_its_secret() -> None:
    (line,) = refused(TELEGRAM_TOKEN=TOKEN, TELEGRAM_WEBHOOK_URL="http://127.0.0.1:8081/telegram")
    assert line.startswith("SETARA_TELEGRAM_WEBHOOK_SECRET: belum diisi")
    settings = load_settings(
        {
            "SETARA_TELEGRAM_TOKEN": TOKEN,
            "SETARA_TELEGRAM_WEBHOOK_URL": "http://127.0.0.1:8081/telegram",
            "SETARA_TELEGRAM_WEBHOOK_SECRET": "rahasia_1-2",
        }
    )
    assert settings.telegram_webhook_url == "http://127.0.0.1:8081/telegram"
    assert settings.warnings == ()


@pytest.mark.parametrize(("secret", "accepted"), [("a" * 256, True), ("a" * 257, False), ("é", False)])
def test_a_webhook_secret_is_what_telegram_takes(secret: str, accepted: bool) -> None:
    if accepted:
        given = load_settings({"SETARA_TELEGRAM_WEBHOOK_SECRET": secret}).telegram_webhook_secret
        assert given is not None
        assert given.get_secret_value() == secret
    else:
        assert "1 sampai 256" in refused(TELEGRAM_WEBHOOK_SECRET=secret)[0]


def test_what_has_no_effect_is_warned_about() -> None:
    warnings = load_settings({"SETARA_PROT": "1", "setara_host": "x", "SETARA_TELEGRAM_WEBHOOK_SECRET": "a"}).warnings
    assert "SETARA_PROT: pengaturan ini tidak dikenal dan diabaikan. Mungkin maksud Anda SETARA_PORT." in warnings
    assert any(line.startswith("setara_host: ") and "SETARA_HOST" in line for line in warnings)
    assert any(line.startswith("SETARA_TELEGRAM_WEBHOOK_SECRET: diabaikan") for line in warnings)


def test_the_official_telegram_is_known_by_its_address() -> None:
    assert load_settings({"SETARA_TELEGRAM_TOKEN": TOKEN}).for_real_people
    with_slash = {"SETARA_TELEGRAM_TOKEN": TOKEN, "SETARA_TELEGRAM_API": OFFICIAL_TELEGRAM + "/"}
    assert load_settings(with_slash).for_real_people
    fake = {"SETARA_TELEGRAM_TOKEN": TOKEN, "SETARA_TELEGRAM_API": "http://127.0.0.1:9999/"}
    assert not load_settings(fake).for_real_people
    assert load_settings(fake).telegram_api == "http://127.0.0.1:9999"


def test_no_secret_is_in_the_settings_own_description() -> None:
    keys = f"{generate_key()},{generate_key()}"
    settings = load_settings(
        {
            "SETARA_TELEGRAM_TOKEN": TOKEN,
            "SETARA_KEY": keys,
            "SETARA_DATABASE_URL": "postgresql://setara:s%40ndi@127.0.0.1/setara",
        }
    )
    assert set(settings.secrets()) >= {TOKEN, *keys.split(","), "s%40ndi", "s@ndi"}
    assert not any(secret in repr(settings) or secret in str(settings) for secret in settings.secrets())


WHATSAPP = {
    "SETARA_WHATSAPP_TOKEN": "EAAG-CONTOH-TOKEN",
    "SETARA_WHATSAPP_PHONE_ID": "100000000000001",
    "SETARA_WHATSAPP_APP_SECRET": "0123456789abcdef",
    "SETARA_WHATSAPP_VERIFY_TOKEN": "kata-sandi-contoh",
}


def test_whatsapp_needs_all_that_belongs_to_it() -> None:
    settings = load_settings(WHATSAPP)
    assert settings.for_real_people
    assert not load_settings({**WHATSAPP, "SETARA_WHATSAPP_API": "http://127.0.0.1:9/"}).for_real_people
    assert settings.templated("alert") == ()
    assert {"EAAG-CONTOH-TOKEN", "0123456789abcdef", "kata-sandi-contoh"} <= set(settings.secrets())
    with pytest.raises(SettingsError) as refused:
        load_settings({"SETARA_WHATSAPP_TOKEN": "EAAG-CONTOH-TOKEN"})
    assert [line.partition(":")[0] for line in refused.value.lines] == list(WHATSAPP)[1:]
    assert "EAAG" not in str(refused.value)


def test_whatsapp_without_its_token_is_told_to_be_idle() -> None:
    templates = {"SETARA_WHATSAPP_TEMPLATES": str(ROOT / "docs" / "whatsapp-templates.toml")}
    given = {**WHATSAPP, **templates, "SETARA_WHATSAPP_TOKEN": ""}
    warnings = load_settings(given).warnings
    assert [line.partition(":")[0] for line in warnings] == [*list(WHATSAPP)[1:], *templates]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SETARA_WHATSAPP_PHONE_ID", "+62 812", "bukan ID nomor telepon"),
        ("SETARA_WHATSAPP_TOKEN", "EAAG rahasia", "ada spasi"),
        ("SETARA_WHATSAPP_API", "https://graph.facebook.com/v23.0", "tanpa versi"),
        ("SETARA_WHATSAPP_TEMPLATES", "none.toml", "tidak bisa dibaca"),
    ],
)
def test_a_wrong_whatsapp_setting_is_refused(name: str, value: str, said: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings({**WHATSAPP, name: value})
    [line] = refused.value.lines
    assert line.startswith(name)
    assert said in line
    assert "rahasia" not in line


def test_every_setting_is_documented_with_an_example_that_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)  # one of them is a file of the documentation
    table = Settings.describe().splitlines()
    assert len(table) - 2 == sum(not field.exclude for field in Settings.model_fields.values())
    for row in table[2:]:
        _, name, _, meaning, example, _ = (cell.strip() for cell in row.split("|"))
        assert meaning.endswith(".")
        value = example.strip("`")
        if not value.startswith("$("):
            setting = {"SETARA_TELEGRAM_WEBHOOK_SECRET": "rahasia", **WHATSAPP, name.strip("`"): value}
            assert load_settings(setting) is not None


@pytest.mark.parametrize(
    ("text", "quiet", "loud"),
    [
        ("20.00-07.00", ["20:00", "23:59", "00:00", "06:59"], ["07:00", "12:00", "19:59"]),
        ("12:00 - 13:30", ["12:00", "13:29"], ["11:59", "13:30", "00:00"]),
        ("off", [], ["00:00", "12:00", "23:59"]),
        ("OFF", [], ["03:00"]),
    ],
)
def test_quiet_hours(text: str, quiet: list[str], loud: list[str]) -> None:
    hours = QuietHours.parse(text)
    assert all(hours.is_quiet(time.fromisoformat(now)) for now in quiet)
    assert not any(hours.is_quiet(time.fromisoformat(now)) for now in loud)
    assert QuietHours.parse(str(hours)) == hours


def test_quiet_hours_know_when_they_are_over() -> None:
    zone = ZoneInfo("Asia/Jakarta")
    hours = QuietHours(time(20), time(7))
    assert hours.over_at(datetime(2026, 9, 1, 22, tzinfo=zone)) == datetime(2026, 9, 2, 7, tzinfo=zone)
    assert hours.over_at(datetime(2026, 9, 2, 3, tzinfo=zone)) == datetime(2026, 9, 2, 7, tzinfo=zone)
    noon = datetime(2026, 9, 2, 12, tzinfo=zone)
    assert hours.over_at(noon) == noon
    assert NEVER_QUIET.over_at(noon) == noon


class TestKey:
    @pytest.fixture
    def settings(self, tmp_path: Path) -> Settings:
        return load_settings({"SETARA_DATA_DIR": str(tmp_path / "data")})

    @staticmethod
    def key_file(settings: Settings) -> Path:
        return settings.data_dir / KEY_FILE

    def test_is_made_once_for_an_empty_database_and_told_to_be_backed_up(self, settings: Settings) -> None:
        first = resolve_key(settings, lambda: False)
        assert any("Simpan salinannya" in notice for notice in first.notices)
        assert stat.S_IMODE(self.key_file(settings).stat().st_mode) == 0o600
        again = resolve_key(settings, lambda: True)
        assert again == KeyMaterial(first.keys)
        assert [path.name for path in settings.data_dir.iterdir()] == [KEY_FILE]

    def test_is_never_made_for_a_database_that_already_holds_something(self, settings: Settings) -> None:
        with pytest.raises(SettingsError, match="cadangan"):
            resolve_key(settings, lambda: True)
        assert not settings.data_dir.exists()

    def test_is_never_made_for_postgresql(self, tmp_path: Path) -> None:
        settings = load_settings(
            {"SETARA_DATABASE_URL": "postgresql://127.0.0.1/setara", "SETARA_DATA_DIR": str(tmp_path)}
        )
        with pytest.raises(SettingsError, match="PostgreSQL memerlukan kunci"):
            resolve_key(settings, lambda: False)
        assert list(tmp_path.iterdir()) == []

    def test_of_the_environment_comes_first(self, settings: Settings) -> None:
        resolve_key(settings, lambda: False)
        newest, older = generate_key(), generate_key()
        told = load_settings({"SETARA_DATA_DIR": str(settings.data_dir), "SETARA_KEY": f"{newest}, {older}"})
        material = resolve_key(told, lambda: True)
        assert material.keys == (newest, older)
        sealed = material.ring().seal(b"Contoh", b"a.b")
        assert KeyMaterial((newest,)).ring().open(sealed, b"a.b") == b"Contoh"
        assert newest not in repr(material)

    def test_file_of_several_lines_is_read_newest_first(self, settings: Settings) -> None:
        keys = (generate_key(), generate_key())
        settings.data_dir.mkdir()
        self.key_file(settings).write_text("\n".join(keys) + "\n")
        self.key_file(settings).chmod(0o600)
        assert resolve_key(settings, lambda: True) == KeyMaterial(keys)

    def test_file_that_others_can_read_is_told(self, settings: Settings) -> None:
        resolve_key(settings, lambda: False)
        self.key_file(settings).chmod(0o644)
        (notice,) = resolve_key(settings, lambda: True).notices
        assert "chmod 600" in notice

    @pytest.mark.parametrize("content", [b"", b"rusak", b"\xff\xfe"])
    def test_file_that_is_damaged_is_refused_and_left_alone(self, settings: Settings, content: bytes) -> None:
        settings.data_dir.mkdir()
        self.key_file(settings).write_bytes(content)
        with pytest.raises(SettingsError, match="rusak"):
            resolve_key(settings, lambda: False)
        assert self.key_file(settings).read_bytes() == content

    def test_folder_that_cannot_be_made_is_refused(self, tmp_path: Path) -> None:
        settings = load_settings({"SETARA_DATA_DIR": str(tmp_path / "berkas" / "data")})
        (tmp_path / "berkas").write_text("")
        with pytest.raises(SettingsError, match="tidak dapat dibuat"):
            resolve_key(settings, lambda: False)
