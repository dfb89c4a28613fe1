export {
  binValues,
  findThresholds,
  permuteBytes,
  permuteColumns,
  prepareColumn,
  transposeBins,
  transposeBlock,
} from "./bins";
export { blockGradients, blockPack, blockProbabilities } from "./gradients";
export { addCells, addList, addRows, subtractCells } from "./histogram";
export { fillTable, partition, sampleRows } from "./partition";
export { sortItems } from "./sort";
export { findSplits } from "./split";
export { growTree, probabilities } from "./tree";
