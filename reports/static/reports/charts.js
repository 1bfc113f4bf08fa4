// Draws the charts of a page: <div data-chart="ID"> with <script type="application/json" id="ID">,
// which holds a figure's data and layout. The page's table says the same; without script, without
// Plotly, or with a figure that can't be drawn, the words in the element stay.

(() => {
  "use strict";

  const draw = async (element) => {
    const source = document.getElementById(element.dataset.chart);
    if (!source) return;
    const figure = JSON.parse(source.textContent);
    const style = getComputedStyle(document.body);
    const layout = {
      ...figure.layout,
      font: { family: style.fontFamily, color: style.color, size: 15, ...figure.layout?.font },
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
      });
    } catch (error) {
      canvas.remove();
      console.error(error);
      return;
    }
    element.dataset.drawn = "1";
    for (const words of element.querySelectorAll("[data-chart-words]")) words.hidden = true;
  };

  if (!window.Plotly) return;
  for (const element of document.querySelectorAll("[data-chart]")) draw(element);
})();
