/** What a person typed, either usable or with the sentence to show them. */
export type Checked = { ok: true; value: string } | { ok: false; message: string };

const phoneHint = "Enter a cell number, like 082 123 4567";
const emailHint = "Enter an email address, like name@example.co.za";

/**
 * A phone number as E.164. South African habits are understood (082 123 4567, 27 82 ..., +27 (0)82 ..., 0027 ...);
 * a number of another country needs its + or 00.
 */
export function checkPhone(raw: string): Checked {
  const bare = raw
    .trim()
    .replace(/\(0\)/g, "")
    .replace(/[\s().\-/\u00a0\u2010-\u2015]/g, "");
  const international = bare.startsWith("00") ? `+${bare.slice(2)}` : bare;
  if (!/^\+?\d{6,20}$/.test(international)) return { ok: false, message: phoneHint };
  if (international.startsWith("+27")) return southAfrican(international.slice(3).replace(/^0/, ""));
  if (international.startsWith("+")) return foreign(international);
  if (/^27\d{9}$/.test(international)) return southAfrican(international.slice(2));
  if (/^0\d{9}$/.test(international)) return southAfrican(international.slice(1));
  return { ok: false, message: phoneHint };
}

function southAfrican(national: string): Checked {
  return /^[1-8]\d{8}$/.test(national) ? { ok: true, value: `+27${national}` } : { ok: false, message: phoneHint };
}

function foreign(number: string): Checked {
  // E.164: a country code that does not start with 0, at most 15 digits in all
  return /^\+[1-9]\d{6,14}$/.test(number) ? { ok: true, value: number } : { ok: false, message: phoneHint };
}

/** An email address, lower-cased: one @, a name before it and a dotted host behind it. Whether it exists, only mail can say. */
export function checkEmail(raw: string): Checked {
  const email = raw.trim().toLowerCase();
  const shaped = /^[^\s@<>,;:"()[\]\\]{1,64}@[a-z0-9](?:[a-z0-9-]{0,62}\.)+[a-z0-9-]{2,63}$/u.test(email);
  return shaped && email.length <= 254 && !email.includes("..")
    ? { ok: true, value: email }
    : { ok: false, message: emailHint };
}
