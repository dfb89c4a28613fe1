// The kernels of recommendations: factors, the inverse behind EASE, and exact retrieval.
export { solveRows } from "./als";
export { gram, multiply, sumRows } from "./dense";
export { bestNeighbours } from "./neighbours";
export { bestItems } from "./retrieve";
export { coOccurrence, sweepPack, sweepStore, sweepUpdate } from "./sweep";
