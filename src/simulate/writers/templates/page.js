"use strict";
(() => {
  const specs = JSON.parse(document.getElementById("data").textContent);
  for (const [name, spec] of Object.entries(specs)) {
    const figure = document.getElementById(name);
    const live = figure.querySelector(".live");
    live.hidden = false;
    vegaEmbed(live, spec, { actions: false, renderer: "svg", ast: true })
      .then(() => figure.classList.add("is-live"))
      .catch(() => { live.hidden = true; }); // the picture stays
  }
  const choices = [...document.querySelectorAll(".years select")];
  const cells = [...document.querySelectorAll("thead th, td[data-title]")];
  const choose = (year) => {
    for (const one of choices) one.value = year;
    for (const one of document.querySelectorAll("[data-period]")) one.hidden = one.dataset.period !== year;
    for (const one of cells) one.classList.toggle("chosen", year !== "" && (one.dataset.title ?? one.textContent) === year);
  };
  for (const one of choices) {
    one.closest(".years").hidden = false;
    one.addEventListener("change", () => choose(one.value));
  }
})();
