import { describe, expect, test } from "vitest";
import { missingInProduction, publicUrl, readSettings } from "./settings.ts";

const longA = "Zk3v9QpX7sLm2RtYw8BcNd5FgHj4KaUe";
const longB = "Yq6w1TrE8uIo3PaSd9FgHj2KlZxCvBn5";

describe("the settings of a start", () => {
  test("without any, it is the demo on the documented ports", () => {
    expect(readSettings({})).toMatchObject({
      mode: "demo",
      webPort: 3000,
      publicPort: "3000",
      mailboxPort: 3001,
      smtpPort: 3025,
    });
  });

  test.each(["0", "70000", "three", "80 "])("PORT=%s is refused by name", (PORT) => {
    expect(() => readSettings({ PORT })).toThrow("PORT must be a port number (1 to 65535).");
  });

  test("an unknown mode is refused by name", () => {
    expect(() => readSettings({ PULSECAL_MODE: "staging" })).toThrow("PULSECAL_MODE must be demo or production.");
  });

  test("addresses carry the public port unless it is the scheme's own", () => {
    expect(publicUrl(readSettings({ PORT: "4000" }), "sunrise", "/portal")).toBe(
      "http://sunrise.pulsecal.localhost:4000/portal",
    );
    const behindTls = readSettings({
      PULSECAL_SCHEME: "https",
      PULSECAL_BASE_DOMAIN: "pulse.example",
      PULSECAL_PUBLIC_PORT: "",
    });
    expect(publicUrl(behindTls, "", "/")).toBe("https://pulse.example/");
  });
});

describe("production", () => {
  test("names every setting that is missing or short in one sentence", () => {
    expect(missingInProduction({ PULSECAL_SECRET: "short" })).toBe(
      "PULSECAL_MODE=production does not start: set PULSECAL_SECRET and PULSECAL_DB_ROLE_SECRET to random text of at " +
        'least 32 bytes; set PULSECAL_KEYRING to what `echo "k1:$(openssl rand -base64 32)"` prints; set SMTP_URL to your ' +
        "mail server.",
    );
  });

  test("refuses one secret used twice", () => {
    const env = { PULSECAL_SECRET: longA, PULSECAL_DB_ROLE_SECRET: longA, SMTP_URL: "smtp://mail.example" };
    expect(missingInProduction(env)).toContain("different values");
  });

  test("has nothing to say against two long secrets, a keyring and a mail server", () => {
    const env = {
      PULSECAL_SECRET: longA,
      PULSECAL_DB_ROLE_SECRET: longB,
      PULSECAL_KEYRING: "k1:key",
      SMTP_URL: "smtp://mail.example",
    };
    expect(missingInProduction(env)).toBeNull();
  });
});
