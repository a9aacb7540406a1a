from random import getrandbits, seed

from bench import equal
from node.text import Decimal


def text(value, decimals):
    return bytes(Decimal().text(value, decimals)).decode()


def test_a_value_has_as_many_decimals_as_its_quantity():
    equal(text(2153, 2), "21.53")
    equal(text(2150, 2), "21.50")
    equal(text(2153, 1), "215.3")
    equal(text(2153, 0), "2153")
    equal(text(100043, 2), "1000.43")


def test_a_small_value_has_its_zeros():
    equal(text(0, 0), "0")
    equal(text(0, 2), "0.00")
    equal(text(5, 2), "0.05")
    equal(text(5, 4), "0.0005")


def test_a_negative_value_has_its_sign_even_below_one():
    equal(text(-5, 2), "-0.05")
    equal(text(-750, 2), "-7.50")
    equal(text(-1, 0), "-1")


def test_the_largest_values_fit():
    equal(text(-0x40000000, 2), "-10737418.24")
    equal(text(0x3FFFFFFF, 0), "1073741823")
    equal(text(-(1 << 63), 3), "-9223372036854775.808")


def test_each_text_is_whole_after_a_longer_one():
    decimal = Decimal()
    equal([bytes(decimal.text(value, 1)) for value in (-12345, 7, 100)], [b"-1234.5", b"0.7", b"10.0"])


def test_the_text_means_the_number():
    seed(1)
    for _ in range(2000):
        value, decimals = getrandbits(30) - (1 << 29) >> getrandbits(4), getrandbits(2)
        found = text(value, decimals)
        whole, _, part = found.partition(".")
        equal((int(whole + part), len(part)), (value, decimals))
        assert found.lstrip("-")[0] != "." and "-" not in found[1:], found
