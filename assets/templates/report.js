(function () {
  "use strict";
  var all = function (within, what) { return Array.prototype.slice.call(within.querySelectorAll(what)); };

  // the tools are of no use without a script, so they come with it
  var tools = document.querySelector(".tools");
  var findings = document.getElementById("findings");
  if (tools && findings) {
    tools.hidden = false;
    var rows = all(findings, "li[data-row]").map(function (row) { return [row, row.textContent.toLowerCase()]; });
    var groups = all(findings, "details");
    var input = tools.querySelector("input"), said = tools.querySelector("output"), waiting = 0;
    var opened = groups.map(function (group) { return group.open; });
    var filtered = false;
    var filter = function () {
      var words = input.value.toLowerCase().split(/\s+/).filter(Boolean), hits = 0;
      if (words.length && !filtered) { opened = groups.map(function (group) { return group.open; }); }
      rows.forEach(function (row) {
        var hit = words.every(function (word) { return row[1].indexOf(word) >= 0; });
        row[0].hidden = !hit;
        hits += hit ? 1 : 0;
      });
      groups.forEach(function (group, index) {
        var any = !words.length || group.querySelector("li[data-row]:not([hidden])") !== null;
        group.hidden = !any;
        group.open = words.length ? any : filtered ? opened[index] : group.open;
      });
      filtered = words.length > 0;
      said.textContent = words.length ? hits + " / " + rows.length : "";
    };
    input.addEventListener("input", function () { clearTimeout(waiting); waiting = setTimeout(filter, 120); });
    input.addEventListener("keydown", function (event) { if (event.key === "Escape") { input.value = ""; filter(); } });
    all(tools, "button").forEach(function (button) {
      button.addEventListener("click", function () {
        groups.forEach(function (group) { group.open = button.value === "open"; });
      });
    });
  }

  // the picture: a box shows its neighbours while it is pointed at or has the focus; a click keeps them
  var svg = document.querySelector(".graph svg");
  if (svg) {
    var boxes = all(svg, "[data-node]"), arrows = all(svg, "[data-from]"), kept = null;
    var show = function (node) {
      var near = {};
      near[node] = true;
      arrows.forEach(function (arrow) {
        var from = arrow.dataset.from, to = arrow.dataset.to, on = node === null || from === node || to === node;
        if (on) { near[from] = near[to] = true; }
        arrow.classList.toggle("faint", !on);
      });
      boxes.forEach(function (box) { box.classList.toggle("faint", node !== null && !near[box.dataset.node]); });
    };
    boxes.forEach(function (box) {
      var node = box.dataset.node;
      box.setAttribute("tabindex", "0");
      var keep = function () { kept = kept === node ? null : node; show(kept); };
      box.addEventListener("mouseenter", function () { show(node); });
      box.addEventListener("mouseleave", function () { show(kept); });
      box.addEventListener("focus", function () { show(node); });
      box.addEventListener("blur", function () { show(kept); });
      box.addEventListener("click", keep);
      box.addEventListener("keydown", function (event) {
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); keep(); }
        if (event.key === "Escape") { kept = null; show(null); }
      });
    });
  }

  // the matrix: row and column of the cell under the pointer or with the focus
  var matrix = document.querySelector(".matrix");
  if (matrix) {
    var heads = all(matrix, "thead th");
    var light = function (event) {
      all(matrix, ".lit").forEach(function (cell) { cell.classList.remove("lit"); });
      var cell = event.target.closest("td");
      if (cell && event.type !== "mouseleave") {
        heads[cell.cellIndex].classList.add("lit");
        cell.parentNode.cells[0].classList.add("lit");
      }
    };
    ["mouseover", "focusin", "mouseleave"].forEach(function (name) { matrix.addEventListener(name, light); });
  }
})();
