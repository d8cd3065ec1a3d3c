#!/usr/bin/env python3
"""Pages are well-formed, self-contained and accessible, by Python's own HTML parser. Usage: page_valid.py PAGE..."""
import re
import sys
from html.parser import HTMLParser

VOID = {"br", "circle", "hr", "img", "input", "link", "meta", "path", "rect", "stop", "use"}
OPTIONAL_SELF_CLOSING = {"circle", "path", "rect", "use", "line", "polygon", "polyline", "ellipse", "stop"}


class Page(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open = []
        self.problems = []
        self.ids = {}
        self.targets = []
        self.counts = {}
        self.headings = []
        self.label_texts = 0

    def problem(self, text):
        self.problems.append("line %d: %s" % (self.getpos()[0], text))

    def handle_starttag(self, tag, attributes, closed=False):
        values = dict(attributes)
        self.counts[tag] = self.counts.get(tag, 0) + 1
        if len(values) != len(attributes):
            self.problem("an attribute of <%s> stands twice" % tag)
        if "id" in values:
            if values["id"] in self.ids:
                self.problem("id %s stands twice" % values["id"])
            self.ids[values["id"]] = tag
        self.check_links(tag, values)
        self.check_access(tag, values)
        if tag in ("h1", "h2", "h3"):
            self.headings.append(int(tag[1]))
        if tag not in VOID and not closed:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        if tag not in OPTIONAL_SELF_CLOSING:
            self.problem("<%s/> closes itself" % tag)
        self.handle_starttag(tag, attributes, closed=True)

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.problem("</%s> closes %s" % (tag, self.open[-1:] or "nothing"))
        else:
            self.open.pop()

    def check_links(self, tag, values):
        for name in ("href", "src", "xlink:href", "action", "data", "poster", "srcset"):
            value = values.get(name)
            if value is None or value == "data:,":
                continue
            if value.startswith("#"):
                self.targets.append((value[1:], self.getpos()[0]))
            else:
                self.problem("<%s %s> leads out of the page: %s" % (tag, name, value))
        for name in values:
            if name.startswith("on"):
                self.problem("<%s> has the handler %s" % (tag, name))

    def check_access(self, tag, values):
        if tag == "th" and values.get("scope") not in ("row", "col"):
            self.problem("<th> without scope")
        if tag == "svg" and not (values.get("role") == "img" and values.get("aria-label")):
            self.problem("a picture without a label")
        if tag == "input" and "label" not in self.open:
            self.problem("an input outside of a label")
        if tag == "html" and not values.get("lang"):
            self.problem("no language")

    def finish(self, text):
        if self.open:
            self.problem("never closed: %s" % self.open)
        for target, line in self.targets:
            if target not in self.ids:
                self.problems.append("line %d: nothing has the id %s" % (line, target))
        for tag in ("title", "main", "h1", "table", "caption"):
            if self.counts.get(tag) != 1:
                self.problems.append("%s <%s> where one has to be" % (self.counts.get(tag, 0), tag))
        for before, after in zip(self.headings, self.headings[1:]):
            if after > before + 1:
                self.problems.append("h%d follows h%d" % (after, before))
        if not text.startswith("<!DOCTYPE html>\n"):
            self.problems.append("no doctype")
        for style in re.findall(r"<style>(.*?)</style>", text, re.S):
            if re.search(r"url\(|@import", style):
                self.problems.append("the style loads something")
        if "{{" in re.sub(r"\{\{title\}\}", "", text):
            self.problems.append("a tag of the template was not filled")


def main():
    failed = False
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as file:
            text = file.read()
        page = Page()
        page.feed(text)
        page.close()
        page.finish(text)
        for problem in page.problems:
            print("%s: %s" % (path, problem))
        failed = failed or bool(page.problems)
        print("%s: %d elements, %d links" % (path, sum(page.counts.values()), len(page.targets)))
    return failed or len(sys.argv) < 2


sys.exit(main())
