from django.db import connection


def test_a_thread_keeps_its_connection_from_one_request_to_the_next() -> None:
    assert connection.settings_dict["CONN_MAX_AGE"] == 60
