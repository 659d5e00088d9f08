import { createElement as h, type ReactElement } from "react";
import {
  Body,
  Button,
  Column,
  Container,
  Head,
  Heading,
  Hr,
  Html,
  Link,
  Preview,
  render,
  Row,
  Section,
  Text,
} from "react-email";

/** What a mail says, once; the HTML and the plain text are both made from it. */
export type Letter = {
  /** shown by mail programs beside the subject */
  preview: string;
  /** the clinic's name, or PulseCal */
  from: string;
  title: string;
  lead: string[];
  facts: [label: string, value: string][];
  action: { text: string; href: string } | null;
  after: string[];
  foot: string[];
};

const font = 'system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif';
const light = {
  surface: "#F7F6F2",
  raised: "#FFFFFF",
  border: "#D9D5C8",
  text: "#1A1F1C",
  muted: "#545950",
  brand: "#0B5943",
};

// Mail programs that know the dark scheme read classes; all others keep the inline light colours.
const dark = `@media (prefers-color-scheme: dark) {
  .surface, .surface > table > tbody > tr > td { background-color: #121614 !important; }
  .raised { background-color: #1B211E !important; border-color: #343C38 !important; }
  .text { color: #ECEFEA !important; }
  .muted { color: #A9B3AC !important; }
  .brand { color: #6ED0AC !important; }
  .fill { background-color: #6ED0AC !important; color: #06231A !important; }
  .rule { border-color: #343C38 !important; }
}`;

/** HTML and plain text of one letter. */
export async function renderLetter(letter: Letter): Promise<{ html: string; text: string }> {
  return { html: await render(page(letter)), text: plain(letter) };
}

function page(letter: Letter): ReactElement {
  return h(
    Html,
    { lang: "en" },
    h(
      Head,
      null,
      h("meta", { name: "color-scheme", content: "light dark" }),
      h("meta", { name: "viewport", content: "width=device-width" }),
      h("style", null, dark),
    ),
    h(Preview, null, letter.preview),
    h(
      Body,
      {
        className: "surface",
        style: { backgroundColor: light.surface, margin: 0, padding: "24px 12px", fontFamily: font },
      },
      h(Container, { style: { maxWidth: 520 } }, ...card(letter)),
    ),
  );
}

function card(letter: Letter): ReactElement[] {
  return [
    h(
      Text,
      {
        key: "from",
        className: "brand",
        style: { color: light.brand, fontSize: 16, fontWeight: 600, margin: "0 0 12px" },
      },
      letter.from,
    ),
    h(
      Section,
      {
        key: "card",
        className: "raised",
        style: { backgroundColor: light.raised, border: `1px solid ${light.border}`, borderRadius: 8, padding: 24 },
      },
      h(
        Heading,
        {
          as: "h1",
          className: "text",
          style: { color: light.text, fontSize: 24, lineHeight: "32px", fontWeight: 600, margin: "0 0 8px" },
        },
        letter.title,
      ),
      ...letter.lead.map((line, index) => h(Text, { key: `lead${index}`, className: "text", style: paragraph }, line)),
      letter.facts.length > 0 && facts(letter.facts),
      letter.action && button(letter.action),
      ...letter.after.map((line, index) =>
        h(Text, { key: `after${index}`, className: "text", style: paragraph }, line),
      ),
    ),
    h(
      Section,
      { key: "foot", style: { padding: "8px 24px" } },
      ...letter.foot.map((line, index) => h(Text, { key: index, className: "muted", style: small }, line)),
    ),
  ];
}

const paragraph = { color: light.text, fontSize: 16, lineHeight: "24px", margin: "8px 0" };
const cell = { padding: "4px 0", verticalAlign: "top" } as const;
const small = { color: light.muted, fontSize: 13, lineHeight: "20px", margin: "4px 0" };

function facts(rows: Letter["facts"]): ReactElement {
  return h(
    Section,
    { key: "facts", style: { margin: "16px 0" } },
    h(Hr, { className: "rule", style: { borderColor: light.border, margin: "0 0 8px" } }),
    ...rows.map(([label, value]) =>
      h(Row, {
        key: label,
        children: [
          h(
            Column,
            { key: "label", className: "muted", style: { ...small, ...cell, lineHeight: "24px", width: 96 } },
            label,
          ),
          h(Column, { key: "value", className: "text", style: { ...paragraph, ...cell } }, value),
        ],
      }),
    ),
    h(Hr, { className: "rule", style: { borderColor: light.border, margin: "8px 0 0" } }),
  );
}

function button(action: { text: string; href: string }): ReactElement {
  const fill = {
    backgroundColor: light.brand,
    color: "#FFFFFF",
    fontSize: 16,
    fontWeight: 600,
    borderRadius: 4,
    padding: "14px 20px",
  };
  return h(
    Section,
    { key: "action", style: { margin: "16px 0" } },
    h(Button, { className: "fill", href: action.href, style: fill }, action.text),
    h(
      Text,
      { className: "muted", style: { ...small, wordBreak: "break-all" } },
      h(Link, { className: "brand", href: action.href, style: { color: light.brand } }, action.href),
    ),
  );
}

function plain(letter: Letter): string {
  const facts = letter.facts.map(([label, value]) => `${label}: ${value}`);
  const action = letter.action ? [`${letter.action.text}:\n${letter.action.href}`] : [];
  const blocks = [
    letter.from,
    letter.title,
    letter.lead.join("\n"),
    facts.join("\n"),
    ...action,
    letter.after.join("\n"),
  ];
  return `${[...blocks, `-- \n${letter.foot.join("\n")}`].filter((block) => block !== "").join("\n\n")}\n`;
}
