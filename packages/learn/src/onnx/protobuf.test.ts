import { expect, it } from "vitest";
import { message } from "./protobuf.js";

it("writes protobuf as its specification shows", () => {
  expect([...message().integer(1, 150).finish()]).toEqual([0x08, 0x96, 0x01]);
  expect([...message().text(2, "testing").finish()]).toEqual([0x12, 7, ...Buffer.from("testing")]);
  expect([...message().integers(6, [3, 270, 86942]).finish()]).toEqual([
    0x32, 6, 3, 0x8e, 2, 0x9e, 0xa7, 5,
  ]);
  expect([...message().integer(1, -1).finish()]).toEqual([0x08, ...Array(9).fill(0xff), 1]);
  expect([...message().float(1, 1).finish()]).toEqual([0x0d, 0, 0, 0x80, 0x3f]);
});
