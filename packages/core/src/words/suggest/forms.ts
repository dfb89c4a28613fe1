/** Common forms of subject lines, by language; "…" stands for what they are about. They claim nothing that is not in it. */
const known: Readonly<Record<string, readonly string[]>> = {
  en: [
    "Here it is: …",
    "Just in: …",
    "For you: …",
    "Have you seen this? …",
    "Now on: …",
    "A closer look: …",
    "…, and why it matters",
    "What's new: …",
  ],
  de: [
    "Jetzt da: …",
    "Für Sie: …",
    "Neu bei uns: …",
    "Schon gesehen? …",
    "Auf einen Blick: …",
    "Was gibt es Neues: …",
  ],
  fr: ["Pour vous : …", "Nouveau : …", "À découvrir : …", "Avez-vous vu ? …", "En bref : …"],
  es: ["Para ti: …", "Nuevo: …", "Descubre: …", "¿Lo has visto? …", "En breve: …"],
  it: ["Per te: …", "Novità: …", "Da scoprire: …", "L'hai visto? …", "In breve: …"],
  nl: ["Voor jou: …", "Nieuw: …", "Nu te zien: …", "Al gezien? …", "In het kort: …"],
  pt: ["Para você: …", "Novidade: …", "Descubra: …", "Você já viu? …", "Em resumo: …"],
};
/** Of any language. */
const signs = ["…?", "→ …", "… →"];

export const forms = (language: string): readonly string[] => [
  ...(known[language] ?? []),
  ...signs,
];
