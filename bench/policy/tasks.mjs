import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

// Classification as a bandit sees it: features are told, one class is guessed, and only whether it was right is learned. Rows in an
// order drawn at random; features with mean 0 and deviation 1.
const folder = new URL("../../../shared/data/", import.meta.url);
const most = 8000;

/** Tasks whose data are there: `{ name, rows, features, arms, x, label }`, x row-major. */
export function* tasks(random) {
  const sources = [
    [
      "telco",
      "telco-churn/Telco-Customer-Churn.csv.gz",
      (rows) => table(rows, "Churn", ["customerID"]),
    ],
    [
      "bank",
      "bank-marketing/bank-additional-full.csv.gz",
      (rows) => table(rows, "y", ["duration"]),
      ";",
    ],
    ["s-set1", "labelled-clusters/s-set1.csv", points],
    ["d31", "labelled-clusters/D31.csv", points],
    [
      "airline",
      "airline-sentiment/Tweets.csv.gz",
      (rows) => texts(rows, "text", "airline_sentiment", random),
    ],
    ["banking77", "banking77/train.csv", (rows) => texts(rows, "text", "category", random)],
  ];
  for (const [name, file, make, separator = ","] of sources) {
    const path = new URL(file, folder);
    if (!existsSync(path)) continue;
    const bytes = readFileSync(path);
    const rows = parse((file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString(), separator);
    random(7).shuffle(rows);
    yield finish(name, make(rows.slice(0, most)));
  }
}

function finish(name, { columns, labels }) {
  const classes = [...new Set(labels)].sort();
  const rows = labels.length;
  const features = columns.length;
  const x = new Float32Array(rows * features);
  for (const [at, column] of columns.entries()) {
    const mean = column.reduce((sum, value) => sum + value, 0) / rows;
    const variance = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rows;
    const scale = variance > 0 ? Math.sqrt(variance) : 1;
    for (let row = 0; row < rows; row++) x[row * features + at] = (column[row] - mean) / scale;
  }
  const label = Int32Array.from(labels, (one) => classes.indexOf(one));
  return { name, rows, features, arms: classes.length, x, label };
}

/** Numbers as they are, words by level. */
function table(rows, target, without) {
  const names = Object.keys(rows[0]).filter((name) => name !== target && !without.includes(name));
  const columns = names.flatMap((name) => {
    const values = rows.map((row) => row[name].trim());
    const levels = [...new Set(values)];
    if (levels.length > 12 || values.every((value) => value !== "" && !Number.isNaN(Number(value))))
      return [values.map((value) => Number(value) || 0)];
    return levels.slice(1).map((level) => values.map((value) => (value === level ? 1 : 0)));
  });
  return { columns, labels: rows.map((row) => row[target]) };
}

/** A plane bent once, so that a linear model has something to find. */
function points(rows) {
  const x = rows.map((row) => Number(row.x));
  const y = rows.map((row) => Number(row.y));
  const [mx, my] = [x, y].map((list) => list.reduce((sum, one) => sum + one, 0) / list.length);
  const by = (of) => rows.map((_, row) => of(x[row] - mx, y[row] - my));
  const columns = [
    by((a) => a),
    by((_, b) => b),
    by((a) => a * a),
    by((_, b) => b * b),
    by((a, b) => a * b),
  ];
  return { columns, labels: rows.map((row) => row.label) };
}

/** Words and pairs of words, thrown onto 50 random directions. */
function texts(rows, text, label, random) {
  const size = 50;
  const directions = new Map();
  const draws = random(11);
  const direction = (word) => {
    const known = directions.get(word);
    if (known) return known;
    const made = Float32Array.from({ length: size }, () => draws.normal());
    directions.set(word, made);
    return made;
  };
  const seen = new Map();
  const split = rows.map((row) => {
    const words = row[text].toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];
    const all = new Set([...words, ...words.slice(1).map((word, at) => `${words[at]} ${word}`)]);
    for (const word of all) seen.set(word, (seen.get(word) ?? 0) + 1);
    return all;
  });
  const columns = Array.from({ length: size }, () => new Float64Array(rows.length));
  for (const [row, words] of split.entries()) {
    for (const word of words) {
      const count = seen.get(word);
      if (count < 3) continue;
      const weight = Math.log(rows.length / count) / Math.sqrt(words.size);
      const towards = direction(word);
      for (let at = 0; at < size; at++) columns[at][row] += weight * towards[at];
    }
  }
  return { columns, labels: rows.map((row) => row[label]) };
}

/** CSV with quotes, as objects by the header's names. */
function parse(text, separator) {
  const records = [];
  let record = [];
  let field = "";
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (quoted) {
      if (sign !== '"') field += sign;
      else if (text[at + 1] === '"') field += text[++at];
      else quoted = false;
    } else if (sign === '"') quoted = true;
    else if (sign === separator || sign === "\n") {
      record.push(field);
      field = "";
      if (sign === "\n") {
        records.push(record);
        record = [];
      }
    } else if (sign !== "\r") field += sign;
  }
  if (field !== "" || record.length > 0) records.push([...record, field]);
  const [header, ...rest] = records;
  return rest
    .filter((values) => values.length === header.length)
    .map((values) => Object.fromEntries(header.map((name, index) => [name, values[index]])));
}
