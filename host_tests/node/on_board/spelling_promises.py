from bench import equal
from node.spelling import distance, nearest

KEYS = ("host", "port", "user", "password", "keepalive")


def test_the_nearest_spelling_is_found():
    equal(nearest("hots", KEYS), "host")
    equal(nearest("Password", KEYS), "password")
    equal(nearest("passwd", KEYS), "password")
    equal(nearest("keep_alive", KEYS), "keepalive")


def test_a_word_like_none_has_no_hint():
    equal(nearest("colour", KEYS), None)
    equal(nearest("x", ()), None)


def test_the_distance_counts_letters_changed_added_and_left_out():
    equal(
        [distance(*pair) for pair in (("", "abc"), ("abc", ""), ("abc", "abc"), ("abc", "axc"), ("abc", "bc"))],
        [3, 3, 0, 1, 1],
    )
