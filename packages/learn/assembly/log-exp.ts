// The twins of src/kernels/log-exp.twin.ts, one and two at a time.

export function logs2(value: v128): v128 {
  const raised = i64x2.sub(value, i64x2.splat(0x3fe6a09e00000000));
  const exponent = i64x2.shr_s(raised, 52);
  const part = i64x2.sub(value, i64x2.shl(exponent, 52));
  const one = f64x2.splat(1);
  const s = f64x2.div(f64x2.sub(part, one), f64x2.add(part, one));
  const z = f64x2.mul(s, s);
  let sum = f64x2.splat(1.0 / 19.0);
  sum = f64x2.add(f64x2.mul(sum, z), f64x2.splat(1.0 / 17.0));
  sum = f64x2.add(f64x2.mul(sum, z), f64x2.splat(1.0 / 15.0));
  sum = f64x2.add(f64x2.mul(sum, z), f64x2.splat(1.0 / 13.0));
  sum = f64x2.add(f64x2.mul(sum, z), f64x2.splat(1.0 / 11.0));
  sum = f64x2.add(f64x2.mul(sum, z), f64x2.splat(1.0 / 9.0));
  sum = f64x2.add(f64x2.mul(sum, z), f64x2.splat(1.0 / 7.0));
  sum = f64x2.add(f64x2.mul(sum, z), f64x2.splat(1.0 / 5.0));
  sum = f64x2.add(f64x2.mul(sum, z), f64x2.splat(1.0 / 3.0));
  sum = f64x2.add(f64x2.mul(sum, z), one);
  // whole numbers below 2⁵¹ to floats: their bits beside those of 1.5 · 2⁵²
  const magic = f64x2.splat(6755399441055744);
  const n = f64x2.sub(i64x2.add(exponent, magic), magic);
  return f64x2.add(
    f64x2.mul(n, f64x2.splat(<f64>Math.LN2)),
    f64x2.mul(f64x2.mul(f64x2.splat(2), s), sum),
  );
}

export function exps2(value: v128): v128 {
  const x = f64x2.max(f64x2.splat(-700), f64x2.min(f64x2.splat(700), value));
  const magic = f64x2.splat(6755399441055744);
  const shifted = f64x2.add(f64x2.mul(x, f64x2.splat(<f64>Math.LOG2E)), magic);
  const n = f64x2.sub(shifted, magic);
  const r = f64x2.sub(
    f64x2.sub(x, f64x2.mul(n, f64x2.splat(0.6931471803691238))),
    f64x2.mul(n, f64x2.splat(1.9082149292705877e-10)),
  );
  let sum = f64x2.splat(1.0 / 479001600.0);
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 39916800.0));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 3628800.0));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 362880.0));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 40320.0));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 5040.0));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 720.0));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 120.0));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 24.0));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 6.0));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 2.0));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1));
  return i64x2.add(sum, i64x2.shl(shifted, 52));
}

export function logOf(value: f64): f64 {
  return f64x2.extract_lane(logs2(f64x2.splat(value)), 0);
}
