// Draws the charts of a page: <div data-chart="ID"> with <script type="application/json" id="ID">,
// which holds a figure's data and layout. The page's table says the same; without script, without
// Plotly, or with a figure that can't be drawn, the words in the element stay.
// A point whose `customdata` is an address on this site leads there.

(() => {
  "use strict";

  const DANISH = {
    moduleType: "locale",
    name: "da",
    dictionary: {},
    format: {
      days: ["søndag", "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag"],
      shortDays: ["søn", "man", "tir", "ons", "tor", "fre", "lør"],
      months: [
        "januar", "februar", "marts", "april", "maj", "juni",
        "juli", "august", "september", "oktober", "november", "december",
      ],
      shortMonths: ["jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec"],
      date: "%d.%m.%Y",
      decimal: ",",
      thousands: ".",
    },
  };

  const draw = async (element) => {
    const source = document.getElementById(element.dataset.chart);
    if (!source || element.dataset.drawn) return;
    const figure = JSON.parse(source.textContent);
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const style = getComputedStyle(document.body);
    const layout = {
      ...figure.layout,
      font: { family: style.fontFamily, color: style.color, size: 15, ...figure.layout?.font },
      ...(calm ? { transition: { duration: 0 } } : {}),
    };
    const canvas = document.createElement("div");
    if (layout.height) canvas.style.height = `${layout.height}px`;
    element.append(canvas);
    try {
      await window.Plotly.newPlot(canvas, figure.data, layout, {
        displayModeBar: false,
        responsive: true,
        scrollZoom: false,
        doubleClick: false,
        locale: document.documentElement.lang,
      });
    } catch (error) {
      canvas.remove();
      console.error(error);
      return;
    }
    element.dataset.drawn = "1";
    for (const words of element.querySelectorAll("[data-chart-words]")) words.hidden = true;
    canvas.on("plotly_click", (event) => {
      const address = event.points?.[0]?.customdata;
      if (typeof address === "string" && /^\/(?!\/)/.test(address)) window.location.assign(address);
    });
  };

  const drawAll = (scope) => {
    if (!window.Plotly) return;
    window.Plotly.register(DANISH);
    for (const element of scope.querySelectorAll("[data-chart]")) draw(element);
  };

  drawAll(document);
  document.addEventListener("htmx:after:swap", (event) => drawAll(event.target));
})();
