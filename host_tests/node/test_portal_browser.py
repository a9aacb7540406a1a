"""The portal's page in a real Chromium the size of a phone: from the first window a phone opens to a node that runs."""

import json

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from support import wait_for
from support.browser import HEIGHT, WIDTH, phone
from visitor import HOME
from witness import Witness

pytestmark = pytest.mark.full

AIR = [
    {"ssid": "home", "password": HOME["home"], "rssi": -50, "channel": 11},
    {"ssid": "<img src=x onerror=alert(1)>", "rssi": -70},
]


@pytest.fixture
def browse(portal, tmp_path):
    """Makes (board, browser): the browser is where a phone that has joined the access point lands by itself."""
    opened = []

    def make(**options):
        board = portal(wifi=AIR)
        browser = phone(*board.reach(80), tmp_path / f"phone{len(opened)}", **options)
        opened.append(browser)
        browser.get("http://connectivitycheck.gstatic.com/generate_204")
        return board, browser

    yield make
    for browser in opened:
        browser.quit()


def put(browser, **fields):
    for name, text in fields.items():
        field = browser.find_element(By.ID, name)
        field.clear()
        field.send_keys(str(text))


def choose(browser, ssid: str):
    browser.find_element(By.CSS_SELECTOR, f"input[name=ssid][value='{ssid}']").click()


def alerts(browser) -> dict[str, str]:
    found = browser.find_elements(By.CSS_SELECTOR, "[role=alert]")
    return {alert.get_attribute("id")[2:]: alert.text for alert in found}


def until(condition, what: str):
    """Waits as a person does, who leaves the browser time to work."""
    return wait_for(condition, what, timeout=60, step=0.2)


def send(browser):
    browser.find_element(By.XPATH, "//button[.='Test and save']").click()


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_somebody_with_a_phone_sets_a_node_up(browse, mosquitto_factory, javascript):
    broker = mosquitto_factory(accounts={"roof": "right-secret", "eye": "glass"})
    board, browser = browse(javascript=javascript)
    assert browser.current_url == "http://192.168.4.1/"
    choose(browser, "home")
    put(browser, password="short", host="mqtt://x", port=broker.port, user="roof", secret="wrong", name="a b")
    send(browser)
    until(lambda: alerts(browser), "the answer to bad input")
    assert sorted(alerts(browser)) == ["host", "name", "password"]
    assert browser.find_element(By.ID, "user").get_attribute("value") == "roof"
    assert browser.find_element(By.CSS_SELECTOR, "input[value=home]").is_selected()

    put(browser, password=HOME["home"], host=broker.host, name="porch")
    send(browser)  # the secret is the one that was entered before
    until(lambda: browser.find_elements(By.CSS_SELECTOR, "li.now"), "the test")
    until(lambda: "user" in alerts(browser), "the broker's refusal")
    assert "refuses the log-in" in alerts(browser)["user"]

    put(browser, secret="right-secret")
    send(browser)
    with Witness(broker, "eye", "glass") as witness:
        until(lambda: "porch works" in browser.page_source, "the end of the test")
        assert witness.first("ha/porch/status") == "online"
    assert json.loads((board.firmware / "config.json").read_text())["name"] == "porch"
    assert json.loads((board.firmware / "secrets.json").read_text())["broker"] == {"password": "right-secret"}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_page_fits_a_phone_and_can_be_read_and_used_by_everyone(browse, dark):
    _, browser = browse(dark=dark)
    assert browser.execute_script("return document.documentElement.scrollWidth") <= WIDTH
    assert browser.execute_script("return innerHeight") == HEIGHT
    for field in browser.find_elements(By.CSS_SELECTOR, "input"):
        assert field.accessible_name or not field.is_displayed(), field.get_attribute("outerHTML")
    for target in browser.find_elements(By.CSS_SELECTOR, "button, label.n, input:not([type=radio])"):
        assert not target.is_displayed() or target.rect["height"] >= 44, target.get_attribute("outerHTML")
    low = [pair for pair in browser.execute_script(_CONTRASTS) if pair[1] < 4.5]
    assert low == []


# The contrast of each piece of text against what is behind it, by WCAG 2.1.
_CONTRASTS = """
const rgb = c => c.match(/[\\d.]+/g).map(Number);
const linear = v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
const light = c => [0, 1, 2].map(i => linear(c[i] / 255))
  .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
const behind = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor);
  if (c.length < 4 || c[3] > .99) return c; } return [255, 255, 255] };
return [...document.querySelectorAll('h1,p,legend,label,span,small,button,footer,b,input')]
  .filter(e => e.offsetParent && e.textContent.trim() || e.value)
  .map(e => { const [a, b] = [light(rgb(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
    return [e.outerHTML.slice(0, 80), (a + .05) / (b + .05)] });
"""


def test_a_password_is_shown_only_to_who_asks_and_another_network_has_a_field_of_its_own(browse):
    _, browser = browse()
    put(browser, password="open sesame")
    field = browser.find_element(By.ID, "password")
    assert field.get_attribute("type") == "password"
    browser.find_element(By.CSS_SELECTOR, "[aria-label='Show the password']").click()
    assert field.get_attribute("type") == "text"
    other = browser.find_element(By.ID, "other")
    assert not other.is_displayed()
    browser.find_element(By.ID, "o").click()
    assert other.is_displayed()


def test_the_enter_key_tests_and_what_is_in_the_air_does_no_harm(browse):
    _, browser = browse()
    browser.find_element(By.ID, "host").send_keys("here", Keys.ENTER)
    until(lambda: "ssid" in alerts(browser), "the answer")
    assert browser.find_elements(By.CSS_SELECTOR, "img") == []
    assert [entry for entry in browser.get_log("browser") if "favicon" not in entry["message"]] == []
