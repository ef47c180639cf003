"use strict";
(() => {
  const specs = JSON.parse(document.getElementById("data").textContent);
  const narrow = matchMedia("(max-width: 32rem)");
  const views = new Map();
  let chosen = "";
  const show = (name) => {
    const figure = document.getElementById(name);
    const live = figure.querySelector(".live");
    live.hidden = false;
    vegaEmbed(live.firstChild, specs[name][narrow.matches ? "phone" : "column"], { actions: false, renderer: "svg", ast: true })
      .then(({ view }) => { views.set(name, view); mark(view); figure.classList.add("is-live"); })
      .catch(() => { live.hidden = true; }); // the picture stays
  };
  const mark = (view) => {
    try { view.signal("chosen", chosen).runAsync(); } catch { /* it has no years */ }
  };
  const choices = [...document.querySelectorAll(".years select")];
  const cells = [...document.querySelectorAll("thead th, td[data-title]")];
  const choose = (year) => {
    chosen = year;
    views.forEach(mark);
    for (const one of choices) one.value = year;
    for (const one of document.querySelectorAll("[data-period]")) one.hidden = one.dataset.period !== year;
    for (const one of cells) one.classList.toggle("chosen", year !== "" && (one.dataset.title ?? one.textContent) === year);
  };
  for (const one of choices) {
    one.closest(".years").hidden = false;
    one.addEventListener("change", () => choose(one.value));
  }
  const all = () => Object.keys(specs).forEach(show);
  narrow.addEventListener("change", all);
  all();
})();
