"use strict";
// The page is complete without this script. It adds the filter, ?lang=zh, and opens what a link names.
(() => {
  const one = (selector) => document.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const data = JSON.parse(one("#data").textContent);
  const asked = new URLSearchParams(location.search);
  const print = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, ",");
  const write = (e, words) => { if (e.textContent !== words) e.textContent = words; };
  // Keyboards have one apostrophe, one hyphen and no full-width letters; sources print several.
  const plain = (words) => words.replace(/[’‘ʼ′´`＇]/g, "'").replace(/[“”″]/g, '"').replace(/[‐-―−]/g, "-")
    .normalize("NFKD").replace(/\p{M}+/gu, "").toLowerCase().replace(/\s+/g, " ");
  const hide = (e, hidden) => { if (e.hidden !== hidden) e.hidden = hidden; };

  // language
  const radios = { en: one("#in-en"), zh: one("#in-zh") };
  const language = () => { document.documentElement.lang = radios.zh.checked ? "zh" : "en"; };
  if (radios[asked.get("lang")]) radios[asked.get("lang")].checked = true;
  Object.values(radios).forEach((radio) => radio.addEventListener("change", language));
  language();

  // a link into a folded part opens it
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (let e = target; e; e = e.parentElement) if (e.tagName === "DETAILS") e.open = true;
    target.scrollIntoView({ block: "start" });
  };
  addEventListener("hashchange", reveal);

  const records = all("details.record");
  const fold = (open) => records.forEach((card) => { card.open = open && !card.hidden; });
  one("#open-all").addEventListener("click", () => fold(true));
  one("#close-all").addEventListener("click", () => fold(false));
  one(".tools").hidden = !records.length;
  addEventListener("beforeprint", () => {
    fold(true);
    all("details.rule.failed").forEach((rule) => { rule.open = true; });
  });

  // The filter. Without a text, numbers come from the sums of all findings; with a text, from the
  // findings on this page, each counted once however often it is shown.
  const form = one("#filter");
  const boxes = all(".boxes input", form);
  const registry = one("#see-registry");
  const text = one("#see-text");
  const only = one("#see-new"); // there where the check was compared with an earlier one
  const kinds = new Map(data.groups.map(([rule, , severity, kind]) => [rule, { severity, kind }]));
  const rows = all("[data-f]").filter((row) => !row.closest("#output"));
  const inline = new Map();
  for (const row of rows) {
    const card = row.closest("details.record");
    const rule = row.closest("details.rule") || document.getElementById(decodeURIComponent(row.querySelector("a.rule").hash.slice(1)));
    const seen = inline.get(row.dataset.f) || {
      place: card ? card.dataset.g : row.dataset.g || "",
      rule: rule.dataset.rule,
      waived: row.classList.contains("waived"),
      fresh: "new" in row.dataset,
      words: rule.dataset.rule + " " + rule.querySelector("summary .title").textContent,
    };
    seen.words += " " + row.textContent;
    if (card) {
      seen.slug = card.id;
      seen.words += " " + card.querySelector("summary").textContent;
      const owners = card.querySelector(".belongs");
      if (owners) seen.words += " " + owners.textContent;
    }
    inline.set(row.dataset.f, seen);
  }
  inline.forEach((seen) => { seen.words = plain(seen.words); });

  // What each part holds, looked up once: the filter asks on every key.
  const rules = all("details.rule").filter((rule) => !rule.closest("#output")).map((rule) => ({
    rule, id: rule.dataset.rule, severity: rule.dataset.s, rows: all("[data-f]", rule),
    name: plain(rule.querySelector("summary").textContent),
    seen: all(".seen", rule), of: all(".of", rule),
  }));
  const groups = all(".group").map((group) => ({ group, rows: all("[data-f]", group) }));
  const cards = records.map((card) => ({ card, cells: all("[data-k]", card), rows: all("[data-f]", card) }));
  const flat = all(".findings.flat > li");
  const lines = all("tr[data-i]").map((row) => ({
    item: row.dataset.i, rects: all("rect", row), cells: all("td.c", row),
    share: row.querySelector(".share b"), of: row.querySelector(".share small"),
  }));

  const cells = all("[data-k]").map((cell) => ({ cell, key: cell.dataset.k, first: Number(cell.textContent.replace(/,/g, "")) }));
  const partial = data.groups.reduce((sum, group) => sum + group[4] + group[5], 0) > inline.size;

  const apply = () => {
    const severities = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    const where = registry.value;
    const words = plain(text.value).split(" ").filter(Boolean);
    const fresh = Boolean(only && only.checked);
    const on = severities.size < 3 || where !== "*" || words.length > 0 || fresh;
    const fits = (severity, place) => severities.has(severity) && (where === "*" || where === place);

    const sums = new Map();
    const add = (n, keys) => keys.forEach((key) => sums.set(key, (sums.get(key) || 0) + n));
    const matched = new Set();
    const counted = words.length > 0;
    inline.forEach(({ place, rule, waived, fresh: isNew, slug, words: own }, position) => {
      const { severity, kind } = kinds.get(rule);
      if (fresh && !isNew) return;
      if (!fits(severity, place) || !words.every((word) => own.includes(word))) return;
      matched.add(position);
      if (waived) return;
      if (fresh && !counted) add(1, [`c:${slug}:${severity}`]);
      if (!counted) return;
      add(1, ["all", "s:" + severity, "r:" + rule, `d:${kind}:${severity}`, `g:${place}:${severity}`, `c:${slug}:${severity}`]);
    });
    if (!words.length) {
      for (const [rule, place, severity, kind, found, , isNew] of data.groups) {
        if (fits(severity, place)) add(fresh ? isNew : found, ["all", "s:" + severity, "r:" + rule, `d:${kind}:${severity}`, `g:${place}:${severity}`]);
      }
    }
    for (const { cell, key, first } of cells) {
      const [scope, slug, severity] = key.split(":");
      const kept = scope === "c" && !words.length && !fresh;
      const card = kept && cell.closest("details.record");
      const n = kept ? (fits(severity, card.dataset.g) ? first : 0) : (sums.get(key) || 0);
      write(cell, print(on ? n : first));
    }

    for (const row of rows) hide(row, on && !matched.has(row.dataset.f));
    for (const { rule, id, severity, rows: own, name, seen, of } of rules) {
      const found = sums.get("r:" + id) || 0;
      const shown = own.filter((row) => !row.hidden).length;
      const idle = !own.length && severities.has(severity) && where === "*"
        && words.every((word) => name.includes(word));
      hide(rule, on && !found && !shown && !idle);
      seen.forEach((e) => write(e, print(shown)));
      of.forEach((e) => write(e, print(on ? Math.max(found, shown) : Number(e.dataset.all))));
    }
    for (const { card, cells: own, rows: mine } of cards) {
      hide(card, on && own.every((cell) => cell.textContent === "0") && !mine.some((row) => !row.hidden));
    }
    for (const { group, rows: own } of groups) hide(group, on && !own.some((row) => !row.hidden));
    const across = one("#across");
    if (across) across.hidden = on && !flat.some((row) => !row.hidden);
    one("#none-left").hidden = records.some((card) => !card.hidden);
    one("#text-note").hidden = !(words.length && partial);
    one(".six-note").hidden = !on;
    one("#filter-note").hidden = !on;
    one(".by-registry").hidden = where === "*";
    document.body.classList.toggle("filtered", on);
    if (where !== lastPlace) items(where);
    lastPlace = where;
  };
  let lastPlace = "*";

  // the 24 items follow the registry only: they count records, not findings
  const share = (part, whole) => {
    if (!whole) return "–";
    const of100 = part / whole * 100;
    if (of100 === 0 || of100 === 100) return of100 + " %";
    if (of100 < 0.01) return "<0.01 %";
    if (of100 < 0.1) return of100.toFixed(2) + " %";
    return of100 >= 99.95 ? ">99.9 %" : of100.toFixed(1) + " %";
  };
  const items = (where) => {
    const places = Object.keys(data.items).filter((key) => where === "*" || key === where);
    for (const { item, rects, cells: own, share: words, of } of lines) {
      const counts = [0, 1, 2, 3, 4, 5].map((state) =>
        places.reduce((sum, key) => sum + data.items[key][item][state], 0));
      const applicable = counts[0] + counts[1] + counts[2] + counts[3];
      let x = 0;
      rects.forEach((rect, state) => {
        const width = applicable ? counts[state] / applicable * 100 : 0;
        rect.setAttribute("x", x.toFixed(2));
        rect.setAttribute("width", width.toFixed(2));
        x += width;
      });
      own.forEach((cell, state) => {
        write(cell, print(counts[state]));
        cell.classList.toggle("zero", !counts[state]);
      });
      write(words, share(counts[0], applicable));
      write(of, print(counts[0]) + "/" + print(applicable));
    }
  };

  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  if (asked.has("severity")) {
    const chosen = asked.get("severity").split(",");
    boxes.forEach((box) => { box.checked = chosen.includes(box.value); });
  }
  if ([...registry.options].some((option) => option.value === asked.get("registry"))) registry.value = asked.get("registry");
  if (asked.has("q")) text.value = asked.get("q");
  if (only) only.checked = asked.has("new");
  if (["severity", "registry", "q", "new"].some((name) => asked.has(name))) apply();
  reveal();
})();
