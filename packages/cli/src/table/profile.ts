import { bareNumber, type FlatFile } from "@inchworm/store";
import { isNoValue } from "./expressions.js";

/** What the text of a column looks like, counted over all good rows. */
export interface Profile {
  readonly name: string;
  /** Rows with a text. */
  readonly filled: number;
  readonly distinct: number;
  /** Rows with a text that is more than a word for "nothing". */
  readonly meant: number;
  /** Of those, rows with a plain number, and what kind of numbers they are. */
  readonly numbers: number;
  readonly whole: number;
  readonly least: number | null;
  readonly most: number | null;
  /** Texts like 007. */
  readonly zeroed: number;
  /** Texts of eight digits that could be a day, such as 20240131. */
  readonly daylike: number;
}

export async function profileColumn(file: FlatFile, name: string): Promise<Profile> {
  const text = file.text(name);
  const [counts] = await file.query<Omit<Profile, "name">>(`
    select count(x) as filled, count(distinct x) as distinct, count(*) filter (where meant) as meant,
      count(number) filter (where meant) as numbers,
      count(*) filter (where meant and number = floor(number)) as whole,
      min(number) filter (where meant) as least, max(number) filter (where meant) as most,
      count(*) filter (where x[1] = '0' and x[2] between '0' and '9') as zeroed,
      count(*) filter (where length(x) = 8 and x between '19000101' and '21991231') as daylike
    from (select ${text} as x, ${bareNumber(text)} as number, ${text} is not null and not ${isNoValue(text)} as meant
      from flat where fault is null)`);
  return { name, ...counts };
}
