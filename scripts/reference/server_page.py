#!/usr/bin/env python3
"""The server's page in a real browser: files, the microphone, and labels, by keys as a person would.

    server_page.py HTTP_PORT CLIP FOLDER [SHOTS]
    server_page.py --learn HTTP_PORT CLIP FOLDER [SHOTS]

CLIP is a WAV with speech. FOLDER is what the server was started with (--label), with at least three
WAVs and no text yet: texts are written there. With --learn it has labelled clips of digits instead, and a
model learns from them. SHOTS is a folder for screenshots. Needs selenium,
chromium and chromedriver; ends with status 77 where a browser is missing. scripts/server-test runs it.
"""
import base64
import pathlib
import time
import urllib.error
import urllib.request

from server_browser import *  # noqa: F403
from server_workbench import label, learn, record_sentence, split


def try_file():
    browser.execute_script(dropped, sound)
    words = until(lambda: texts(".word"), "a dropped file gives words")
    browser.find_elements(By.CSS_SELECTOR, ".word")[len(words) // 2].click()
    until(lambda: texts(".word.lit"), "a word is lit while it plays")
    until(lambda: int(browser.find_element(By.CSS_SELECTOR, "canvas").get_attribute("width")) > 100,
          "the sound is drawn")
    letters = until(lambda: texts(".letters span"), "letters stand under the sound")
    rest = iter("".join(texts(".word")))
    check(all(letter in rest for letter in letters), f"they are those of the words, in order: {letters}")
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
    check(status("POST", "learn", b'{"epochs":1}', Content_Type="application/json", **foreign) == 403,
          "other pages may not train")
    check(status("POST", "learn/keep", b"{}", Content_Type="application/json", **foreign) == 403, "nor keep")
    check(status("POST", "label/recordings?sentence=1&rate=8000", b"ab", Content_Type="application/octet-stream",
                 **foreign) == 403, "nor record")
    check(status("POST", "label/recordings?sentence=1&rate=8000", b"ab", Content_Type="text/plain") == 415,
          "and no form can")
    check(status("GET", "label/clips", Host="other.example") == 403, "nor can a rebound name")
    check(status("GET", "label/clips/..%2F..%2Fetc%2Fpasswd") == 404, "a path names no clip")
    check(status("GET", "label/clips/%2Fetc%2Fpasswd/sound") == 404, "nor its sound")
    policy = urllib.request.urlopen(address).headers["Content-Security-Policy"]
    check("default-src 'self'" in policy and "unsafe" not in policy, "the policy is strict")


refuse_others()
try:
    if learns:
        learn()
    else:
        open_tab("try")
        try_file()
        try_microphone()
        label()
        split()
        record_sentence()
    # What a test made wrong on purpose is reported by browsers as a failed request.
    messages = [entry["message"] for entry in browser.get_log("browser")]
    strange = [text for text in messages if "400" not in text and "409" not in text]
    check(not strange, f"the browser complains: {strange}")
finally:
    browser.quit()
print(f"{len(checks)} checks of the page pass")
