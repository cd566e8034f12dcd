"""The browser in which the server's page is tried, and what its tests share; see server_page.py."""
import base64
import json
import os
import pathlib
import shutil
import sys
import time
import urllib.error
import urllib.request
import wave

learns = sys.argv[1] == "--learn"
if learns:
    del sys.argv[1]
port, clip, folder = int(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
shots = sys.argv[4] if len(sys.argv) > 4 else None
programs = shutil.which("chromium"), shutil.which("chromedriver")
if not all(programs):
    print("skipped: there is no chromium with chromedriver")
    sys.exit(77)

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

address = f"http://127.0.0.1:{port}/"
sound = base64.b64encode(pathlib.Path(clip).read_bytes()).decode()
checks = []

# A browser without a screen has no microphone: this one says what the clip says, once.
microphone = """
const bytes = Uint8Array.from(atob('SOUND'), letter => letter.charCodeAt(0)).buffer
if (navigator.mediaDevices) Object.defineProperty(navigator.mediaDevices, 'getUserMedia', { value: async () => {
  const context = new AudioContext()
  const source = context.createBufferSource()
  source.buffer = await context.decodeAudioData(bytes.slice(0))
  source.onended = () => { window.saidAll = true }
  const stream = context.createMediaStreamDestination()
  const gain = context.createGain()
  gain.gain.value = window.gain ?? 1
  source.connect(gain).connect(stream)
  source.start(0, 0, window.soundLength)
  return stream.stream
} })
"""

dropped = """
const bytes = Uint8Array.from(atob(arguments[0]), letter => letter.charCodeAt(0))
const data = new DataTransfer()
data.items.add(new File([bytes], 'dropped.wav', { type: 'audio/wav' }))
document.getElementById('drop').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true }))
"""


def check(condition, what):
    checks.append(what)
    if not condition:
        if shots:
            browser.save_screenshot(f"{shots}/failed.png")
        sys.exit(f"failed: {what}")


def until(condition, what, seconds=30):
    """Waits for what a condition gives, and checks that it comes."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            check(True, what)
            return value
        time.sleep(0.05)
    check(False, what)


def start():
    options = Options()
    options.binary_location = programs[0]
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                     "--autoplay-policy=no-user-gesture-required"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = webdriver.Chrome(options=options, service=Service(programs[1]))
    browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument",
                            {"source": microphone.replace("SOUND", sound)})
    return browser


def look(name):
    """Takes screenshots, light and dark, wide and narrow; nothing may be wider than the screen."""
    for width, height in (1280, 900), (390, 844):
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500})
        for scheme in "dark", "light":
            browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {
                "features": [{"name": "prefers-color-scheme", "value": scheme}]})
            time.sleep(0.3)
            if shots:
                browser.save_screenshot(f"{shots}/{name}-{width}-{scheme}.png")
        wide = browser.execute_script("return document.documentElement.scrollWidth")
        check(wide <= width, f"{name} is {wide} wide on a screen of {width}")
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def texts(selector):
    return [element.text for element in browser.find_elements(By.CSS_SELECTOR, selector)]


def by_id(name):
    return browser.find_element(By.ID, name)


def value():
    return by_id("text").get_property("value")


def selected():
    return browser.execute_script(
        "const t = document.getElementById('text'); return t.value.slice(t.selectionStart, t.selectionEnd)")


def press(*keys):
    chain = ActionChains(browser)
    for key in keys[:-1]:
        chain.key_down(key)
    chain.send_keys(keys[-1])
    for key in keys[-2::-1]:
        chain.key_up(key)
    chain.perform()


def open_tab(name):
    browser.get("about:blank")
    browser.get(f"{address}#{name}")
    until(lambda: browser.execute_script("return document.body.dataset.ready") == "yes", "the page loads")


browser = start()
