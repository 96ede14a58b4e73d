"""A page in headless Chromium, used as a person does."""

import base64
import io
import json
import shutil
import time
import urllib.request
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

HOSTILE = "</script><script>window.hit = 1</script><img src=x onerror='window.hit = 2'>"
"""A text that a page must show as text."""
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--force-prefers-reduced-motion",
    "--window-size=1300,950",
]
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the key of a reference to an element in WebDriver
ENTER, ESCAPE, LEFT = "\ue007", "\ue00c", "\ue012"


class Browser:
    """A page in Chromium, driven through chromedriver's WebDriver interface."""

    def __init__(self, port: int, profile: Path) -> None:
        self._root = f"http://127.0.0.1:{port}"
        options = {"args": [*FLAGS, f"--user-data-dir={profile}"], "binary": shutil.which("chromium")}
        wanted = {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        session = self._call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self._root += f"/session/{session['sessionId']}"

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._root + path, data, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def open(self, address: str) -> None:
        self._call("POST", "/url", {"url": "about:blank"})  # else a new fragment would not load the page again
        self._call("POST", "/url", {"url": address})

    def run(self, code: str) -> Any:
        return self._call("POST", "/execute/sync", {"script": f"return {code}", "args": []})

    def wait(self, code: str, seconds: float = 30) -> Any:
        """The first true value of `code`."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if value := self.run(code):
                return value
            time.sleep(0.05)
        raise AssertionError(f"never true: {code}; the page says {self.run('document.body.innerText')[:2000]}")

    def find(self, selector: str) -> str:
        return self._call("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]

    def click(self, selector: str) -> None:
        self._call("POST", f"/element/{self.find(selector)}/click", {})

    def type(self, selector: str, text: str) -> None:
        self._call("POST", f"/element/{self.find(selector)}/value", {"text": text})

    def press(self, key: str) -> None:
        actions = [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        self._call("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def drag(self, selector: str, right: int, down: int) -> None:
        middle = {ELEMENT: self.find(selector)}
        actions = [
            {"type": "pointerMove", "duration": 0, "origin": middle, "x": 0, "y": 0},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerMove", "duration": 100, "origin": middle, "x": right, "y": down},
            {"type": "pointerUp", "button": 0},
        ]
        self._call("POST", "/actions", {"actions": [{"type": "pointer", "id": "mouse", "actions": actions}]})

    def picture(self, selector: str) -> np.ndarray:
        """What an element looks like, RGB [height, width, 3]."""
        data = base64.b64decode(self._call("GET", f"/element/{self.find(selector)}/screenshot"))
        return np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)

    def resize(self, width: int, height: int) -> None:
        self._call("POST", "/window/rect", {"width": width, "height": height})

    def complaints(self) -> list[str]:
        """Errors of the page since the last call."""
        return [entry["message"] for entry in self._call("POST", "/se/log", {"type": "browser"})]

    def close(self) -> None:
        self._call("DELETE", "")
