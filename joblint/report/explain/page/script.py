"""The page's script as text: tabs, the slider, and redrawing; it computes nothing, it only shows results."""

from __future__ import annotations

SCRIPT = """
(function () {
  'use strict';
  var NS = 'http://www.w3.org/2000/svg';
  document.documentElement.classList.add('js');

  function shape(name, attributes, text) {
    var made = document.createElementNS(NS, name);
    Object.keys(attributes).forEach(function (key) { made.setAttribute(key, attributes[key]); });
    if (text) { made.textContent = text; }
    return made;
  }

  function drawn(item) {
    var c = item[1];
    if (item[0] === 'r') {
      var bar = shape('rect', {'class': c, x: item[2], y: item[3], width: item[4], height: item[5], rx: 2});
      if (item[6]) { bar.appendChild(shape('title', {}, item[6])); }
      return bar;
    }
    if (item[0] === 'l') { return shape('line', {'class': c, x1: item[2], y1: item[3], x2: item[4], y2: item[5]}); }
    if (item[0] === 'p') { return shape('polygon', {'class': c, points: item[2]}); }
    return shape('text', {'class': c, x: item[2], y: item[3]}, item[4]);
  }

  function show(holder, picture) {
    var svg = shape('svg', {viewBox: '0 0 ' + picture[0] + ' ' + picture[1], role: 'img', 'aria-label': picture[2]});
    picture[3].forEach(function (item) { svg.appendChild(drawn(item)); });
    holder.replaceChildren(svg);
  }

  function words(within, selector, text) {
    within.querySelectorAll(selector).forEach(function (place) { place.textContent = text; });
  }

  function tabs(job) {
    var all = Array.prototype.slice.call(job.querySelectorAll('[role=tab]'));
    function choose(tab, focus) {
      all.forEach(function (other) {
        var chosen = other === tab;
        other.setAttribute('aria-selected', chosen ? 'true' : 'false');
        other.tabIndex = chosen ? 0 : -1;
        document.getElementById(other.getAttribute('aria-controls')).hidden = !chosen;
      });
      if (focus) { tab.focus(); }
    }
    all.forEach(function (tab, i) {
      tab.addEventListener('click', function () { choose(tab); });
      tab.addEventListener('keydown', function (event) {
        var steps = {ArrowRight: i + 1, ArrowLeft: i - 1 + all.length, Home: 0, End: all.length - 1};
        if (event.key in steps) {
          event.preventDefault();
          choose(all[steps[event.key] % all.length], true);
        }
      });
      if (tab.getAttribute('aria-selected') === 'true') { choose(tab); }
    });
    all.forEach(function (tab) {
      if (location.hash === '#' + tab.getAttribute('aria-controls')) { choose(tab); }
    });
  }

  function redraw(job, data, at) {
    Object.keys(data.told).forEach(function (name) {
      var told = data.told[name][at];
      job.querySelectorAll('[data-told="' + name + '"]').forEach(function (place) {
        words(place, '.title', told.title);
        words(place, '.text', told.text);
        words(place, '.condition', told.condition);
        told.kubectl.forEach(function (cell, i) { words(place, '[data-cell="' + i + '"]', cell); });
        place.querySelectorAll('.picture').forEach(function (holder) {
          show(holder, holder.classList.contains('wide') ? told.picture : told.narrow);
        });
      });
    });
    var rows = job.querySelectorAll('.limits tbody tr');
    data.limits[at].forEach(function (limit, i) {
      rows[i].className = limit[3] ? 'wins' : '';
      for (var n = 0; n < 3; n++) { rows[i].cells[n].firstElementChild.textContent = limit[n]; }
    });
  }

  function copied(button, text) {
    function done() {
      button.textContent = 'copied';
      setTimeout(function () { button.textContent = 'copy'; }, 1500);
    }
    function old() {
      var range = document.createRange(), chosen = getSelection();
      range.selectNodeContents(text);
      chosen.removeAllRanges();
      chosen.addRange(range);
      if (document.execCommand('copy')) { done(); }
    }
    if (navigator.clipboard) { navigator.clipboard.writeText(text.textContent).then(done, old); } else { old(); }
  }

  document.querySelectorAll('.copy').forEach(function (button) {
    button.addEventListener('click', function () { copied(button, button.nextElementSibling); });
  });

  document.querySelectorAll('.job').forEach(function (job) {
    tabs(job);
    var slider = job.querySelector('input[type=range]');
    if (!slider) { return; }
    var data = JSON.parse(job.querySelector('script').textContent);
    slider.addEventListener('input', function () {
      var at = Number(slider.value);
      slider.setAttribute('aria-valuetext', data.runs[at]);
      job.querySelector('output').textContent = data.runs[at];
      redraw(job, data, at);
    });
  });
})();
"""
