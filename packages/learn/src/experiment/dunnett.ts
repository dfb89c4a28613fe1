import { normalCdf, normalQuantile } from "../special/normal.js";

const points = 121;
const edge = 6;

/**
 * Correction for several arms that share one control (Dunnett 1955): the arms' errors go together as far as they come from the
 * control. `variances` are those of the arms' means; `control` is that of the control's.
 */
export interface ManyToOne {
  /** The level at which each arm is to be judged so that the chance of any false claim is `level`. */
  each(level: number): number;
  /** A p-value corrected for having looked at all arms. */
  corrected(p: number): number;
}

export function manyToOne(variances: readonly number[], control: number): ManyToOne {
  if (variances.length < 2) return { each: (level) => level, corrected: (p) => p };
  const leans = variances.map((variance) =>
    variance + control > 0 ? Math.sqrt(control / (control + variance)) : 0,
  );
  /** The chance that some arm's |z| passes `critical`. */
  const any = (critical: number): number => {
    let none = 0;
    for (let place = 0; place < points; place++) {
      const u = edge * ((2 * place) / (points - 1) - 1);
      const weight = place === 0 || place === points - 1 ? 1 : place % 2 === 1 ? 4 : 2;
      let all = Math.exp(-0.5 * u * u);
      for (const lean of leans) {
        const own = Math.sqrt(Math.max(1e-12, 1 - lean * lean));
        all *= normalCdf((critical + lean * u) / own) - normalCdf((lean * u - critical) / own);
      }
      none += weight * all;
    }
    return Math.max(0, 1 - (none * 2 * edge) / (points - 1) / 3 / Math.sqrt(2 * Math.PI));
  };
  return {
    each(level) {
      let low = -normalQuantile(level / 2);
      let high = -normalQuantile(level / 2 / variances.length);
      for (let round = 0; round < 22; round++) {
        const middle = (low + high) / 2;
        if (any(middle) > level) low = middle;
        else high = middle;
      }
      return 2 * normalCdf(-high);
    },
    corrected(p) {
      // so small that the integral's own error would show
      if (p * variances.length < 1e-6) return p * variances.length;
      return p >= 1 ? 1 : Math.min(1, Math.max(p, any(-normalQuantile(p / 2))));
    },
  };
}
