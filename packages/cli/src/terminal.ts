import type { OnProgress, Progress } from "@inchworm/spec";
import { SingleBar } from "cli-progress";

/** Where a command writes: results to stdout, all else to stderr, so that `--json` output can be piped. */
export interface Terminal {
  readonly json: boolean;
  readonly onProgress: OnProgress;
  /** One line for people; nothing with `--json`. */
  say(line?: string): void;
  /** The result for programs: one JSON object on stdout with `--json`, nothing otherwise. */
  result(value: unknown): void;
  /** Takes the progress bar away. */
  done(): void;
}

const lineEveryMs = 60_000;

/** Nothing until there is a pace to go by: the bar gives "NULL" or "INF" for seconds then. */
function timeLeft(seconds: number): string {
  if (!(seconds > 0)) return "";
  return seconds < 90 ? `, ${seconds} s left` : `, ${Math.ceil(seconds / 60)} min left`;
}

/** A bar on a terminal, a line a minute elsewhere, silence with `--json` off a terminal. */
export function terminal(options: { readonly json?: boolean | undefined }): Terminal {
  const json = options.json ?? false;
  const interactive = process.stderr.isTTY === true;
  let bar: SingleBar | undefined;
  let step: string | undefined;
  let nextLine = Date.now() + lineEveryMs;

  const done = () => {
    bar?.stop();
    bar = undefined;
    step = undefined;
  };

  const onBar = (progress: Progress) => {
    if (progress.step !== step) {
      done();
      step = progress.step;
      bar = new SingleBar({
        format:
          progress.total === undefined
            ? "{step}: {value}{unit}"
            : "{bar} {percentage} % {step} {value}/{total}{unit}{eta_formatted}",
        formatTime: timeLeft,
        barsize: 24,
        hideCursor: true,
        clearOnComplete: true,
        stream: process.stderr,
      });
      const unit = progress.unit === undefined ? "" : ` ${progress.unit}`;
      bar.start(progress.total ?? 0, progress.done, { step, unit });
    }
    if (progress.total !== undefined) bar?.setTotal(progress.total);
    bar?.update(progress.done);
    if (progress.total !== undefined && progress.done >= progress.total) done();
  };

  const onLine = (progress: Progress) => {
    const now = Date.now();
    if (now < nextLine) return;
    nextLine = now + lineEveryMs;
    const total = progress.total === undefined ? "" : ` of ${format(progress.total)}`;
    const unit = progress.unit === undefined ? "" : ` ${progress.unit}`;
    process.stderr.write(`${progress.step}: ${format(progress.done)}${total}${unit}\n`);
  };

  return {
    json,
    onProgress: interactive ? onBar : onLine,
    say(line = "") {
      done();
      if (!json) process.stdout.write(`${line}\n`);
    },
    result(value) {
      done();
      if (json) process.stdout.write(`${JSON.stringify(value)}\n`);
    },
    done,
  };
}

export const format = (value: number): string => Math.round(value).toLocaleString("en-US");

/** "1 contact", "2 contacts". */
export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${format(value)} ${value === 1 ? one : many}`;
