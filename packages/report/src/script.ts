/** Moves the sliders. The page says the same without it, at the place where the slider first stands. */
export const script = `
(() => {
  const locale = document.documentElement.dataset.locale;
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const three = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });
  for (const tool of document.querySelectorAll(".slider")) {
    const choices = JSON.parse(tool.dataset.choices);
    const all = choices[choices.length - 1];
    const range = tool.querySelector("input[type=range]");
    const of = (name) => tool.querySelector("[data-of=" + name + "]");
    const amount = (value) => Number.isFinite(value) ? (Math.abs(value) < 1000 ? three : whole).format(value) : "\\u2013";
    const show = () => {
      const [people, hits] = choices[Number(range.value) - 1];
      const cost = Number(of("cost").value) || 0;
      const worth = Number(of("worth").value) || 0;
      of("left").hidden = of("worth").value === "";
      const say = (name, text) => { of(name).textContent = text; };
      say("people", whole.format(people));
      say("hits", whole.format(hits));
      say("misses", whole.format(people - hits));
      say("chance", whole.format((people / all[0]) * all[1]));
      say("total", amount(people * cost));
      say("wasted", amount((people - hits) * cost));
      say("each", hits > 0 ? amount((people * cost) / hits) : "\\u2013");
      say("net", amount(hits * worth - people * cost));
      range.setAttribute("aria-valuetext", whole.format(people) + " people");
    };
    tool.addEventListener("input", show);
    show();
  }
})();
`;
