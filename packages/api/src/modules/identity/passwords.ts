import { hash, verify } from "@node-rs/argon2";
import { randomBytes } from "node:crypto";
import { refuse } from "../../trpc/error-map.ts";

export const passwordLength = { min: 15, max: 256 } as const;

// argon2id is the package's default algorithm; 19 MiB and two passes are OWASP's first choice.
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Two at a time: each takes a core and 19 MiB, and the rest of the product has to go on breathing. */
const running = { now: 0, limit: 2, waitingLimit: 100, waiting: [] as (() => void)[] };

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running.now >= running.limit) {
    if (running.waiting.length >= running.waitingLimit) throw refuse("unavailable");
    await new Promise<void>((resolve) => running.waiting.push(resolve));
  } else running.now++;
  try {
    return await work();
  } finally {
    const next = running.waiting.shift();
    // The turn is handed over, so the count stays.
    if (next) next();
    else running.now--;
  }
}

/** One spelling of the same characters, whichever keyboard they came from. */
const spelling = (password: string) => password.normalize("NFC");

/** The PHC string kept for an account. */
export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(spelling(password), cost));
}

let nobody: Promise<string> | null = null;

/** Checks a password; for an unknown account it works just as long against a hash nobody has. */
export async function verifyPassword(stored: string | null, password: string): Promise<boolean> {
  nobody ??= hash(randomBytes(24), cost);
  const against = stored ?? (await nobody);
  const right = await inTurn(() => verify(against, spelling(password)));
  return right && stored !== null;
}

export type PasswordProblem = "too_short" | "too_long" | "common" | "about_you";

/** Why a new password is refused. No rules of composition: length, and not the first thing anybody would try. */
export function passwordProblem(password: string, about: string[]): PasswordProblem | null {
  const length = Array.from(spelling(password)).length;
  if (length < passwordLength.min) return "too_short";
  if (length > passwordLength.max) return "too_long";
  const plain = spelling(password)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "");
  if (isCommon(plain)) return "common";
  return remainder(plain, about).length < 6 ? "about_you" : null;
}

/** What people type when fifteen characters are asked for. */
const common = [
  "123456789012345",
  "1234567890123456",
  "passwordpassword",
  "password1234567",
  "password123456789",
  "qwertyuiopasdfgh",
  "qwertyuiopasdfghjkl",
  "qwertyqwerty123",
  "iloveyouiloveyou",
  "letmeinletmein",
  "adminadminadmin",
  "welcomewelcome",
  "changemechangeme",
  "abcdefghijklmno",
  "abcdefghijklmnop",
  "correcthorsebatterystaple",
  "administrator123",
  "qazwsxedcrfvtgb",
  "1qaz2wsx3edc4rfv",
  "thisismypassword",
  "mypasswordispassword",
  "passwordispassword",
  "johannesburg123",
  "southafrica1234",
];

function isCommon(plain: string): boolean {
  if (new Set(plain).size < 5) return true;
  if (common.some((known) => plain === known || (plain.startsWith(known) && plain.length - known.length < 4)))
    return true;
  return isRepeated(plain) || isRun(plain);
}

function isRepeated(plain: string): boolean {
  for (let size = 1; size <= plain.length / 2 && size <= 8; size++) {
    const unit = plain.slice(0, size);
    if (unit.repeat(Math.ceil(plain.length / size)).startsWith(plain)) return true;
  }
  return false;
}

function isRun(plain: string): boolean {
  const steps = Array.from({ length: plain.length - 1 }, (_, n) => plain.charCodeAt(n + 1) - plain.charCodeAt(n));
  return steps.every((step) => step === 1) || steps.every((step) => step === -1);
}

/** What is left when the words of the product, the clinic and the person, and the digits, are taken away. */
function remainder(plain: string, about: string[]): string {
  const words = ["pulsecal", "password", "clinic", "doctor", "practice", "health", "medical"];
  for (const text of about)
    words.push(
      ...text
        .toLowerCase()
        .split(/[^\p{L}\p{N}]+/u)
        .filter((word) => word.length >= 4),
    );
  let rest = plain;
  for (const word of words.sort((a, b) => b.length - a.length)) rest = rest.replaceAll(word, "");
  return rest.replace(/\d+/g, "");
}
