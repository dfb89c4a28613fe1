/** Where contacts live, with names of the place. Phone patterns are ranges that regulators keep for fiction, `#` a free digit. */
export interface Place {
  readonly country: string;
  readonly timeZone: string;
  readonly language: string;
  readonly cities: readonly string[];
  readonly share: number;
  /** ARCEP, Bundesnetzagentur, Ofcom, NANPA (555-01xx) and ACMA ranges; without one there is no phone number. */
  readonly phone?: string;
  readonly names: Names;
}

/** A name outside the Latin alphabet is followed by `|` and its spelling in an address. */
interface Names {
  readonly first: readonly string[];
  readonly last: readonly string[];
}

const words = (text: string): readonly string[] => text.split(" ");

const german: Names = {
  first: words(
    "Anna Ben Clara David Emma Felix Greta Hannes Ida Jonas Klara Lukas Mia Noah Paula Sören Jürgen Käthe Björn Uta",
  ),
  last: words(
    "Müller Schmidt Schneider Fischer Weber Wagner Becker Schulz Hoffmann Koch Richter Klein Wolf Schröder Neumann Groß",
  ),
};
const french: Names = {
  first: words(
    "Amélie Baptiste Chloé Damien Élise François Gaëlle Hugo Inès Julien Léa Mathieu Noémie Olivier Sophie Zoé",
  ),
  last: words(
    "Martin Bernard Dubois Thomas Robert Petit Durand Leroy Moreau Lefèvre Garnier Fournier Chevalier Gérard",
  ),
};
const english: Names = {
  first: words(
    "Ada Grace Alan Barbara Charles Dorothy Edward Frances George Harriet Isaac Joan Kenneth Lucy Mary Nathan Olive Peter Rose Samuel",
  ),
  last: words(
    "Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Wright O'Neill Walker Hughes Green Hall Clarke",
  ),
};
const spanish: Names = {
  first: words(
    "Alejandro Begoña Carmen Diego Elena Íñigo Julia Lucía Manuel Nuria Óscar Pilar Raúl Sofía",
  ),
  last: words("García Fernández Gómez Ibáñez López Martínez Muñoz Núñez Pérez Romero Sánchez Vega"),
};
const polish: Names = {
  first: words(
    "Agnieszka Bartosz Celina Dawid Elżbieta Łukasz Małgorzata Paweł Stanisław Zofia Wojciech Żaneta",
  ),
  last: words("Nowak Kowalski Wiśniewski Wójcik Kamiński Zieliński Szymański Dąbrowski Król Zając"),
};
const swedish: Names = {
  first: words("Åsa Björn Cecilia Erik Freja Gustav Ingrid Linnéa Måns Oskar Saga Östen"),
  last: words(
    "Andersson Johansson Karlsson Nilsson Eriksson Larsson Söderberg Åkesson Öberg Lindqvist",
  ),
};
const japanese: Names = {
  first: words("陽翔|haruto 葵|aoi 蓮|ren 結衣|yui 湊|minato さくら|sakura 健太|kenta 美咲|misaki"),
  last: words(
    "佐藤|sato 鈴木|suzuki 高橋|takahashi 田中|tanaka 伊藤|ito 渡辺|watanabe 山本|yamamoto 中村|nakamura",
  ),
};

export const places: readonly Place[] = [
  {
    country: "DE",
    timeZone: "Europe/Berlin",
    language: "de-DE",
    cities: ["Berlin", "Hamburg", "München", "Köln", "Leipzig", "Düsseldorf"],
    share: 0.31,
    phone: "+493023125###",
    names: german,
  },
  {
    country: "FR",
    timeZone: "Europe/Paris",
    language: "fr-FR",
    cities: ["Paris", "Lyon", "Marseille", "Nantes", "Besançon"],
    share: 0.15,
    phone: "+3319900####",
    names: french,
  },
  {
    country: "US",
    timeZone: "America/New_York",
    language: "en-US",
    cities: ["New York", "Boston", "Atlanta", "Philadelphia"],
    share: 0.13,
    phone: "+121255501##",
    names: english,
  },
  {
    country: "US",
    timeZone: "America/Los_Angeles",
    language: "en-US",
    cities: ["Los Angeles", "Seattle", "San José", "Portland"],
    share: 0.09,
    phone: "+121355501##",
    names: english,
  },
  {
    country: "ES",
    timeZone: "Europe/Madrid",
    language: "es-ES",
    cities: ["Madrid", "Barcelona", "Málaga", "A Coruña"],
    share: 0.08,
    names: spanish,
  },
  {
    country: "PL",
    timeZone: "Europe/Warsaw",
    language: "pl-PL",
    cities: ["Warszawa", "Kraków", "Łódź", "Gdańsk"],
    share: 0.06,
    names: polish,
  },
  {
    country: "SE",
    timeZone: "Europe/Stockholm",
    language: "sv-SE",
    cities: ["Stockholm", "Göteborg", "Malmö"],
    share: 0.05,
    names: swedish,
  },
  {
    country: "AU",
    timeZone: "Australia/Sydney",
    language: "en-AU",
    cities: ["Sydney", "Newcastle", "Wollongong"],
    share: 0.05,
    phone: "+6125550####",
    names: english,
  },
  {
    country: "GB",
    timeZone: "Europe/London",
    language: "en-GB",
    cities: ["London", "Leeds", "Bristol", "Edinburgh"],
    share: 0.04,
    phone: "+4420794600##",
    names: english,
  },
  {
    country: "JP",
    timeZone: "Asia/Tokyo",
    language: "ja-JP",
    cities: ["東京", "大阪", "札幌"],
    share: 0.04,
    names: japanese,
  },
];
