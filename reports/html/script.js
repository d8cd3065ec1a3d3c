// Sorting, filtering, theme and opening of details. Without it the page shows everything all the same.
"use strict";
(() => {
  const table = document.getElementById("table");
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];

  // Numbers by size, texts with numbers in them by their numbers too; what has no value goes last either way.
  const collator = new Intl.Collator("en", { numeric: true });
  const compare = (a, b, numeric) => (numeric ? a - b : collator.compare(a, b));

  function sortBy(column, descending) {
    const numeric = heads[column].classList.contains("number");
    const direction = descending ? -1 : 1;
    const keyed = [...body.rows].map((row) => [row.cells[column].dataset.sort, row]);
    keyed.sort(([a], [b]) => {
      if (a === "" || b === "") return (a === "") - (b === "");
      return direction * compare(a, b, numeric);
    });
    body.append(...keyed.map(([, row]) => row));
    heads.forEach((head, i) => {
      head.setAttribute("aria-sort", i !== column ? "none" : descending ? "descending" : "ascending");
    });
  }

  heads.forEach((head, column) => {
    const button = document.createElement("button");
    const title = document.createElement("span");
    title.textContent = head.firstChild.textContent;
    head.firstChild.replaceWith(title);
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    head.setAttribute("aria-sort", "none");
    button.addEventListener("click", () => {
      const now = head.getAttribute("aria-sort");
      // Figures interest from the top, names from A.
      const first = head.classList.contains("number") ? "descending" : "ascending";
      sortBy(column, now === "none" ? first === "descending" : now === "ascending");
    });
  });

  const filter = document.getElementById("filter");
  const only = document.getElementById("only");
  const shown = document.getElementById("shown");
  function applyFilter() {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const row of body.rows) {
      const text = row.textContent.toLowerCase();
      const keep = words.every((word) => text.includes(word)) && (!only.checked || row.dataset.passed !== "yes");
      row.hidden = !keep;
      count += keep;
    }
    shown.textContent = `${count} of ${body.rows.length} shown`;
  }
  filter.addEventListener("input", applyFilter);
  only.addEventListener("change", applyFilter);
  document.querySelector(".tools").hidden = false;

  // A table that fits needs no scrolling box, and its head can then stay in sight.
  const box = table.parentElement;
  function fit() {
    box.classList.remove("fits");
    box.classList.toggle("fits", table.scrollWidth <= box.clientWidth);
  }
  addEventListener("resize", fit);
  fit();

  const theme = document.getElementById("theme");
  const themes = ["auto", "light", "dark"];
  function setTheme(name) {
    if (name === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = name;
    theme.lastElementChild.textContent = name;
    try { localStorage.setItem("w4bench-theme", name); } catch { /* not kept then */ }
  }
  theme.hidden = false;
  theme.addEventListener("click", () => {
    setTheme(themes[(themes.indexOf(theme.lastElementChild.textContent) + 1) % themes.length]);
  });

  // Ids break at their slashes rather than in a word.
  for (const code of document.querySelectorAll("code")) {
    const parts = code.textContent.split("/");
    if (parts.length > 1) code.replaceChildren(...parts.flatMap((part, i) => (i ? ["/", document.createElement("wbr"), part] : [part])));
  }

  function openTarget() {
    const target = document.getElementById(location.hash.slice(1));
    if (target?.tagName === "DETAILS") {
      target.open = true;
      target.scrollIntoView();
    }
  }
  addEventListener("hashchange", openTarget);
  // On paper: the details of what needs attention; the others would be a sheet each.
  addEventListener("beforeprint", () => {
    document.querySelectorAll("details:has(summary .bad, summary .warn)").forEach((each) => { each.open = true; });
  });

  // A view can be linked: ?sort=tflops, ?sort=-tflops (from the top), ?filter=tuned, ?only=1, ?theme=dark.
  const query = new URLSearchParams(location.search);
  let kept = null;
  try { kept = localStorage.getItem("w4bench-theme"); } catch { /* none kept */ }
  const wanted = query.get("theme") ?? kept;
  if (themes.includes(wanted)) setTheme(wanted);
  const sort = query.get("sort");
  const column = sort ? heads.findIndex((head) => head.dataset.key === sort.replace(/^-/, "")) : -1;
  if (column >= 0) sortBy(column, sort.startsWith("-"));
  filter.value = query.get("filter") ?? "";
  only.checked = query.has("only");
  applyFilter();
  openTarget();
})();
