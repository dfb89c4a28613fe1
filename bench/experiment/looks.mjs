const every = (from, to, step) =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);

/** How often something is claimed where there is nothing, whenever one stops. */
export function looks({ falseClaims }, runs) {
  console.log(
    `\nFalse claims at any stopping, ${runs} experiments without an effect (5 % promised)`,
  );
  for (const [rate, holdout] of [
    [0.03, 0.1],
    [0.03, 0.5],
    [0.1, 0.1],
    [0.3, 0.5],
  ]) {
    const people = 5000;
    const ask = (looking, at) => {
      const share = falseClaims({ rate, holdout, people, looks: at, looking }, runs, 1);
      return `${(100 * share).toFixed(2)} %`.padStart(8);
    };
    const peeking = every(20, people, 1);
    const quarters = [1250, 2500, 3750, 5000];
    const tenths = every(500, people, 500);
    console.log(
      [
        `rate ${rate}, ${100 * holdout} % held out:`,
        `after every person ${ask({ kind: "always-valid", planned: people }, peeking)}`,
        `(planned for a tenth ${ask({ kind: "always-valid", planned: people / 10 }, peeking)})`,
        `four looks ${ask({ kind: "group-sequential", planned: people }, quarters)}`,
        `ten looks ${ask({ kind: "group-sequential", planned: people, earlier: tenths.map((at) => at / people) }, tenths)}`,
        `ten looks as if once ${ask({ kind: "once" }, tenths)}`,
      ].join(" "),
    );
  }
}
