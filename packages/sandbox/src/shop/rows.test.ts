import { expect, test } from "vitest";
import { rows } from "./rows.js";

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

test("numbers, amounts and instants are written as a person would", () => {
  const row = rows();
  for (const value of [0, 7, 10, 99, 100, 123456789012, -5, -120]) row.number(value).comma();
  for (const cents of [0, 5, 99, 100, 129010, -5, -250]) row.cents(cents).comma();
  for (const seconds of [0, 1_767_225_599, -1, 951_826_332]) row.instant(seconds).comma();
  expect(text(row.text("end").end().take())).toBe(
    "0,7,10,99,100,123456789012,-5,-120,0.00,0.05,0.99,1.00,1290.10,-0.05,-2.50," +
      "1970-01-01T00:00:00Z,2025-12-31T23:59:59Z,1969-12-31T23:59:59Z,2000-02-29T12:12:12Z,end\n",
  );
  expect(row.length).toBe(0);
});

test("holds as many rows as are written, at every edge", () => {
  const row = rows();
  const line = "2025-03-04T05:06:07Z,-12.34\n";
  for (let i = 0; i < 20_000; i++) row.instant(1_741_064_767).comma().cents(-1234).end();
  const taken = row.take();
  expect(text(taken)).toBe(line.repeat(20_000));
  row.text("x".repeat(200_000));
  expect(row.take().length).toBe(200_000);
  expect(text(taken.subarray(0, line.length))).toBe(line);
});
