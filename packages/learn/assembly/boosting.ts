export {
  binValues,
  findThresholds,
  permuteBytes,
  permuteColumns,
  prepareColumn,
  transposeBlock,
} from "./bins";
export { blockGradients, blockPack, blockProbabilities } from "./gradients";
export { addCells, addRows, subtractCells } from "./histogram";
export { addJoints, spreadJoints } from "./joint";
export { addOwn } from "./node-histogram";
export { fillTable, partition, sampleRows } from "./partition";
export { packRecords } from "./records";
export { probabilities } from "./scale";
export { sortItems } from "./sort";
export { findSplits } from "./split";
export { growTree } from "./tree";
