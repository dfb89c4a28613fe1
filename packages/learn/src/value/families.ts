import { bgBbFamily } from "./bg-bb.js";
import { bgNbdFamily } from "./bg-nbd.js";
import type { Family } from "./family.js";
import { mbgNbdFamily } from "./mbg-nbd.js";
import { paretoNbdFamily } from "./pareto-nbd.js";
import type { PurchaseModelName } from "./types.js";

export const families: Readonly<Record<PurchaseModelName, Family>> = {
  "bg-nbd": bgNbdFamily,
  "mbg-nbd": mbgNbdFamily,
  "pareto-nbd": paretoNbdFamily,
  "bg-bb": bgBbFamily,
};
