"""The settings of e-mail: what is taken, what is missing, and what is refused in one line."""

from pathlib import Path

import pytest

from course.web.config import Config, WrongSetting, from_environment

ENOUGH = {
    "MAIL_SERVER": "mail.example.org",
    "MAIL_FROM": "course@example.org",
    "COURSE_URL": "https://course.example.org/",
}


def settings(tmp_path: Path, **environ: str) -> Config:
    return from_environment(tmp_path, environ=environ)


def test_without_a_server_there_is_no_e_mail(tmp_path: Path) -> None:
    config = settings(tmp_path)
    assert (config.mailbox, config.course_url, config.reminders_opt_out) == (None, "", False)


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, ("mail.example.org", 587, "starttls")),
        ({"MAIL_SERVER": "mail.example.org:2525"}, ("mail.example.org", 2525, "starttls")),
        ({"MAIL_TLS": "tls"}, ("mail.example.org", 465, "tls")),
        ({"MAIL_TLS": "no"}, ("mail.example.org", 25, "no")),
        ({"MAIL_SERVER": "localhost"}, ("localhost", 25, "no")),
        ({"MAIL_SERVER": "127.0.0.1:1025"}, ("127.0.0.1", 1025, "no")),
        ({"MAIL_SERVER": "[::1]:1025"}, ("::1", 1025, "no")),
        ({"MAIL_SERVER": "localhost", "MAIL_TLS": "starttls"}, ("localhost", 587, "starttls")),
    ],
)
def test_a_server_is_spoken_to_encrypted_unless_it_is_this_machine(
    tmp_path: Path, environ: dict[str, str], expected: tuple[str, int, str]
) -> None:
    config = settings(tmp_path, **(ENOUGH | environ))
    assert config.mailbox is not None
    assert (config.mailbox.host, config.mailbox.port, config.mailbox.tls) == expected
    assert config.course_url == "https://course.example.org"


def test_the_rest_is_taken_as_it_is_and_the_password_is_not_shown(tmp_path: Path) -> None:
    more = {"MAIL_USER": "course", "MAIL_PASSWORD": "hidden-word", "MAIL_REPLY_TO": "training@example.org"}
    config = settings(tmp_path, **ENOUGH, **more, REMINDERS_OPT_OUT="yes")
    assert config.mailbox is not None
    assert (config.mailbox.password, config.mailbox.reply_to) == ("hidden-word", "training@example.org")
    assert config.reminders_opt_out
    assert "hidden-word" not in repr(config)


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"MAIL_FROM": ""}, "MAIL_FROM"),
        ({"MAIL_FROM": "course"}, "MAIL_FROM"),
        ({"MAIL_FROM": "a@example.org\nBcc: b@example.org"}, "MAIL_FROM"),
        ({"COURSE_URL": ""}, "COURSE_URL"),
        ({"COURSE_URL": "course.example.org"}, "COURSE_URL"),
        ({"MAIL_SERVER": ""}, "MAIL_SERVER"),
        ({"MAIL_SERVER": "mail.example.org:x"}, "MAIL_SERVER"),
        ({"MAIL_SERVER": "smtp://mail.example.org"}, "MAIL_SERVER"),
        ({"MAIL_SERVER": "mail.example.org/x"}, "MAIL_SERVER"),
        ({"MAIL_SERVER": "user@mail.example.org"}, "MAIL_SERVER"),
        ({"MAIL_TLS": "ssl"}, "MAIL_TLS"),
        ({"MAIL_USER": "course"}, "MAIL_PASSWORD"),
        ({"MAIL_USER": "course", "MAIL_PASSWORD": "x", "MAIL_TLS": "no"}, "MAIL_TLS"),
        ({"MAIL_REPLY_TO": "nobody"}, "MAIL_REPLY_TO"),
        ({"REMINDERS_OPT_OUT": "maybe"}, "REMINDERS_OPT_OUT"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path, environ: dict[str, str], named: str) -> None:
    with pytest.raises(WrongSetting, match=named) as wrong:
        settings(tmp_path, **(ENOUGH | environ))
    assert "\n" not in str(wrong.value)
