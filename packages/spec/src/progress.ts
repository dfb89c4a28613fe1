/** How far long work has come. `total` is absent when nobody knows. */
export interface Progress {
  /** What is going on, such as "reading contacts". */
  readonly step: string;
  readonly done: number;
  readonly total?: number;
  readonly unit?: string;
}
export type OnProgress = (progress: Progress) => void;
