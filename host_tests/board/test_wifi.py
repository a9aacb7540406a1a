"""Access points of the same name, and what goes wrong with them."""

import time

STATION = """
import network, time
wlan = network.WLAN(network.STA_IF)
wlan.active(True)
def until(*statuses):
    while wlan.status() not in statuses:
        time.sleep_ms(1)
    print("status", wlan.status())
"""
NEAR, FAR, OTHER = b"\x0a\x00\x00\x00\x00\x01", b"\x0a\x00\x00\x00\x00\x02", b"\x0a\x00\x00\x00\x00\x03"
HOUSE = [
    {"ssid": "house", "password": "secret", "bssid": FAR, "rssi": -80, "channel": 11},
    {"ssid": "house", "password": "secret", "bssid": NEAR, "rssi": -40, "channel": 1},
    {"ssid": "neighbour", "password": "other", "bssid": OTHER, "rssi": -60},
]


def test_a_scan_hears_every_access_point_the_strongest_first(make_board, bits):
    board = make_board(STATION + "for found in wlan.scan(): print('heard', found)", wifi=HOUSE, bits=bits)
    assert [eval(board.wait_line("heard")[6:]) for _ in range(3)] == [
        (b"house", NEAR, 1, -40, 3, False),
        (b"neighbour", OTHER, 6, -60, 3, False),
        (b"house", FAR, 11, -80, 3, False),
    ]


def test_a_name_leads_to_its_strongest_access_point_and_a_bssid_to_its_own(make_board):
    board = make_board(
        STATION
        + f"""
wlan.connect("house", "secret")
until(1010)
print("rssi", wlan.status("rssi"))
wlan.disconnect()
wlan.connect("house", "secret", bssid={FAR})
until(1010)
print("rssi", wlan.status("rssi"))
wlan.disconnect()
wlan.connect("house", "secret", bssid={OTHER})
until(201)
""",
        wifi=HOUSE,
    )
    assert [board.wait_line("rssi") for _ in range(2)] == ["rssi -40", "rssi -80"]
    board.wait_line("status 201")


def test_an_access_point_that_vanishes_is_replaced_by_another_of_its_name(make_board):
    board = make_board(
        STATION
        + """
wlan.connect("house", "secret")
until(1010)
until(1001, 201)
until(1010)
print("rssi", wlan.status("rssi"))
""",
        wifi=HOUSE,
    )
    board.wait_line("status 1010")
    board.wifi(False, bssid=NEAR)
    board.wait_line("rssi -80")


def test_who_asked_for_one_bssid_gets_no_other(make_board):
    board = make_board(
        STATION + f"wlan.connect('house', 'secret', bssid={NEAR})\nuntil(1010)\nuntil(201)\nuntil(1010)", wifi=HOUSE
    )
    board.wait_line("status 1010")
    board.wifi(False, bssid=NEAR)
    board.wait_line("status 201")
    board.wifi(True, bssid=NEAR)
    board.wait_line("status 1010")


def test_a_hung_radio_connects_until_it_is_switched_off_and_on(make_board):
    board = make_board(
        STATION
        + """
wlan.connect("house", "secret")
until(1010)
until(1001)
wlan.disconnect()
wlan.connect("house", "secret")
time.sleep_ms(300)
print("still", wlan.status(), wlan.isconnected())
wlan.active(False)
wlan.active(True)
wlan.connect("house", "secret")
until(1010)
""",
        wifi=HOUSE,
    )
    board.wait_line("status 1010")
    board.wifi_hang()
    board.wait_line("still 1001 False")
    board.wait_line("status 1010")


def test_a_hung_radio_is_well_after_a_reset(make_board):
    board = make_board(STATION + "wlan.connect('house', 'secret')\nuntil(1010)\nuntil(1001)", wifi=HOUSE)
    board.wait_line("status 1010")
    board.wifi_hang()
    board.wait_line("status 1001")
    board.reset()
    board.wait_line("status 1010")


def test_settings_of_the_radio_can_be_looked_up(make_board):
    board = make_board(STATION + "wlan.config(pm=wlan.PM_NONE)")
    board.wait_prompt()
    assert board.wifi_settings()["pm"] == 0


def test_a_scan_blocks_the_board_for_its_time(make_board):
    board = make_board(STATION + "print('begin')\nwlan.scan()\nprint('end')", scan_s=0.4)
    board.wait_line("begin")
    begun = time.monotonic()
    board.wait_line("end")
    assert time.monotonic() - begun > 0.3
