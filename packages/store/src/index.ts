export { type DateOrder, daysOf, twoWayParts } from "./flat/days.js";
export { type FlatFile, type FlatFileOptions, openFlatFile } from "./flat/flat-file.js";
