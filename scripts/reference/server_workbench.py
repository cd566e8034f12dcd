"""The tabs of the server's page for a folder of clips: Label, Record and Learn; server_page.py runs this."""
import json
import os
import pathlib
import subprocess
import time
import urllib.request
import wave

from server_browser import *  # noqa: F403


def label():
    open_tab("label")
    until(lambda: len(texts(".clips li.open")) >= 3 and "still" not in by_id("counts").text,
          "the clips are recognised", 120)
    until(lambda: by_id("text").is_displayed(), "a clip is shown")
    selected_clips = subprocess.run([os.environ["STAPES"], "select", folder, "--count", "100", "--quiet"],
                                    check=True, capture_output=True, text=True).stdout.splitlines()
    check(texts(".clips li.open .name") == [pathlib.Path(line.split("\t")[1]).name for line in selected_clips],
          "clips come in the order of `stapes select`")
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
    saved[2].unlink()


def split():
    open_tab("label")
    until(lambda: by_id("text").is_displayed() and value(), "a clip is shown")
    name = by_id("clip-name").text
    by_id("text").click()
    press(Keys.CONTROL, Keys.HOME)
    press(Keys.ALT, "s")
    until(lambda: "cursor" in by_id("text-note").text, "nothing is split at the beginning")
    words = value().split()
    for _ in range(2):
        press(Keys.CONTROL, Keys.ARROW_RIGHT)
    press(Keys.ARROW_RIGHT)
    press(Keys.ALT, "s")
    until(lambda: by_id("clip-name").text == name.replace(".wav", "-a.wav"), "the first part is shown")
    parts = [folder / name.replace(".wav", f"-{part}.txt") for part in "ab"]
    check(" ".join(part.read_text().strip() for part in parts).split() == words, "both have their texts")
    check(all(part.read_text().strip() for part in parts), "and none is empty")
    seconds = [wave_seconds(path) for path in (folder / name, *(p.with_suffix(".wav") for p in parts))]
    check(abs(seconds[0] - seconds[1] - seconds[2]) < 0.01 and min(seconds) > 0.1, f"and their sounds: {seconds}")
    check(name not in texts(".clips .name"), "the clip itself is not listed any more")
    by_id("undo").click()
    until(lambda: by_id("clip-name").text == name, "it is undone")
    check(not any(part.exists() or part.with_suffix(".wav").exists() for part in parts), "the parts are gone")
    by_id("text").click()
    press(Keys.CONTROL, Keys.HOME)
    press(Keys.ALT, "f")
    check(value().split() == ["[foreign]"] + words[1:], f"foreign speech is marked: {value()}")


def wave_seconds(path):
    with wave.open(str(path)) as sound:
        return sound.getnframes() / sound.getframerate()


def record_sentence():
    open_tab("recorder")
    sentence = until(lambda: by_id("sentence").text, "a sentence is shown")
    by_id("recorder-skip").click()
    sentence = until(lambda: by_id("sentence").text != sentence and by_id("sentence").text, "another is shown")
    browser.execute_script("window.soundLength = 3")
    ActionChains(browser).send_keys("r").perform()
    until(lambda: browser.execute_script("return window.saidAll"), "it is recorded", 60)
    time.sleep(0.8)
    ActionChains(browser).send_keys("r").perform()
    until(lambda: by_id("recorder-save").is_enabled(), f"it can be saved: {by_id('recorder-note').text}")
    look("record")
    by_id("recorder-save").click()
    until(lambda: by_id("sentence").text != sentence, "the next sentence is shown")
    check((folder / "recorded-0001.txt").read_text() == sentence + "\n", "the text is saved")
    check(2 < wave_seconds(folder / "recorded-0001.wav") < 3.3, "and the sound, trimmed")
    # Something too quiet, and something clipped, is not saved.
    for gain, word in (0.0005, "quiet"), (60, "loud"):
        browser.execute_script(f"window.gain = {gain}; window.saidAll = false")
        by_id("recorder-record").click()
        until(lambda: browser.execute_script("return window.saidAll"), "it is recorded", 60)
        by_id("recorder-record").click()
        until(lambda: word in by_id("recorder-note").text or "muted" in by_id("recorder-note").text, f"it is too {word}")
        check(not by_id("recorder-save").is_enabled(), "and cannot be saved")


def learn():
    open_tab("learn")
    until(lambda: by_id("learn-start").is_enabled(), "there is enough to learn from")
    by_id("learn-epochs").clear()
    by_id("learn-epochs").send_keys("1000")
    model = by_id("learn-model")
    until(lambda: "digits" in model.text, "models are listed")
    model.find_element(By.CSS_SELECTOR, "[value=digits]").click()
    by_id("learn-start").click()
    until(lambda: len(texts("#learn-curves figure")) == 2, "curves are drawn", 60)
    check(not by_id("learn-start").is_enabled(), "only one learns")
    by_id("learn-cancel").click()
    until(lambda: by_id("learn-start").is_enabled(), "it is cancelled")
    check(not list((folder / ".stapes-models").glob("*/*")), "and nothing is left of it")
    by_id("learn-epochs").clear()
    by_id("learn-epochs").send_keys("3")
    for act in "drop", "keep":
        by_id("learn-start").click()
        until(lambda: by_id("learnt").is_displayed(), "a new model is there", 60)
        check(len(texts("#learnt-rates tr")) == 2, "with errors before and after")
        if act == "drop":
            look("learn")
            by_id("learnt-try").click()
            until(lambda: by_id("model").get_property("value") == f"{folder.name}-1", "it can be tried")
            browser.execute_script(dropped, sound)
            until(lambda: texts(".body .word, .body .soft"), "it recognises")
            browser.find_element(By.ID, "tab-learn").click()
        by_id(f"learnt-{act}").click()
        until(lambda: not by_id("learnt").is_displayed(), "it is decided")
        names = [one["id"] for one in json.load(urllib.request.urlopen(address + "v1/models"))["data"]]
        check((f"{folder.name}-1" in names) == (act == "keep"), f"models are {names}")
    check((folder / f"{folder.name}-1.safetensors").stat().st_size > 1000, "it is a file of the folder")
