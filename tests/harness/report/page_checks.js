// Runs inside a page, behind its own script; leaves what it found as JSON in <pre id="checks">.
"use strict";
(async () => {
  const problems = window.pageProblems; // errors and console messages since the page began
  const check = (holds, text) => { if (!holds) problems.push(text); };
  const root = document.documentElement;
  const settle = () => new Promise((resolve) => setTimeout(resolve, 20));

  // Nothing but boxes with their own scroll bar may be wider than the window.
  check(root.scrollWidth <= innerWidth, `the page is ${root.scrollWidth} wide in a window of ${innerWidth}`);
  const parts = document.querySelectorAll("body > *, main > *, main > section > *");
  for (const part of parts) {
    const right = part.getBoundingClientRect().right;
    check(right <= innerWidth + 1 || part.closest(".hidden, .skip, nav"), `${part.tagName}.${part.className} ends at ${right}`);
  }

  // Every column sorts, up and down, with what has no value last.
  const table = document.getElementById("table");
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const numeric = head.classList.contains("number");
    for (let click = 0; click < 2; ++click) {
      head.querySelector("button").click();
      const order = head.getAttribute("aria-sort");
      const sign = order === "ascending" ? 1 : order === "descending" ? -1 : NaN;
      const values = [...table.tBodies[0].rows].map((row) => row.cells[column].dataset.sort);
      for (let i = 1; i < values.length; ++i) {
        const [a, b] = [values[i - 1], values[i]];
        const right = b === "" || (a !== "" && sign * (numeric ? a - b : a.localeCompare(b, "en", { numeric: true })) <= 0);
        check(right, `${head.dataset.key} ${order}: "${a}" stands before "${b}"`);
      }
    }
  });
  check(heads.filter((head) => head.getAttribute("aria-sort") !== "none").length === 1, "several columns say they sort");

  // The filter keeps rows with all words, the box those that are not PASS.
  const filter = document.getElementById("filter");
  const only = document.getElementById("only");
  const rows = [...table.tBodies[0].rows];
  const visible = () => rows.filter((row) => row.getClientRects().length > 0);
  filter.value = "QKV tuned";
  filter.dispatchEvent(new Event("input"));
  const tuned = rows.filter((row) => /qkv/.test(row.textContent) && /tuned/.test(row.textContent));
  check(visible().length === tuned.length && tuned.length < rows.length, `the filter shows ${visible().length} rows`);
  check(document.getElementById("shown").textContent.startsWith(`${tuned.length} of ${rows.length}`), "wrong count");
  filter.value = "";
  only.click();
  check(visible().every((row) => row.dataset.passed === "no"), "a PASS is shown where only others should be");
  check(visible().length > 0, "nothing is shown that is not PASS");
  only.click();
  check(visible().length === rows.length, "rows stay hidden");

  // A link from a row opens its details.
  const link = visible()[0].querySelector("th a");
  const details = document.getElementById(link.hash.slice(1));
  check(!details.open, "details are open before anybody asked");
  link.click();
  await settle();
  check(details.open, "the link from a row does not open its details");
  document.querySelectorAll("details").forEach((each) => { each.open = true; });

  // Contrast of every text with what it stands on, in both themes.
  const channels = (colour) => {
    const numbers = colour.match(/[\d.]+/g).map(Number);
    return colour.startsWith("color(") ? [...numbers.slice(0, 3).map((n) => 255 * n), numbers[3] ?? 1]
                                       : [...numbers.slice(0, 3), numbers[3] ?? 1];
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((n) => n / 255).map((n) => (n <= 0.04045 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const colour = channels(getComputedStyle(each).backgroundColor);
      if (colour[3] > 0.99) return colour;
    }
    return [255, 255, 255, 1];
  };
  const measure = (element, colour, least, theme) => {
    const [a, b] = [luminance(channels(colour).slice(0, 3)), luminance(ground(element).slice(0, 3))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    check(contrast >= least, `${theme}: contrast ${contrast.toFixed(2)} of <${element.tagName} class=${element.getAttribute("class")}>`
      + ` "${element.textContent.trim().slice(0, 30)}" ${colour}`);
  };
  const button = document.getElementById("theme");
  let measured = 0;
  for (const theme of ["light", "dark"]) {
    for (let i = 0; i < 3 && root.dataset.theme !== theme; ++i) button.click();
    check(root.dataset.theme === theme && button.textContent.includes(theme), `the button does not reach ${theme}`);
    for (const element of document.querySelectorAll("body *:not(script, style, pre)")) {
      const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
      if (!own || element.getClientRects().length === 0 || element.closest(".hidden")) continue;
      const style = getComputedStyle(element);
      measure(element, element.closest("svg") ? style.fill : style.color, 4.5, theme);
      ++measured;
    }
    // Lines and areas of the plots.
    for (const element of document.querySelectorAll("svg [stroke*='--series'], svg [fill*='--series']")) {
      const style = getComputedStyle(element);
      measure(element, style.stroke === "none" ? style.fill : style.stroke, 3, theme);
    }
  }
  check(luminance(ground(document.body)) < 0.1, "the dark theme is not dark");
  check(measured > 200, `only ${measured} texts were looked at`);

  const result = document.createElement("pre");
  result.id = "checks";
  result.textContent = JSON.stringify({ problems, measured, rows: rows.length, width: innerWidth });
  document.body.append(result);
})();
