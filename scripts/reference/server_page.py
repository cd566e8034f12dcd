#!/usr/bin/env python3
"""The server's page in a real browser: files, the microphone, and labels, by keys as a person would.

    server_page.py HTTP_PORT CLIP FOLDER [SHOTS]

CLIP is a WAV with speech. FOLDER is what the server was started with (--label), with at least three
WAVs and no text yet: texts are written there. SHOTS is a folder for screenshots. Needs selenium,
chromium and chromedriver; ends with status 77 where a browser is missing. scripts/server-test runs it.
"""
import base64
import json
import os
import pathlib
import shutil
import sys
import time
import urllib.error
import urllib.request

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
checks = 0

# A browser without a screen has no microphone: this one says what the clip says, once.
microphone = """
const bytes = Uint8Array.from(atob('SOUND'), letter => letter.charCodeAt(0)).buffer
if (navigator.mediaDevices) Object.defineProperty(navigator.mediaDevices, 'getUserMedia', { value: async () => {
  const context = new AudioContext()
  const source = context.createBufferSource()
  source.buffer = await context.decodeAudioData(bytes.slice(0))
  source.onended = () => { window.saidAll = true }
  const stream = context.createMediaStreamDestination()
  source.connect(stream)
  source.start()
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
    global checks
    checks += 1
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


def try_file():
    browser.execute_script(dropped, sound)
    words = until(lambda: texts(".word"), "a dropped file gives words")
    browser.find_elements(By.CSS_SELECTOR, ".word")[len(words) // 2].click()
    until(lambda: texts(".word.lit"), "a word is lit while it plays")
    until(lambda: int(browser.find_element(By.CSS_SELECTOR, "canvas").get_attribute("width")) > 100,
          "the sound is drawn")
    look("try")
    folder = "/tmp" if not shots else shots
    browser.execute_cdp_cmd("Browser.setDownloadBehavior",
                            {"behavior": "allow", "downloadPath": folder})
    path = pathlib.Path(folder, "dropped.srt")
    path.unlink(missing_ok=True)
    browser.find_element(By.CSS_SELECTOR, "[aria-label='Download SRT']").click()
    until(path.exists, "subtitles are downloaded")
    check("-->" in path.read_text(), "they have times")
    path.unlink()
    browser.find_element(By.CSS_SELECTOR, ".remove").click()
    check(not texts("#results .card"), "a result is removed")
    browser.execute_script(dropped, base64.b64encode(b"no sound at all").decode())
    check(until(lambda: texts(".body .fault"), "what is no sound is refused")[0], "in a sentence")
    browser.find_element(By.CSS_SELECTOR, ".remove").click()
    return words


def try_microphone():
    by_id("record").click()
    seen = []

    def told():
        words = texts(".committed, .open")
        if words and words != seen[-1:]:
            seen.append(words)
        return browser.execute_script("return window.saidAll")
    until(told, "the microphone is recorded to the end", 60)
    check(any(open_ for _, open_ in filter(lambda w: len(w) == 2, seen)), "words come while one speaks")
    committed = [words[0] for words in seen if words]
    check(all(later.startswith(word) for word, later in zip(committed, committed[1:])),
          "committed words never change")
    time.sleep(0.5)
    by_id("record").click()
    until(lambda: texts(".word"), "the recording gets times")
    browser.find_element(By.CSS_SELECTOR, ".remove").click()


def label():
    open_tab("label")
    until(lambda: len(texts(".clips li.open")) >= 3 and "still" not in by_id("counts").text,
          "the clips are recognised", 120)
    until(lambda: by_id("text").is_displayed(), "a clip is shown")
    doubts = [int(mark.split()[0]) for mark in texts(".clips li.open .mark")]
    check(doubts == sorted(doubts, reverse=True), "the most doubtful come first")
    by_id("text").click()
    press(Keys.CONTROL, Keys.HOME)
    press(Keys.TAB)
    word = selected()
    check(word and " " not in word, "Tab selects an unsure word")
    look("label")
    press(Keys.CONTROL, " ")
    until(lambda: browser.find_elements(By.CSS_SELECTOR, ".play.plays"), "the word plays")
    saved = []
    for number in range(3):
        name = by_id("clip-name").text
        text = f"{value()} corrected {number}"
        press(Keys.CONTROL, Keys.END)
        ActionChains(browser).send_keys(f"  corrected {number} ").perform()
        press(Keys.CONTROL, Keys.ENTER)
        until(lambda: by_id("clip-name").text != name, "the next clip is shown")
        path = (folder / name).with_suffix(".txt")
        check(path.read_text() == text.strip() + "\n", f"{path} holds what was typed")
        saved.append(path)
    check(by_id("counts").text.startswith("3 of"), "they are counted")

    name = by_id("clip-name").text
    press(Keys.ALT, "r")
    until(lambda: by_id("clip-name").text != name or "rejected" in by_id("clip-meta").text, "it is rejected")
    check("1 rejected" in by_id("counts").text, "and counted")
    by_id("undo").click()
    until(lambda: by_id("clip-name").text == name and "rejected" not in by_id("counts").text, "it is undone")

    # The page is loaded anew: what can be undone stands in the folder.
    open_tab("label")
    until(lambda: by_id("undo").is_enabled(), "a new page can undo")
    until(lambda: by_id("text").is_displayed(), "a clip is shown")
    by_id("text").click()
    press(Keys.CONTROL, "z")
    until(lambda: not saved[2].exists(), "the last label is gone")
    until(lambda: by_id("clip-name").text == saved[2].with_suffix(".wav").name, "its clip is shown")

    # Somebody else writes the label meanwhile.
    saved[2].write_text("by another\n")
    press(Keys.CONTROL, Keys.ENTER)
    until(lambda: "changed" in by_id("label-fault").text, "what changed is not replaced")
    check(saved[2].read_text() == "by another\n", "and stays as it is")
    journal = (folder / ".stapes-labels.jsonl").read_text().splitlines()
    check([json.loads(line)["action"] for line in journal]
          == ["save", "save", "save", "reject", "undo", "undo"], "the journal tells all")


def refuse_others():
    """What other pages in somebody's browser could send."""
    def status(method, path, body=None, **headers):
        asked = urllib.request.Request(address + path, method=method, data=body, headers={
            name.replace("_", "-"): value for name, value in headers.items()})
        try:
            with urllib.request.urlopen(asked) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
    save = b'{"text":"x","shown":null}'
    foreign = {"Origin": "http://other.example"}
    check(status("GET", "label/clips") == 200, "programs may look")
    check(status("GET", "label/clips", **foreign) == 403, "other pages may not look")
    check(status("POST", "label/clips/0", save, Content_Type="application/json", **foreign) == 403,
          "nor save")
    check(status("POST", "label/clips/0", save, Content_Type="text/plain") == 415,
          "a form cannot save")
    check(status("GET", "label/clips", Host="other.example") == 403, "nor can a rebound name")
    check(status("GET", "label/clips/..%2F..%2Fetc%2Fpasswd") == 404, "a path names no clip")
    check(status("GET", "label/clips/%2Fetc%2Fpasswd/sound") == 404, "nor its sound")
    policy = urllib.request.urlopen(address).headers["Content-Security-Policy"]
    check("default-src 'self'" in policy and "unsafe" not in policy, "the policy is strict")


refuse_others()
browser = start()
try:
    open_tab("try")
    try_file()
    try_microphone()
    label()
    # What a test made wrong on purpose is reported by browsers as a failed request.
    messages = [entry["message"] for entry in browser.get_log("browser")]
    strange = [text for text in messages if "400" not in text and "409" not in text]
    check(not strange, f"the browser complains: {strange}")
finally:
    browser.quit()
print(f"{checks} checks of the page pass")
