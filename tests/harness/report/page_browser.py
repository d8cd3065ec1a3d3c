#!/usr/bin/env python3
"""Pages in headless Chromium at desktop and phone width. Usage: page_browser.py FOLDER PAGE...

A copy of each page gets page_checks.js behind its own script; what that finds is read from the dumped document.
Screenshots stay in the folder. Exit 77 when there is no Chromium."""
import html
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
WIDTHS = {"desktop": (1280, 1600), "phone": (390, 1600)}
LISTEN = """<script>
window.pageProblems = [];
addEventListener("error", (event) => pageProblems.push("error: " + event.message));
addEventListener("unhandledrejection", (event) => pageProblems.push("rejected: " + event.reason));
for (const kind of ["error", "warn"]) console[kind] = (...words) => pageProblems.push(kind + ": " + words.join(" "));
</script>
"""


def run(browser, profile, size, *arguments):
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--mute-audio",
               "--no-first-run", "--user-data-dir=" + profile, "--window-size=%d,%d" % size, *arguments]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=120, check=False)
    return done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")


def check_page(browser, profile, page, size):
    text = page.read_text(encoding="utf-8")
    checks = pathlib.Path(__file__).with_name("page_checks.js").read_text(encoding="utf-8")
    text = text.replace("<head>\n", "<head>\n" + LISTEN, 1)
    text = text.replace("</body>", "<script>\n%s</script>\n</body>" % checks, 1)
    copy = pathlib.Path(profile) / page.name
    copy.write_text(text, encoding="utf-8")
    document, messages = run(browser, profile, size, "--virtual-time-budget=5000", "--dump-dom", copy.as_uri())
    found = re.search(r'<pre id="checks">(\{.*?)</pre>', document, re.S)
    if not found:
        return ["the checks did not end: %s" % messages[-600:]]
    result = json.loads(html.unescape(found.group(1)))
    if result["width"] != size[0]:
        result["problems"].append("the window is %s wide" % result["width"])
    return result["problems"]


def main():
    browser = next((found for found in map(shutil.which, BROWSERS) if found), None)
    if not browser:
        print("skipped: no Chromium (Debian: apt-get install chromium-headless-shell)")
        return 77
    folder = pathlib.Path(sys.argv[1]).resolve()
    failed = len(sys.argv) < 3
    for name in sys.argv[2:]:
        page = folder / name
        for kind, size in WIDTHS.items():
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
                picture = page.with_name("%s-%s.png" % (page.stem, kind))
                picture.unlink(missing_ok=True)
                run(browser, profile, size, "--screenshot=" + str(picture), page.as_uri())
                problems = check_page(browser, profile, page, size)
                if not picture.exists() or picture.stat().st_size < 10000:
                    problems.append("no screenshot")
            for problem in problems[:20]:
                print("%s, %s: %s" % (name, kind, problem))
            print("%s, %s: %d problems" % (name, kind, len(problems)))
            failed = failed or bool(problems)
    return int(failed)


sys.exit(main())
